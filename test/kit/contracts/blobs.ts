/**
 * The laws of the Blobs port, for every adapter. An adapter's test is one call; a law it cannot keep is waived by name with
 * a reason.
 */
import type { BlobsPort } from "rapport/core";
import { describe, expect, test } from "vitest";
import { blobsLaws as laws } from "./blobs-laws.ts";

/** Somewhere to keep blobs, empty at first. */
export interface BlobsPlace {
  /** Blobs over this place, not opened yet. The next ones are asked for only after the last ones were disposed. */
  readonly blobs: () => BlobsPort;
  /** Leaves what a writer leaves that was killed while it was writing these bytes. */
  readonly leaveHalf?: (name: string, bytes: Uint8Array) => Promise<void>;
  /** All bytes that are kept there, if somebody could read them. */
  readonly files?: () => Promise<readonly Uint8Array[]>;
  readonly remove?: () => Promise<void>;
}

/** How the contract gets its places, and which laws are waived, by name, with the reason. */
export interface BlobsContractOptions {
  readonly place: () => BlobsPlace | Promise<BlobsPlace>;
  readonly waived?: { readonly [law: string]: string };
}

/** What a law works with: open blobs, and the way to close them and open the next ones over the same place. */
export interface BlobsWorld {
  readonly place: BlobsPlace;
  blobs(): BlobsPort;
  reopen(): Promise<BlobsPort>;
}

/** A sentence and its proof. */
export interface BlobsLaw {
  readonly law: string;
  readonly prove: (world: BlobsWorld) => Promise<void>;
  /** What the place must offer so that the law can be proved. */
  readonly needs?: readonly ("leaveHalf" | "files")[];
}

/** Proves every law for the adapter. */
export function blobsContract(name: string, { place, waived = {} }: BlobsContractOptions): void {
  describe(`${name} keeps the laws of blobs`, () => {
    test("waived laws are known laws, each with a reason", () => {
      const known = laws.map(({ law }) => law);

      expect(Object.keys(waived).filter((law) => !known.includes(law))).toEqual([]);
      expect(Object.values(waived).filter((reason) => reason.trim() === "")).toEqual([]);
    });

    for (const { law, prove, needs = [] } of laws) {
      if (law in waived) continue;
      test(law, async () => {
        const world = await worldOf(await place());
        try {
          for (const part of needs) {
            expect(world.place[part], `give \`${part}\`, or waive the law by name with a reason`).toBeDefined();
          }
          await prove(world);
        } finally {
          await world.blobs()[Symbol.asyncDispose]();
          await world.place.remove?.();
        }
      });
    }
  });
}

async function worldOf(place: BlobsPlace): Promise<BlobsWorld> {
  let blobs = place.blobs();
  await blobs.open();
  return {
    place,
    blobs: () => blobs,
    reopen: async () => {
      await blobs[Symbol.asyncDispose]();
      blobs = place.blobs();
      await blobs.open();
      return blobs;
    },
  };
}
