// The door "rapport/plugins/storage-postgres": one PostgreSQL schema, any number of processes.
export type { PostgresConnection, PostgresLike, PostgresRows, PostgresStatement } from "./driver.ts";
export { postgresStorage } from "./plugin.ts";
export { createPostgresStore, type PostgresOptions, type PostgresPlace } from "./store.ts";
