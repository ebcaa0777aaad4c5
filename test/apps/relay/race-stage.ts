// Relay processes over one PostgreSQL schema, and people on two devices each whose every call goes to the next process.
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Pool } from "pg";
import type { StorePort } from "rapport/core";
import { createPostgresStore } from "rapport/plugins/storage-postgres";
import { collections } from "rapport/relay";
import { type HttpParties, partiesAt, type TokenParty } from "./http-parties.ts";
import type { Person } from "./race-rounds.ts";
import { type RelayPlace, type RelayProcess, startRelayProcess } from "./relay-processes.ts";

/** The server that the tests use. */
export const connectionString = process.env["RAPPORT_TEST_POSTGRES"] ?? "postgres://postgres@127.0.0.1:5432/test";

/** Asks the server beside the store. */
export async function asked(text: string): Promise<void> {
  const pool = new Pool({ connectionString, max: 1 });
  try {
    await pool.query(text);
  } finally {
    await pool.end();
  }
}

/** A schema and a folder of their own, and what opens and removes them. */
export interface SharedPlace extends RelayPlace {
  readonly folder: string;
  store(): Promise<StorePort>;
  remove(): Promise<void>;
}

/** One that nobody else uses. Processes share its key through their environment. */
export async function sharedPlace(...more: readonly string[]): Promise<SharedPlace> {
  const schema = `rapport_test_${randomBytes(6).toString("hex")}`;
  const folder = await mkdtemp(join(tmpdir(), "rapport-relay-"));
  const environment = { RAPPORT_STORE_KEY: randomBytes(32).toString("base64url") };
  return {
    folder,
    environment,
    words: ["--postgres", connectionString, "--schema", schema, "--blobs", folder, ...more],
    store: async () => {
      const store = createPostgresStore({ connectionString, schema, environment });
      await store.open(collections);
      return store;
    },
    remove: async () => {
      await asked(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
      await rm(folder, { recursive: true });
    },
  };
}

/** Processes that serve the same place. */
export interface Relays {
  readonly urls: readonly string[];
  readonly processes: readonly RelayProcess[];
  /** People whose every call goes to another process than the one before, so calls made at once go to different ones. */
  readonly parties: HttpParties<TokenParty>;
  end(): Promise<void>;
}

/** Starts so many of them. */
export async function startRelays(place: RelayPlace, count: number): Promise<Relays> {
  const [first, ...rest] = Array.from({ length: count }, () => startRelayProcess(place));
  const processes = await Promise.all([first as Promise<RelayProcess>, ...rest]);
  const urls = await Promise.all(processes.map(({ open }) => open()));
  let calls = 0;
  return {
    urls,
    processes,
    parties: partiesAt(() => urls[calls++ % urls.length] ?? ""),
    end: async () => {
      await Promise.all(processes.map(({ end }) => end()));
    },
  };
}

/** Somebody on two devices. */
export async function personOf(parties: HttpParties): Promise<Person> {
  const first = await parties.party();
  return { address: first.address, devices: [first, await first.device()], told: [] };
}
