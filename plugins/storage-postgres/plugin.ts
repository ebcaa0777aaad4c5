import { type Plugin, Store } from "rapport/core";
import { createPostgresStore, type PostgresOptions } from "./store.ts";

/** Provides a store in a PostgreSQL database. */
export function postgresStorage(options: PostgresOptions): Plugin {
  return { name: "storage-postgres", register: ({ provide }) => provide(Store, () => createPostgresStore(options)) };
}
