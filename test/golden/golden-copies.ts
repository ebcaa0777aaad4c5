// Copies of golden data that a test may change, on every kind of storage that is here.
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import type { Document, StorePort } from "rapport/core";
import type { PostgresLike } from "rapport/plugins/storage-postgres";
import { server, singleConnection } from "../plugins/storage-postgres/places.ts";
import { pool } from "../plugins/storage-postgres/watched.ts";
import { copiedFiles, copiedSchemas, type GoldenPlace, type StorageKind, storeNames } from "./golden-places.ts";
import { goldenFolder } from "./golden-versions.ts";

/** What golden data is opened on; the server only where it answers. */
export const grounds = [
  "lowdb",
  "sqlite",
  "postgres",
  ...(server.isPresent ? ["postgres server" as const] : []),
] as const;
/** One of them. */
export type Ground = (typeof grounds)[number];

/** The kind of storage that a ground is. */
export const kindOf = (ground: Ground): StorageKind => (ground === "postgres server" ? "postgres" : ground);

/** A copy that goes when it is disposed of. */
export interface GoldenCopy extends AsyncDisposable {
  readonly place: GoldenPlace;
  readonly folder: string;
  /** Everything in a store that is not open, by its key. */
  documents(name: string, under?: readonly string[]): Promise<ReadonlyMap<string, Document>>;
  /** Puts a document into a store that is not open. */
  put(name: string, key: string, document: Document): Promise<void>;
}

/** Copies the data of a release. */
export async function copyOf(version: string, ground: Ground): Promise<GoldenCopy> {
  const folder = await mkdtemp(join(tmpdir(), "rapport-golden-"));
  const golden = goldenFolder(version);
  if (ground === "lowdb" || ground === "sqlite") {
    const place = await copiedFiles(ground, golden, folder);
    return copied({ place, folder }, () => rm(folder, { recursive: true }));
  }
  const { driver, end } = await database(ground);
  const prefix = `rapport_golden_${randomBytes(6).toString("hex")}`;
  const place = await copiedSchemas(driver, { golden, prefix, folder });
  return copied({ place, folder }, async () => {
    const connection = await driver.connect();
    for (const name of storeNames) await connection.query(`DROP SCHEMA "${prefix}_${name}" CASCADE`, []);
    connection.release();
    await end();
    await rm(folder, { recursive: true });
  });
}

async function database(
  ground: "postgres" | "postgres server",
): Promise<{ driver: PostgresLike; end(): Promise<void> }> {
  if (ground === "postgres server") {
    const driver = pool();
    return { driver, end: () => driver.end() };
  }
  inProcess ??= PGlite.create();
  return { driver: singleConnection(await inProcess), end: async () => undefined };
}

/** Making one takes a second, so all copies share it. */
let inProcess: Promise<PGlite> | undefined;

function copied(
  { place, folder }: { readonly place: GoldenPlace; readonly folder: string },
  remove: () => Promise<void>,
): GoldenCopy {
  const opened = async <T>(name: string, work: (store: StorePort) => Promise<T>): Promise<T> => {
    const store = place.store(name);
    await store.open([]);
    try {
      return await work(store);
    } finally {
      await store[Symbol.asyncDispose]();
    }
  };
  return {
    place,
    folder,
    documents: (name, under) =>
      opened(name, async (store) => {
        const found = new Map<string, Document>();
        for (const path of under ?? (await pathsIn(store))) {
          for await (const { key, document } of store.find({ under: path })) found.set(key, document);
        }
        return found;
      }),
    put: (name, key, document) =>
      opened(name, async (store) => {
        await store.commit({ puts: [{ key, document }] });
      }),
    [Symbol.asyncDispose]: remove,
  };
}

/** Where states are: the collections of every account, and those of the relay. */
async function pathsIn(store: StorePort): Promise<string[]> {
  const paths = ["engine/accounts", "engine/names", "engine/schema", "relay/relationship", "relay/schema"];
  for await (const { document } of store.find({ under: "engine/accounts" })) {
    const inner = ["relationships", "requests", "intents", "timers", "outbox/events", "deadletters", "messages"];
    paths.push(...inner.map((kind) => `${String(document["id"])}/${kind}`));
  }
  return paths;
}
