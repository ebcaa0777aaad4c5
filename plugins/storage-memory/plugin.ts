import { type Plugin, Store } from "rapport/core";
import { createMemoryStore, type MemoryOptions } from "./store.ts";

/** Provides a store that lives as long as the process, or as long as the disk it is given. */
export function memoryStorage(options: MemoryOptions = {}): Plugin {
  return { name: "storage-memory", register: ({ provide }) => provide(Store, () => createMemoryStore(options)) };
}
