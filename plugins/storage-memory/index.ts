// The door "rapport/plugins/storage-memory": documents and blobs in memory, gone with the process.
export { createMemoryBlobs } from "./blobs.ts";
export { createMemoryDisk, type MemoryDisk } from "./disk.ts";
export { memoryBlobs, memoryStorage } from "./plugin.ts";
export { createMemoryStore, type MemoryOptions } from "./store.ts";
