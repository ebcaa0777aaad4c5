import { Blobs, type Plugin, Store } from "rapport/core";
import { createMemoryBlobs } from "./blobs.ts";
import { createMemoryStore, type MemoryOptions } from "./store.ts";

/** Provides a store that lives as long as the process, or as long as the disk it is given. */
export function memoryStorage(options: MemoryOptions = {}): Plugin {
  return { name: "storage-memory", register: ({ provide }) => provide(Store, () => createMemoryStore(options)) };
}

/** Provides blobs that live as long as the process, or as long as the disk they are given. */
export function memoryBlobs(options: MemoryOptions = {}): Plugin {
  return { name: "blobs-memory", register: ({ provide }) => provide(Blobs, () => createMemoryBlobs(options)) };
}
