import { fault, type Query, type Stored, type StorePort, storeKeyFrom } from "rapport/core";
import { openDriver, type PostgresLike, type PostgresPlace } from "./driver.ts";
import { faultOf } from "./faults.ts";
import { createKeyFile, readKeyFile } from "./key-file.ts";
import { namesIn } from "./schema.ts";
import { type Session, startSession } from "./session.ts";

/** Options of the PostgreSQL store. */
export type PostgresOptions = PostgresPlace & {
  /** The schema that holds the tables, made if need be: `rapport`. Stores over one schema are one store. */
  readonly schema?: string;
  /** The file with the key, made at the first start; all hosts that share the database must share the key. */
  readonly keyFile?: string;
  /** Where RAPPORT_STORE_KEY is looked up; the environment of the process. */
  readonly environment?: { readonly RAPPORT_STORE_KEY?: string | undefined };
};

/** A store in a PostgreSQL database, for any number of processes at the same time. */
export function createPostgresStore(options: PostgresOptions): StorePort {
  const { schema = "rapport", keyFile, environment = process.env } = options;
  const names = namesIn(schema);
  let session: Session | undefined;

  const opened = () => {
    if (session !== undefined) return session;
    throw fault("store.closed", `The PostgreSQL store in schema "${schema}" is not open or was closed.`);
  };

  return {
    isShared: true,
    open: async (collections) => {
      let driver: PostgresLike | undefined;
      try {
        driver = await openDriver(options);
        session = await startSession(driver, names, collections);
      } catch (problem) {
        await driver?.end().catch(() => {
          // The first problem is the one that matters.
        });
        throw faultOf(problem, schema);
      }
    },
    // The engine knows what it keeps under a key; the store does not.
    get: async <D>(key: string) => (await opened().get(key)) as (Stored & { document: D }) | undefined,
    find: async function* <D>(query: Query) {
      for await (const page of opened().find(query)) {
        for (const stored of page) {
          yield stored as Stored & { document: D };
          opened();
        }
      }
    },
    commit: async (batch) => opened().commit(batch),
    sealKey: async (make) => {
      const { isEmpty } = opened();
      return sealKeyFrom({ keyFile, environment: environment.RAPPORT_STORE_KEY, isEmpty, make });
    },
    [Symbol.asyncDispose]: async () => {
      const ending = session;
      session = undefined;
      await ending?.end();
    },
  };
}

interface SealKeyPlace {
  readonly keyFile: string | undefined;
  readonly environment: string | undefined;
  readonly isEmpty: () => Promise<boolean>;
  readonly make: () => Uint8Array;
}

async function sealKeyFrom({ keyFile, environment, isEmpty, make }: SealKeyPlace): Promise<Uint8Array> {
  if (keyFile === undefined && environment === undefined) {
    throw fault("store.keyMissing", "The PostgreSQL store has no key. Set RAPPORT_STORE_KEY, or name a key file.");
  }
  const find = () =>
    storeKeyFrom({
      environment,
      read: async () => keyFile && readKeyFile(keyFile),
      create: async (text) => {
        if (keyFile !== undefined) await createKeyFile(keyFile, text);
      },
      hasDocuments: async () => !(await isEmpty()),
      make,
    });
  try {
    return await find();
  } catch (problem) {
    // Another process was faster to make the file: its key is the one.
    if (problem instanceof Error && "code" in problem && problem.code === "EEXIST") return find();
    throw problem;
  }
}
