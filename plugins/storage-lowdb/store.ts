import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { assertBatch, fault, type Query, type Stored, type StorePort, storeKeyFrom } from "rapport/core";
import { faultOf } from "./faults.ts";
import { createKeyFile, readKeyFile } from "./key-file.ts";
import { takeLock } from "./lock.ts";
import { type Session, startSession } from "./session.ts";

/** Options of the lowdb store. */
export interface LowdbOptions {
  /** The JSON file; its folder is made if need be. `<file>.key` holds the key, `<file>.lock` marks it as open. */
  readonly file: string;
  /** Changes nothing: an existing file is read, and `commit` is the fault `store.readOnly`. */
  readonly readOnly?: boolean;
  /** Where RAPPORT_STORE_KEY is looked up; the environment of the process. */
  readonly environment?: { readonly RAPPORT_STORE_KEY?: string | undefined };
}

/**
 * A store in one readable JSON file, for small data and one process: a second one gets `store.inUse`. Every flush replaces
 * the whole file, durably; all commits of one turn of the event loop share a flush.
 */
export function createLowdbStore({ file, readOnly = false, environment = process.env }: LowdbOptions): StorePort {
  let open: { session: Session; unlock: () => void } | undefined;

  const opened = () => {
    if (open !== undefined) return open.session;
    throw fault("store.closed", `The store "${file}" is not open or was closed.`);
  };
  const table = () => {
    const session = opened();
    try {
      return session.table();
    } catch (problem) {
      throw faultOf(problem, file);
    }
  };

  return {
    open: async (collections) => {
      if (open !== undefined) throw fault("store.inUse", `The store "${file}" is open already.`);
      try {
        if (readOnly) refuseMissing(file);
        else mkdirSync(dirname(file), { recursive: true });
        const unlock = takeLock(file);
        try {
          open = { session: startSession(file, collections, { readOnly }), unlock };
        } catch (problem) {
          unlock();
          throw problem;
        }
      } catch (problem) {
        throw faultOf(problem, file);
      }
    },
    // The engine knows what it keeps under a key; the store does not.
    get: async <D>(key: string) => table().read(key)?.stored as (Stored & { document: D }) | undefined,
    find: async function* <D>(query: Query) {
      for (const stored of table().find(query)) {
        yield stored as Stored & { document: D };
        opened();
      }
    },
    commit: async (batch) => {
      const session = opened();
      refuseIf(readOnly, file);
      assertBatch(batch);
      // A document that is no JSON must fail alone and not with the flush.
      JSON.stringify(batch);
      return session.commit(batch);
    },
    sealKey: async (make) => {
      opened();
      refuseIf(readOnly, file);
      return storeKeyFrom({
        environment: environment.RAPPORT_STORE_KEY,
        read: () => readKeyFile(`${file}.key`),
        create: (text) => createKeyFile(`${file}.key`, text),
        hasDocuments: async () => table().all().length > 0,
        make,
      });
    },
    [Symbol.asyncDispose]: async () => {
      const ending = open;
      open = undefined;
      ending?.session.end();
      ending?.unlock();
    },
  };
}

function refuseMissing(file: string): void {
  if (!existsSync(file)) throw fault("store.readOnly", `There is no file "${file}", and it was to be read only.`);
}

function refuseIf(readOnly: boolean, file: string): void {
  if (readOnly) throw fault("store.readOnly", `The file "${file}" was opened for reading only.`);
}
