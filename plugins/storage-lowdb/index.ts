// The door "rapport/plugins/storage-lowdb": one readable JSON file for small data and one process.
export { lowdbStorage } from "./plugin.ts";
export { createLowdbStore, type LowdbOptions } from "./store.ts";
