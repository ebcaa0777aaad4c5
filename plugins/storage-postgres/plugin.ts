import { Blobs, type Plugin, Store, WakeUps } from "rapport/core";
import { createPostgresBlobs, type PostgresBlobsOptions } from "./blobs.ts";
import { createPostgresStore, type PostgresOptions } from "./store.ts";
import { createPostgresWakeUps, type PostgresWakeUpsOptions } from "./wake-ups.ts";

/** Provides a store in a PostgreSQL database. */
export function postgresStorage(options: PostgresOptions): Plugin {
  return { name: "storage-postgres", register: ({ provide }) => provide(Store, () => createPostgresStore(options)) };
}

/** Provides blobs in a PostgreSQL database. */
export function postgresBlobs(options: PostgresBlobsOptions): Plugin {
  return { name: "blobs-postgres", register: ({ provide }) => provide(Blobs, () => createPostgresBlobs(options)) };
}

/** Carries news between processes through a PostgreSQL database. */
export function postgresWakeUps(options: PostgresWakeUpsOptions): Plugin {
  return {
    name: "wake-ups-postgres",
    register: ({ provide }) => provide(WakeUps, () => createPostgresWakeUps(options)),
  };
}
