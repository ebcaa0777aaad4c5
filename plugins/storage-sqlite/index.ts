// The door "rapport/plugins/storage-sqlite": one SQLite file, one process, every commit flushed to the disk.
export type { SqliteLike, SqliteStatement, SqliteValue } from "./driver.ts";
export { sqliteStorage } from "./plugin.ts";
export { createSqliteStore, type SqliteOptions } from "./store.ts";
