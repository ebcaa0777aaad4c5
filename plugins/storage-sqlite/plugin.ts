import { type Plugin, Store } from "rapport/core";
import { createSqliteStore, type SqliteOptions } from "./store.ts";

/** Provides a store in one SQLite file. */
export function sqliteStorage(options: SqliteOptions): Plugin {
  return { name: "storage-sqlite", register: ({ provide }) => provide(Store, () => createSqliteStore(options)) };
}
