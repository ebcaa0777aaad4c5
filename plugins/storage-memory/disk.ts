import { createDocumentTable, type Document, type DocumentTable } from "rapport/core";

/**
 * What outlives a memory store: give the same disk to another store and it finds everything again. Opening a disk takes
 * it away from the store that had it, as a restart does with a process that died. Blobs can live on the same disk.
 */
export interface MemoryDisk {
  /** The same content on another disk; from here on they go separate ways. */
  copy(): MemoryDisk;
  /** Every document by its key, as it is now: for tests that compare before and after. */
  documents(): ReadonlyMap<string, Document>;
  /** Every blob by its name, as it is now. */
  blobs(): ReadonlyMap<string, Uint8Array>;
}

/** What the store and the blobs see of their disk. */
export interface DiskState {
  table: DocumentTable;
  version: number;
  key: string | undefined;
  owner: object | undefined;
  readonly blobs: Map<string, Uint8Array>;
  blobsOwner: object | undefined;
}

const stateOf = new WeakMap<MemoryDisk, DiskState>();

/** An empty disk. */
export function createMemoryDisk(): MemoryDisk {
  const nobody = { owner: undefined, blobsOwner: undefined };
  return diskOf({ table: createDocumentTable(), version: 0, key: undefined, blobs: new Map(), ...nobody });
}

/** The state behind a disk. */
export function stateOfDisk(disk: MemoryDisk): DiskState {
  const state = stateOf.get(disk);
  if (state === undefined) throw new TypeError("This disk was not made by createMemoryDisk.");
  return state;
}

function diskOf(state: DiskState): MemoryDisk {
  const disk: MemoryDisk = Object.freeze({
    copy: () => {
      const nobody = { owner: undefined, blobsOwner: undefined };
      const copied = { table: createDocumentTable(state.table.all()), blobs: new Map(state.blobs) };
      return diskOf({ ...state, ...copied, ...nobody });
    },
    documents: () => new Map(state.table.all().map(({ stored }) => [stored.key, stored.document])),
    blobs: () => new Map(state.blobs),
  });
  stateOf.set(disk, state);
  return disk;
}
