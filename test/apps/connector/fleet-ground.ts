// Several processes of the built command on one PostgreSQL, for one identity, and everything around them in this process.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Account, createRapport } from "rapport";
import type { Plugin } from "rapport/core";
import { createSodium } from "rapport/plugins/crypto-sodium";
import { platformNode, silentLog, systemClock, systemEntropy } from "rapport/plugins/platform-node";
import { createMemoryBlobs, createMemoryStore, memoryStorage } from "rapport/plugins/storage-memory";
import { relayTransport } from "rapport/plugins/transport-relay";
import { createRelay } from "rapport/relay";
import { createRelayServer } from "rapport/relay/http";
import { onTestFinished } from "vitest";
import { asked, connectionString } from "../../plugins/storage-postgres/places.ts";
import { strongKey, temporaryFolder } from "./config/read.ts";
import { type Actor, callerOf } from "./stage.ts";

const bin = new URL("../../../dist/src/apps/cli/bin.js", import.meta.url).pathname;

/** A Connector that is a process of its own. */
export interface Member {
  readonly address: string;
  readonly call: Actor["call"];
  /** What it logged, line by line. */
  readonly log: { text: string };
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Asks it to end; gives its exit code. */
  stop(): Promise<number | null>;
}

/** A relay over HTTP, a peer at it, and a place in the database that is empty. */
export interface FleetGround {
  /** Which schema of the database everything is in. */
  readonly schema: string;
  /** Starts a process with the common configuration. */
  start(): Promise<Member>;
  /** An identity of somebody else, in this process. */
  peer(name: string): Promise<Account>;
}

/** Prepares everything; it goes with the test. `modules` are those of the common configuration. */
export async function openFleetGround(modules: object): Promise<FleetGround> {
  const { baseUrl, hostName } = await relayOverHttp();
  const name = `fleet${randomBytes(6).toString("hex")}`;
  const schema = `rapport_${name}`;
  onTestFinished(async () => void (await asked(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`)));
  const transport = relayTransport({ baseUrl, hostName });
  const folder = temporaryFolder();
  const config = {
    transportLibrary: {
      ...{ baseUrl, platformClientId: "fleet", platformClientSecret: "fleet" },
      addressGenerationHostnameOverride: hostName,
    },
    database: { driver: "postgres", connectionString, dbName: name },
    infrastructure: {
      httpServer: { host: "127.0.0.1", port: 0, authentication: { apiKey: { keys: { main: { key: strongKey } } } } },
    },
    modules,
  };
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  const storeKey = randomBytes(32).toString("hex");
  return {
    schema,
    start: () => startMember(folder, storeKey),
    peer: (peer) => peerAt(transport, peer),
  };
}

async function relayOverHttp() {
  const crypto = createSodium();
  await crypto.open();
  const relay = createRelay({
    ...{ store: createMemoryStore(), blobs: createMemoryBlobs(), crypto },
    ...{ clock: systemClock(), entropy: systemEntropy(), log: silentLog() },
  });
  await relay.open();
  const http = createRelayServer({ relay });
  const [baseUrl = ""] = await http.listen();
  onTestFinished(async () => {
    await http.close();
    await relay[Symbol.asyncDispose]();
  });
  return { baseUrl, hostName: relay.hostName };
}

async function peerAt(transport: Plugin, name: string): Promise<Account> {
  const plugins = [platformNode({ level: "error" }), transport, memoryStorage()];
  const rapport = await createRapport({ plugins, background: false });
  onTestFinished(() => rapport.close());
  return rapport.accounts.create({ name });
}

async function startMember(folder: string, storeKey: string): Promise<Member> {
  const env = { PATH: process.env["PATH"], RAPPORT_STORE_KEY: storeKey };
  const child = spawn(process.execPath, [bin, "connector", "start", "--json"], { cwd: folder, env });
  const log = { text: "" };
  let said = "";
  child.stderr.on("data", (chunk) => {
    log.text += chunk;
  });
  const ended = once(child, "close").then(([code]): number | null => code);
  const kill = async () => {
    child.kill("SIGKILL");
    await ended;
  };
  onTestFinished(kill);
  while (!said.includes("\n")) {
    const more = once(child.stdout, "data").then(([chunk]) => String(chunk));
    const heard = await Promise.race([more, ended.then(() => undefined)]);
    if (heard === undefined) throw new Error(`It ended: ${said}${log.text}`);
    said += heard;
  }
  const { listening, identities } = JSON.parse(said);
  const call = callerOf(listening[0]);
  return {
    address: identities[0].address,
    log,
    call: (method, path, body, headers) => call(method, path, body, { "X-API-KEY": strongKey, ...headers }),
    kill,
    stop: async () => {
      child.kill("SIGTERM");
      return ended;
    },
  };
}
