// Where golden data comes from and goes to: each kind of storage, recorded into a folder and opened from a copy of it.
import { chmod, cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { StorePort } from "rapport/core";
import { createFolderBlobs } from "rapport/plugins/blobs-folder";
import { createLowdbStore } from "rapport/plugins/storage-lowdb";
import { createPostgresBlobs, createPostgresStore, type PostgresLike } from "rapport/plugins/storage-postgres";
import { createSqliteStore } from "rapport/plugins/storage-sqlite";
import { type Place, relayName } from "./houses.ts";
import { makingWatched, restoreRows, rowsOf } from "./postgres-rows.ts";

/** The kinds of storage that golden data is kept of. */
export const storageKinds = ["lowdb", "sqlite", "postgres"] as const;
/** One of them. */
export type StorageKind = (typeof storageKinds)[number];

/** A place that can be written into a golden folder. */
export interface GoldenPlace extends Place {
  /** The store of a name for reading only, where the kind can do that. */
  past(name: string): StorePort;
  /** Writes everything into the folder; nobody has a store open. */
  save(folder: string): Promise<void>;
}

/** Who has a store. */
export const storeNames = ["shop", "home", relayName] as const;

const noKey = Object.freeze({});
const fileMakers = { lowdb: createLowdbStore, sqlite: createSqliteStore } as const;

/** A place of files in the folder, empty or with a copy of golden data. */
export function placeOfFiles(kind: "lowdb" | "sqlite", folder: string): GoldenPlace {
  const make = fileMakers[kind];
  const fileOf = (name: string) => join(folder, `${name}.store`);
  return {
    store: (name) => make({ file: fileOf(name), environment: noKey }),
    past: (name) => make({ file: fileOf(name), environment: noKey, readOnly: true }),
    blobs: () => createFolderBlobs({ folder: join(folder, "blobs") }),
    save: (to) => copyPrivately(folder, to),
  };
}

/** Schemas of a database, one for each name, with their keys in the folder. */
export function placeOfSchemas(driver: PostgresLike, prefix: string, folder: string): GoldenPlace {
  const made = new Map<string, string[]>();
  const schemaOf = (name: string) => `${prefix}_${name}`;
  const keyFile = (name: string) => join(folder, `${name}.store.key`);
  const lent: PostgresLike = { connect: () => driver.connect(), end: async () => undefined };
  const store = (name: string): StorePort => {
    const making = made.get(name) ?? [];
    made.set(name, making);
    const open = () => makingWatched(lent, making);
    return createPostgresStore({ open, schema: schemaOf(name), keyFile: keyFile(name), environment: noKey });
  };
  return {
    store,
    past: store,
    blobs: () => createPostgresBlobs({ open: () => lent, schema: schemaOf(relayName) }),
    save: async (to) => {
      await mkdir(to, { recursive: true });
      for (const name of storeNames) {
        await writeFile(join(to, `${name}.rows.jsonl`), await rowsOf(driver, schemaOf(name), made.get(name) ?? []));
      }
      await copyPrivately(folder, to);
    },
  };
}

/** Golden files of a kind, copied into the folder and opened from there. */
export async function copiedFiles(kind: "lowdb" | "sqlite", golden: string, folder: string): Promise<GoldenPlace> {
  await copyPrivately(join(golden, kind), folder);
  return placeOfFiles(kind, folder);
}

/** Golden schemas, made again in the database. */
export async function copiedSchemas(
  driver: PostgresLike,
  { golden, prefix, folder }: { readonly golden: string; readonly prefix: string; readonly folder: string },
): Promise<GoldenPlace> {
  const from = join(golden, "postgres");
  for (const name of storeNames) {
    await restoreRows(driver, `${prefix}_${name}`, await readFile(join(from, `${name}.rows.jsonl`), "utf8"));
  }
  await copyPrivately(from, folder);
  return placeOfSchemas(driver, prefix, folder);
}

/** Keys are for their owner alone, which a repository does not remember. */
async function copyPrivately(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await cp(from, to, { recursive: true });
  for (const name of await readdir(to)) if (name.endsWith(".key")) await chmod(join(to, name), 0o600);
}
