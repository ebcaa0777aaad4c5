// What a configuration asks of the engine: a place to keep things, and the way to the relay.

import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Log, type LogPort, type Plugin, storeKeyFrom } from "rapport/core";
import { lowdbStorage } from "rapport/plugins/storage-lowdb";
import { memoryStorage } from "rapport/plugins/storage-memory";
import { sqliteStorage } from "rapport/plugins/storage-sqlite";
import { relayTransport } from "rapport/plugins/transport-relay";
import type { ConnectorConfig } from "./config/shape.ts";

type Database = ConnectorConfig["database"];

/** The environment that a store key may come from. */
export interface KeyEnvironment {
  readonly RAPPORT_STORE_KEY?: string | undefined;
}

/** The plugins of an engine with this configuration. Nothing is opened yet, but a key file may be made. */
export async function pluginsFor(
  config: ConnectorConfig,
  { log, environment }: { readonly log: LogPort; readonly environment: KeyEnvironment },
): Promise<readonly Plugin[]> {
  const logging: Plugin = { name: "connector-log", register: ({ provide }) => provide(Log, () => log) };
  return [await storageOf(config.database, environment), relayOf(config), logging];
}

/** Where things are, without secrets. */
export function placeOf({ driver, folder, dbName, connectionString = "" }: Database): string {
  if (driver === "memory") return "memory: nothing is kept";
  if (driver !== "postgres") return `${driver} ${fileOf({ driver, folder, dbName })}`;
  const bare = connectionString.replace(/\?.*$/, "").replace(/\/\/(.*)@/, "//");
  return `${bare}, schema ${schemaOf(dbName)}`;
}

async function storageOf(database: Database, environment: KeyEnvironment): Promise<Plugin> {
  const { driver, connectionString = "", dbName, keyFile } = database;
  if (driver === "memory") return memoryStorage();
  if (driver === "postgres") {
    // A driver is loaded when it is asked for: nobody else needs it.
    const { postgresStorage } = await import("rapport/plugins/storage-postgres");
    const at = { connectionString, schema: schemaOf(dbName), environment };
    return postgresStorage(keyFile === undefined ? at : { ...at, keyFile });
  }
  const file = fileOf(database);
  const key = keyFile === undefined ? environment : await environmentWith(keyFile, { file, environment });
  return driver === "sqlite" ? sqliteStorage({ file, environment: key }) : lowdbStorage({ file, environment: key });
}

function fileOf({ driver, folder, dbName }: Pick<Database, "driver" | "folder" | "dbName">): string {
  return join(folder, `${dbName}.${driver === "lowdb" ? "json" : "db"}`);
}

/** Schemas have plain names that other programs can use; names that differ stay apart. */
function schemaOf(dbName: string): string {
  if (dbName === "default") return "rapport";
  if (/^[a-z][a-z0-9]*$/.test(dbName)) return `rapport_${dbName}`;
  const plain = dbName.toLowerCase().replace(/[^a-z0-9]/g, "_");
  return `rapport_${plain}_${Buffer.from(dbName).toString("hex")}`.slice(0, schemaCharsMax);
}

const schemaCharsMax = 63;
const keyBytes = 32;

// These stores keep their key beside themselves, or take it from an environment: what the key file holds goes there.
async function environmentWith(
  keyFile: string,
  { file, environment }: { readonly file: string; readonly environment: KeyEnvironment },
): Promise<KeyEnvironment> {
  if (environment.RAPPORT_STORE_KEY !== undefined) return environment;
  const key = await storeKeyFrom({
    environment: undefined,
    read: async () => (existsSync(keyFile) ? readFile(keyFile, "utf8") : undefined),
    create: async (text) => {
      mkdirSync(dirname(keyFile), { recursive: true, mode: 0o700 });
      await writeFile(keyFile, `${text}\n`, { mode: 0o600, flag: "wx", flush: true });
    },
    hasDocuments: async () => existsSync(file),
    make: () => randomBytes(keyBytes),
  });
  return { RAPPORT_STORE_KEY: Buffer.from(key).toString("hex") };
}

function relayOf({ transportLibrary, pinnedTLSCertificateSHA256Fingerprints: pins = {} }: ConnectorConfig): Plugin {
  const { baseUrl, platformClientId: id, platformClientSecret: secret, platformTimeout: answerMs } = transportLibrary;
  const { platformAdditionalHeaders: headers, addressGenerationHostnameOverride: hostName } = transportLibrary;
  const fingerprints = pins[new URL(baseUrl).hostname];
  return relayTransport({
    baseUrl,
    client: { id, secret },
    answerMs,
    ...(headers === undefined ? {} : { headers }),
    ...(hostName === undefined ? {} : { hostName }),
    ...(fingerprints === undefined ? {} : { tls: { fingerprints } }),
  });
}
