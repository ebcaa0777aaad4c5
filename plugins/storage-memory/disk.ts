import { createDocumentTable, type Document, type DocumentTable } from "rapport/core";

/**
 * What outlives a memory store: give the same disk to another store and it finds everything again. Opening a disk takes
 * it away from the store that had it, as a restart does with a process that died.
 */
export interface MemoryDisk {
  /** The same content on another disk; from here on they go separate ways. */
  copy(): MemoryDisk;
  /** Every document by its key, as it is now: for tests that compare before and after. */
  documents(): ReadonlyMap<string, Document>;
}

/** What the store sees of its disk. */
export interface DiskState {
  table: DocumentTable;
  version: number;
  key: string | undefined;
  owner: object | undefined;
}

const stateOf = new WeakMap<MemoryDisk, DiskState>();

/** An empty disk. */
export function createMemoryDisk(): MemoryDisk {
  return diskOf({ table: createDocumentTable(), version: 0, key: undefined, owner: undefined });
}

/** The state behind a disk. */
export function stateOfDisk(disk: MemoryDisk): DiskState {
  const state = stateOf.get(disk);
  if (state === undefined) throw new TypeError("This disk was not made by createMemoryDisk.");
  return state;
}

function diskOf(state: DiskState): MemoryDisk {
  const disk: MemoryDisk = Object.freeze({
    copy: () => diskOf({ ...state, table: createDocumentTable(state.table.all()), owner: undefined }),
    documents: () => new Map(state.table.all().map(({ stored }) => [stored.key, stored.document])),
  });
  stateOf.set(disk, state);
  return disk;
}
