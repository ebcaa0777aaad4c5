import { assertBatch, fault, judge, type Stored, type StorePort, storeKeyFrom } from "rapport/core";
import { createMemoryDisk, type MemoryDisk, stateOfDisk } from "./disk.ts";

/** Options of the memory store. */
export interface MemoryOptions {
  /** Content that outlives the store, for tests that restart something. */
  readonly disk?: MemoryDisk;
}

/**
 * A store in memory. Documents are kept as they are handed in, so nobody may change them afterwards. A commit is judged
 * and visible when the call returns its promise.
 */
export function createMemoryStore(options: MemoryOptions = {}): StorePort {
  const disk = stateOfDisk(options.disk ?? createMemoryDisk());
  const self = {};

  const opened = () => {
    if (disk.owner === self) return disk;
    throw fault("store.closed", "This memory store is not open, was closed, or its disk was opened by another store.");
  };

  return {
    open: async (collections) => {
      disk.owner = self;
      disk.table.declare(collections);
    },
    // The engine knows what it keeps under a key; the store does not.
    get: async <D>(key: string) => opened().table.read(key)?.stored as (Stored & { document: D }) | undefined,
    find: async function* <D>(query: Parameters<StorePort["find"]>[0]) {
      for (const stored of opened().table.find(query)) {
        yield stored as Stored & { document: D };
        opened();
      }
    },
    commit: async (batch) => {
      const { table, version } = opened();
      assertBatch(batch);
      const judgement = judge([batch], table.read, version);
      disk.version = judgement.version;
      table.write(judgement.writes);
      const [result] = judgement.results;
      if (result === undefined) throw fault("store.unavailable", "The batch was not judged.");
      return result;
    },
    sealKey: async (make) =>
      storeKeyFrom({
        environment: undefined,
        read: async () => opened().key,
        create: async (text) => {
          opened().key = text;
        },
        hasDocuments: async () => opened().table.all().length > 0,
        make,
      }),
    [Symbol.asyncDispose]: async () => {
      if (disk.owner === self) disk.owner = undefined;
    },
  };
}
