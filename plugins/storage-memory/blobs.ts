import { assertBlobName, type BlobsPort, fault } from "rapport/core";
import { createMemoryDisk, stateOfDisk } from "./disk.ts";
import type { MemoryOptions } from "./store.ts";

/** Blobs in memory. Opening a disk takes its blobs away from whoever had them, as it is with documents. */
export function createMemoryBlobs(options: MemoryOptions = {}): BlobsPort {
  const disk = stateOfDisk(options.disk ?? createMemoryDisk());
  const self = {};

  const openedFor = (name: string) => {
    assertBlobName(name);
    if (disk.blobsOwner === self) return disk.blobs;
    throw fault("store.closed", "These memory blobs are not open, were closed, or their disk was opened by others.");
  };

  return {
    open: async () => {
      disk.blobsOwner = self;
    },
    put: async (name, bytes) => {
      const blobs = openedFor(name);
      // A copy, because the caller may go on using its bytes.
      if (!blobs.has(name)) blobs.set(name, bytes.slice());
    },
    get: async (name) => openedFor(name).get(name)?.slice(),
    delete: async (name) => {
      openedFor(name).delete(name);
    },
    [Symbol.asyncDispose]: async () => {
      if (disk.blobsOwner === self) disk.blobsOwner = undefined;
    },
  };
}
