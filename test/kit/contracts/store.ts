/**
 * The laws of the Store port, for every adapter. An adapter's test is one call; a law it cannot keep is waived by name
 * with a reason.
 */
import type { Collection, StorePort } from "rapport/core";
import { type LawBook, registerLaws, type Waivers } from "./law.ts";
import { batchLaws } from "./store-batches.ts";
import { findLaws } from "./store-find.ts";
import { historyLaws } from "./store-history.ts";
import { lifeLaws } from "./store-life.ts";
import { streamLaws } from "./store-streams.ts";

/** Somewhere to keep documents, empty at first. */
export interface StorePlace {
  /** A store over this place, not opened yet. The next one is asked for only after the last one was disposed. */
  readonly store: () => StorePort;
  /** The bytes of all that is kept there but the key, if somebody could read them. */
  readonly files?: () => Promise<readonly Uint8Array[]>;
  readonly remove?: () => Promise<void>;
}

/** How the contract gets its places, and which laws are waived, by name, with the reason. */
export interface StoreContractOptions extends Waivers {
  readonly place: () => StorePlace | Promise<StorePlace>;
}

/** What a law works with: an open store, and the way to close it and open the next one over the same place. */
export interface StoreWorld {
  readonly place: StorePlace;
  store(): StorePort;
  reopen(collections?: readonly Collection[]): Promise<StorePort>;
}

/** The collections that the laws use. */
export const collections: readonly Collection[] = [
  { kind: "things", indexes: ["status", "rank", "tags", "deep.name", "status|rows.id"] },
  { kind: "parted", indexes: ["status"], inner: ["state", "role"] },
  { kind: "streams", indexes: ["status"] },
  { kind: "counters", indexes: [] },
];

/** The laws of every store. */
export const storeLaws: LawBook<Pick<StoreContractOptions, "place">, StoreWorld> = {
  of: "a store",
  laws: [...batchLaws, ...streamLaws, ...findLaws, ...historyLaws, ...lifeLaws],
  within: async ({ place }, prove) => {
    const world = await worldOf(await place());
    try {
      await prove(world, world.place);
    } finally {
      await world.store()[Symbol.asyncDispose]();
      await world.place.remove?.();
    }
  },
};

/** Proves every law for the adapter. */
export function storeContract(name: string, { waived = {}, ...subject }: StoreContractOptions): void {
  registerLaws(name, { book: storeLaws, subject, waived });
}

async function worldOf(place: StorePlace): Promise<StoreWorld> {
  let store = place.store();
  await store.open(collections);
  return {
    place,
    store: () => store,
    reopen: async (declared = collections) => {
      await store[Symbol.asyncDispose]();
      store = place.store();
      await store.open(declared);
      return store;
    },
  };
}
