// The door "rapport/plugins/storage-memory": documents in memory, gone with the process.
export { createMemoryDisk, type MemoryDisk } from "./disk.ts";
export { memoryStorage } from "./plugin.ts";
export { createMemoryStore, type MemoryOptions } from "./store.ts";
