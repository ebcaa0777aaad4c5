// The stores that the state table is checked on, and a relay on each of them.
import { createMemoryBlobs, createMemoryStore } from "rapport/plugins/storage-memory";
import { createSqliteStore } from "rapport/plugins/storage-sqlite";
import { createRelay, type Relay } from "rapport/relay";
import { createRelayServer } from "rapport/relay/http";
import { describe } from "vitest";
import type { StorePlace } from "../../kit/contracts/store.ts";
import { createHandClock, type HandClock } from "../../kit/hand-clock.ts";
import { createSeededEntropy } from "../../kit/seeded-entropy.ts";
import { noKey, placeInFolder } from "../../plugins/storage-files.ts";
import { placeOnServer, server } from "../../plugins/storage-postgres/places.ts";
import { drivers } from "../../plugins/storage-sqlite/drivers.ts";
import { crypto } from "../../relay/parties.ts";
import type { HttpParties } from "./http-parties.ts";
import { partiesOf } from "./state-parties.ts";

/** A kind of store, each time a fresh and empty one. */
export interface StoreKind {
  readonly name: string;
  /** Runs the block, unless the store needs a service that is not there; then one line says so. */
  describe(tests: () => void): void;
  place(): Promise<Pick<StorePlace, "store" | "remove">>;
}

const open = drivers[0]?.open;
if (open === undefined) throw new Error("No driver for SQLite is installed.");

const always: StoreKind["describe"] = (tests) => tests();

/** All of them. */
const stores: readonly StoreKind[] = [
  {
    name: "memory",
    describe: always,
    place: async () => ({ store: () => createMemoryStore(), remove: async () => {} }),
  },
  {
    name: "SQLite",
    describe: always,
    place: () => placeInFolder((file) => createSqliteStore({ file, open, environment: noKey })),
  },
  { name: "PostgreSQL", describe: server.describe, place: placeOnServer },
];

/** Runs the tests once for each store. */
export function onEveryStore(title: string, tests: (kind: StoreKind) => void): void {
  describe.for(stores)(`${title}: $name`, (kind) => kind.describe(() => tests(kind)));
}

/** A relay behind HTTP whose time moves by hand. */
export interface StateWorld extends HttpParties, AsyncDisposable {
  readonly relay: Relay;
  readonly url: string;
  readonly clock: HandClock;
  /** An instant that many milliseconds ahead. */
  in(ms: number): string;
}

/** Starts one on a store of this kind. */
export async function openState({ place }: StoreKind): Promise<StateWorld> {
  const { store, remove } = await place();
  const clock = createHandClock();
  const parts = { store: store(), blobs: createMemoryBlobs(), clock, entropy: createSeededEntropy(1), crypto };
  const relay = createRelay({ ...parts, settings: { messageRecipientsMax: 5 } });
  await relay.open();
  const server = createRelayServer({ relay });
  const [url = ""] = await server.listen();
  return {
    ...partiesOf(relay, url),
    relay,
    url,
    clock,
    in: (ms) => new Date(clock.now() + ms).toISOString(),
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await relay[Symbol.asyncDispose]();
      await remove?.();
    },
  };
}
