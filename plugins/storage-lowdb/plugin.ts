import { type Plugin, Store } from "rapport/core";
import { createLowdbStore, type LowdbOptions } from "./store.ts";

/** Provides a store in one readable JSON file. */
export function lowdbStorage(options: LowdbOptions): Plugin {
  return { name: "storage-lowdb", register: ({ provide }) => provide(Store, () => createLowdbStore(options)) };
}
