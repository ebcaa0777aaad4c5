// The door "rapport/plugins/storage-postgres": documents, blobs and news in PostgreSQL, for any number of processes.
export { createPostgresBlobs, type PostgresBlobsOptions } from "./blobs.ts";
export type { PostgresConnection, PostgresLike, PostgresPlace, PostgresRows, PostgresStatement } from "./driver.ts";
export { postgresBlobs, postgresStorage, postgresWakeUps } from "./plugin.ts";
export { createPostgresStore, type PostgresOptions } from "./store.ts";
export { createPostgresWakeUps, type PostgresListener, type PostgresWakeUpsOptions } from "./wake-ups.ts";
