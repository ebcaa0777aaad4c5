/**
 * The laws of the Store port, for every adapter. An adapter's test is one call; a law it cannot keep is waived by name
 * with a reason.
 */
import type { Collection, StorePort } from "rapport/core";
import { describe, expect, test } from "vitest";
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
export interface StoreContractOptions {
  readonly place: () => StorePlace | Promise<StorePlace>;
  readonly waived?: { readonly [law: string]: string };
}

/** What a law works with: an open store, and the way to close it and open the next one over the same place. */
export interface StoreWorld {
  readonly place: StorePlace;
  store(): StorePort;
  reopen(collections?: readonly Collection[]): Promise<StorePort>;
}

/** A sentence and its proof. */
export interface StoreLaw {
  readonly law: string;
  readonly prove: (world: StoreWorld) => Promise<void>;
  /** The law speaks about places whose raw bytes can be read. */
  readonly needsFiles?: true;
}

/** The collections that the laws use. */
export const collections: readonly Collection[] = [
  { kind: "things", indexes: ["status", "rank", "tags", "deep.name", "status|rows.id"] },
  { kind: "parted", indexes: ["status"], inner: ["state", "role"] },
  { kind: "streams", indexes: ["status"] },
  { kind: "counters", indexes: [] },
];

const laws: readonly StoreLaw[] = [...batchLaws, ...streamLaws, ...findLaws, ...historyLaws, ...lifeLaws];

/** Proves every law for the adapter. */
export function storeContract(name: string, { place, waived = {} }: StoreContractOptions): void {
  describe(`${name} keeps the laws of a store`, () => {
    test("waived laws are known laws, each with a reason", () => {
      const known = laws.map(({ law }) => law);

      expect(Object.keys(waived).filter((law) => !known.includes(law))).toEqual([]);
      expect(Object.values(waived).filter((reason) => reason.trim() === "")).toEqual([]);
    });

    for (const { law, prove, needsFiles } of laws) {
      if (law in waived) continue;
      test(law, async () => {
        const world = await worldOf(await place());
        try {
          if (needsFiles)
            expect(world.place.files, "give `files`, or waive the law by name with a reason").toBeDefined();
          await prove(world);
        } finally {
          await world.store()[Symbol.asyncDispose]();
          await world.place.remove?.();
        }
      });
    }
  });
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
