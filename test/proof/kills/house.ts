// A house: a relay, Connectors, and whoever hears their webhooks, each process with a folder of its own.
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StorePort } from "rapport/core";
import { createPostgresStore } from "rapport/plugins/storage-postgres";
import { createSqliteStore } from "rapport/plugins/storage-sqlite";
import { collections } from "rapport/relay";
import { type HouseDatabase, openDatabase } from "./house-database.ts";
import { type KeptProcess, keepProcess } from "./process-keeper.ts";
import { openDoor } from "./relay-door.ts";
import { openReceiver, type WebhookReceiver } from "./webhook-receiver.ts";

/** Where a house keeps things. */
export type HouseStore = "sqlite" | "postgres";

/** One identity, and the processes that serve it. */
export interface Party {
  readonly name: string;
  readonly address: string;
  readonly servers: readonly KeptProcess[];
}

/** A house that runs. */
export interface House {
  /** Logs, stores and the history are here. */
  readonly folder: string;
  readonly relay: KeptProcess;
  /** All of them, the relay first. */
  readonly processes: readonly KeptProcess[];
  readonly parties: readonly Party[];
  readonly receiver: WebhookReceiver;
  /** Where the relay has its bytes. */
  readonly blobs: string;
  /** The relay's store, for a look at it when the relay is gone. */
  relayStore(): Promise<StorePort>;
  /** Ends everything. The folder stays if somebody should look at it. */
  close(keepsFolder: boolean): Promise<void>;
}

/** The key of every route. */
export const apiKey = "Aa11-this-key-is-Strong-enough-for-anybody";

interface StorePlan {
  readonly name: string;
  readonly identities: readonly string[];
  readonly processes: number;
}

// SQLite is for one process; on PostgreSQL two of them are one Connector.
const plans: Readonly<Record<HouseStore, readonly StorePlan[]>> = {
  sqlite: [
    { name: "north", identities: ["ann", "ben"], processes: 1 },
    { name: "south", identities: ["cem", "dora"], processes: 1 },
  ],
  postgres: [
    { name: "north", identities: ["ann", "ben"], processes: 2 },
    { name: "south", identities: ["cem", "dora"], processes: 1 },
  ],
};

interface Ground {
  readonly kind: HouseStore;
  readonly folder: string;
  readonly relayUrl: string;
  readonly hooksUrl: string;
  readonly database: HouseDatabase | undefined;
}

/** Builds one and waits until everybody in it is well. */
export async function openHouse(kind: HouseStore): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), `rapport-kills-${kind}-`));
  const database = kind === "postgres" ? await openDatabase() : undefined;
  const receiver = await openReceiver();
  let relayAddress: () => string | undefined = () => undefined;
  const door = await openDoor(() => relayAddress());
  const ground = { kind, folder, relayUrl: door.url, hooksUrl: receiver.url, database };
  const { relay, blobs, relayStore } = relayIn(ground);
  relayAddress = relay.url;
  const connectors = plans[kind].map((plan) => ({ plan, servers: connectorsIn(ground, plan) }));
  const processes = [relay, ...connectors.flatMap(({ servers }) => servers)];
  const close: House["close"] = async (keepsFolder) => {
    await Promise.all(processes.map((one) => one.kill()));
    await Promise.all([door.close(), receiver.close(), database?.drop()]);
    if (!keepsFolder) rmSync(folder, { recursive: true, force: true });
  };
  try {
    await relay.start();
    await Promise.all(connectors.flatMap(({ servers }) => servers.map((one) => one.start())));
    const parties = connectors.flatMap(({ servers }) => partiesOf(servers));
    return { folder, relay, processes, parties, receiver, blobs, relayStore, close };
  } catch (problem) {
    await close(true);
    throw problem;
  }
}

function relayIn({ kind, folder: root, relayUrl, database }: Ground) {
  const folder = join(root, "relay");
  mkdirSync(folder);
  const blobs = join(folder, "files");
  const file = join(folder, "relay.db");
  const environment = { RAPPORT_STORE_KEY: randomBytes(32).toString("hex") };
  const connectionString = database?.connectionString ?? "";
  const relay = keepProcess({
    name: "relay",
    folder,
    environment,
    words: [
      ...["relay", "--port", "0", "--host", "127.0.0.1", "--base-url", relayUrl, "--blobs", blobs],
      ...["--store", kind === "sqlite" ? `sqlite:${file}` : connectionString],
      ...["--client", "house:house", "--admin-key", randomBytes(16).toString("hex")],
    ],
  });
  const relayStore = async () => {
    const store =
      kind === "sqlite"
        ? createSqliteStore({ file, environment })
        : createPostgresStore({ connectionString, schema: "rapport", environment });
    await store.open(collections);
    return store;
  };
  return { relay, blobs, relayStore };
}

function connectorsIn(ground: Ground, plan: StorePlan): KeptProcess[] {
  const environment = { RAPPORT_STORE_KEY: randomBytes(32).toString("hex") };
  return Array.from({ length: plan.processes }, (_, at) => {
    const name = plan.processes === 1 ? plan.name : `${plan.name}-${at + 1}`;
    const folder = join(ground.folder, name);
    mkdirSync(folder);
    writeFileSync(join(folder, "config.json"), JSON.stringify(configOf(ground, plan), undefined, 2));
    return keepProcess({ name, folder, environment, words: ["connector", "start"] });
  });
}

function configOf({ relayUrl, hooksUrl, database }: Ground, { name, identities }: StorePlan): object {
  return {
    transportLibrary: {
      ...{ baseUrl: relayUrl, platformClientId: "house", platformClientSecret: "house" },
      addressGenerationHostnameOverride: "localhost",
    },
    database:
      database === undefined
        ? { driver: "sqlite", folder: "store", dbName: name }
        : { driver: "postgres", connectionString: database.connectionString, dbName: name },
    infrastructure: {
      httpServer: { host: "127.0.0.1", port: 0, authentication: { apiKey: { keys: { main: { key: apiKey } } } } },
    },
    accounts: Object.fromEntries(identities.map((one) => [one, { prefix: `/${one}` }])),
    modules: {
      sse: { enabled: true },
      webhooks: {
        enabled: true,
        targets: { all: { url: `${hooksUrl}/${name}` } },
        webhooks: [{ triggers: ["**"], target: "all" }],
      },
    },
  };
}

function partiesOf(servers: readonly KeptProcess[]): Party[] {
  const told = servers[0]?.told() as {
    readonly identities: readonly { readonly name: string; readonly address: string }[];
  };
  return told.identities.map(({ name, address }) => ({ name, address, servers }));
}
