/**
 * The laws of the Blobs port, for every adapter. An adapter's test is one call; a law it cannot keep is waived by name with
 * a reason.
 */
import type { BlobsPort } from "rapport/core";
import { lawsOfBlobs } from "./blobs-laws.ts";
import { type LawBook, registerLaws, type Waivers } from "./law.ts";

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
export interface BlobsContractOptions extends Waivers {
  readonly place: () => BlobsPlace | Promise<BlobsPlace>;
}

/** What a law works with: open blobs, and the way to close them and open the next ones over the same place. */
export interface BlobsWorld {
  readonly place: BlobsPlace;
  blobs(): BlobsPort;
  reopen(): Promise<BlobsPort>;
}

/** The laws of all blobs. */
export const blobsLaws: LawBook<Pick<BlobsContractOptions, "place">, BlobsWorld> = {
  of: "blobs",
  laws: lawsOfBlobs,
  within: async ({ place }, prove) => {
    const world = await worldOf(await place());
    try {
      await prove(world, world.place);
    } finally {
      await world.blobs()[Symbol.asyncDispose]();
      await world.place.remove?.();
    }
  },
};

/** Proves every law for the adapter. */
export function blobsContract(name: string, { waived = {}, ...subject }: BlobsContractOptions): void {
  registerLaws(name, { book: blobsLaws, subject, waived });
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
