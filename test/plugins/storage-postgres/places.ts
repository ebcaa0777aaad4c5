import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { Pool } from "pg";
import { createPostgresStore, type PostgresConnection, type PostgresLike } from "rapport/plugins/storage-postgres";
import type { StorePlace } from "../../kit/contracts/store.ts";
import { service } from "../services.ts";
import { noKey } from "../storage-files.ts";

/** The server that the tests use. */
export const connectionString = process.env["RAPPORT_TEST_POSTGRES"] ?? "postgres://postgres@127.0.0.1:5432/test";

/** The server, if it answers. */
export const server = await service("PostgreSQL", () => asked("SELECT 1"));

/** Asks the server beside the store. */
export async function asked(text: string): Promise<readonly Record<string, unknown>[]> {
  const pool = new Pool({ connectionString, max: 1 });
  pool.on("error", () => {});
  try {
    return (await pool.query(text)).rows;
  } finally {
    await pool.end();
  }
}

/** The name of a schema that nobody else uses. */
export function newSchema(): string {
  return `rapport_test_${randomBytes(6).toString("hex")}`;
}

/** A schema of its own on the server. */
export async function placeOnServer(): Promise<StorePlace & { readonly schema: string; readonly keyFile: string }> {
  const schema = newSchema();
  const folder = await mkdtemp(join(tmpdir(), "rapport-store-"));
  const keyFile = join(folder, "key");
  return {
    schema,
    keyFile,
    store: () => createPostgresStore({ connectionString, schema, keyFile, environment: noKey }),
    files: () => tablesOf(schema),
    remove: async () => {
      await asked(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
      await rm(folder, { recursive: true });
    },
  };
}

/** A schema of its own in a database in this process that has one connection. */
export async function placeInProcess(): Promise<
  StorePlace & { readonly driver: PostgresLike; readonly schema: string }
> {
  inProcess ??= PGlite.create();
  const database = await inProcess;
  const schema = newSchema();
  const folder = await mkdtemp(join(tmpdir(), "rapport-store-"));
  const driver = singleConnection(database);
  return {
    driver,
    schema,
    store: () => createPostgresStore({ open: () => driver, schema, keyFile: join(folder, "key"), environment: noKey }),
    remove: async () => {
      await database.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
      await rm(folder, { recursive: true });
    },
  };
}

/** Making one takes a second, so those who need one share it. */
let inProcess: Promise<PGlite> | undefined;

/** One connection that is lent to one user after the other. */
export function singleConnection(database: Pick<PGlite, "query">): PostgresLike {
  let last: Promise<void> = Promise.resolve();
  return {
    connect: async () => {
      const before = last;
      let release = () => {};
      last = new Promise((resolve) => {
        release = resolve;
      });
      await before;
      const connection: PostgresConnection = {
        query: (text, values) => database.query(text, values),
        release: () => release(),
      };
      return connection;
    },
    end: async () => {},
  };
}

/** Everything that the tables of the schema hold, as text. */
async function tablesOf(schema: string): Promise<readonly Uint8Array[]> {
  const tables = await asked(`SELECT table_name FROM information_schema.tables WHERE table_schema = '${schema}'`);
  return Promise.all(
    tables.map(async ({ table_name }) => {
      const rows = await asked(`SELECT t::text AS line FROM "${schema}"."${table_name}" t`);
      return Buffer.from(rows.map(({ line }) => line).join("\n"));
    }),
  );
}
