import { closeSync, existsSync, mkdirSync, openSync, statSync } from "node:fs";
import { dirname } from "node:path";
import {
  assertBatch,
  type Batch,
  type Collection,
  createCommitQueue,
  type Document,
  type FoundPage,
  fault,
  type Query,
  type Stored,
  type StorePort,
  storeKeyFrom,
} from "rapport/core";
import { openInstalledDriver, type SqliteLike } from "./driver.ts";
import { faultOf, guarded } from "./faults.ts";
import { createFind } from "./find.ts";
import { createWriter } from "./flush.ts";
import { createIndexes, type Indexes } from "./indexes.ts";
import { createKeyFile, readKeyFile } from "./key-file.ts";
import {
  commitsPerFlushMax,
  commitsWaitingMax,
  documentCharactersMax,
  erasedContentStaysMs,
  rebuiltBytesMax,
} from "./limits.ts";
import { createRows } from "./rows.ts";
import { bytesOf, checkDatabase, closeDatabase, prepareDatabase, releaseDatabase } from "./schema.ts";
import { createTexts } from "./texts.ts";

/** Options of the SQLite store. */
export interface SqliteOptions {
  /** The database file; its folder is made if need be. The key is kept beside it as `<file>.key`. */
  readonly file: string;
  /**
   * Changes no document: an existing file is read, and `commit` is the fault `store.readOnly`. Only the log that a killed
   * writer left (`-wal`) is moved into the file, as SQLite does with whoever opens it next; locking needs that.
   */
  readonly readOnly?: boolean;
  /** Opens a connection; better-sqlite3 if it is installed, else libsql. */
  readonly open?: (file: string) => SqliteLike | Promise<SqliteLike>;
  /** Where RAPPORT_STORE_KEY is looked up; the environment of the process. */
  readonly environment?: { readonly RAPPORT_STORE_KEY?: string | undefined };
}

/** A store in one SQLite file, for one process at a time: a second one gets `store.inUse`. */
export function createSqliteStore({
  file,
  readOnly = false,
  open = openInstalledDriver,
  environment = process.env,
}: SqliteOptions): StorePort {
  let session: Session | undefined;

  const opened = () => {
    if (session !== undefined) return session;
    throw fault("store.closed", `The SQLite store "${file}" is not open or was closed.`);
  };

  return {
    open: async (collections) => {
      try {
        refuseEmptied(file);
        if (readOnly) refuseMissing(file);
        else createPrivately(file);
        session = startSession(await open(file), { file, readOnly, collections });
      } catch (problem) {
        throw faultOf(problem, file);
      }
    },
    // The engine knows what it keeps under a key; the store does not.
    get: async <D>(key: string) => opened().get(key) as (Stored & { document: D }) | undefined,
    find: <D extends Document>(query: Query) => {
      const read = async function* () {
        const pages = opened().find(query);
        for (let page = guarded(file, () => pages.next()); !page.done; page = guarded(file, () => pages.next())) {
          yield page.value as unknown as FoundPage<D>;
          opened();
        }
      };
      const oneByOne = async function* () {
        for await (const page of read()) {
          for (const stored of page.entries()) {
            yield stored;
            opened();
          }
        }
      };
      return { pages: read, [Symbol.asyncIterator]: oneByOne };
    },
    commit: async (batch) => opened().commit(batch),
    sealKey: async (make) => {
      const { isEmpty } = opened();
      if (readOnly) throw readOnlyFault(file);
      return storeKeyFrom({
        environment: environment.RAPPORT_STORE_KEY,
        read: () => readKeyFile(`${file}.key`),
        create: (text) => createKeyFile(`${file}.key`, text),
        hasDocuments: async () => !isEmpty(),
        make,
      });
    },
    [Symbol.asyncDispose]: async () => {
      const ending = session;
      session = undefined;
      ending?.end();
    },
  };
}

type Session = ReturnType<typeof startSession>;

interface Place {
  readonly file: string;
  readonly readOnly: boolean;
  readonly collections: readonly Collection[];
}

function startSession(db: SqliteLike, place: Place) {
  try {
    if (place.readOnly) checkDatabase(db, place.file);
    else prepareDatabase(db, place.file);
    return sessionOf(db, place);
  } catch (problem) {
    closeDatabase(db);
    throw problem;
  }
}

function sessionOf(db: SqliteLike, { file, readOnly, collections }: Place) {
  const texts = createTexts(collections);
  const rows = createRows(db, texts);
  const indexes = readOnly ? indexesAsTheyAre(db, collections) : createIndexes(db, collections);
  if (!readOnly) indexes.rebuildIfChanged(rows);
  const find = createFind(db, rows, indexes);
  const bodies = new WeakMap<Document, string>();
  const writer = createWriter({
    db,
    rows,
    indexes,
    bodyOf: (key, document) => bodies.get(document) ?? checked(texts.bodyOf(key, document)),
  });
  const anyRow = db.prepare("SELECT 1 FROM documents LIMIT 1");
  const sweep = createSweep(db);
  // A run that died may have left erased content in the log.
  if (!readOnly && writer.hasErased()) sweep.soon();
  const queue = createCommitQueue({
    flush: (batches) => {
      const results = guarded(file, () => writer.flush(batches));
      if (writer.hasErased()) sweep.soon();
      return results;
    },
    later: setImmediate,
    perFlushMax: commitsPerFlushMax,
    waitingMax: commitsWaitingMax,
  });

  return {
    get: (key: string) => guarded(file, () => rows.read(key)?.stored),
    find: (query: Query) => find(query, writer.version()),
    isEmpty: () => guarded(file, () => anyRow.get() === undefined),
    commit: (batch: Batch) => {
      if (readOnly) throw readOnlyFault(file);
      assertBatch(batch);
      for (const { key, document } of batch.puts ?? []) bodies.set(document, checked(texts.bodyOf(key, document)));
      for (const { document } of batch.appends ?? []) bodies.set(document, checked(JSON.stringify(document)));
      return queue.add(batch);
    },
    end: () => {
      queue.finish();
      sweep.cancel();
      if (readOnly) closeDatabase(db);
      else releaseDatabase(db, writer.hasErased() && bytesOf(db) <= rebuiltBytesMax);
    },
  };
}

// Of an older declaration the file has other entries; then questions are answered by scanning.
function indexesAsTheyAre(db: SqliteLike, collections: readonly Collection[]): Indexes {
  const indexes = createIndexes(db, collections);
  return indexes.isCurrent() ? indexes : createIndexes(db, []);
}

function readOnlyFault(file: string): Error {
  return fault("store.readOnly", `The SQLite file "${file}" was opened for reading only.`);
}

function refuseMissing(file: string): void {
  if (existsSync(file)) return;
  throw fault("store.readOnly", `There is no SQLite file "${file}", and it was to be read only.`);
}

function checked(body: string): string {
  if (body.length <= documentCharactersMax) return body;
  const size = `${body.length} characters, ${documentCharactersMax} are allowed`;
  throw fault("store.documentTooLarge", `A document has ${size}. Split it, or keep its content in a file.`);
}

/** Empties the log some time after content was erased, once for all that was erased meanwhile. */
function createSweep(db: SqliteLike) {
  let timer: NodeJS.Timeout | undefined;
  const run = () => {
    timer = undefined;
    try {
      db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch {
      // The next flush asks again, and closing does it in any case.
    }
  };
  return {
    soon: () => {
      timer ??= setTimeout(run, erasedContentStaysMs).unref();
    },
    cancel: () => clearTimeout(timer),
  };
}

/** A key is only made once the tables are on the disk, so an empty file beside one has lost what it held. */
function refuseEmptied(file: string): void {
  if (statSync(file, { throwIfNoEntry: false })?.size !== 0 || !existsSync(`${file}.key`)) return;
  const what = `The SQLite file "${file}" is empty, but its key file is there, so it once held a store`;
  throw fault("store.corrupted", `${what}. Restore it from a backup, or remove it to begin with an empty store.`);
}

/**
 * A new file is readable by its owner alone, and SQLite gives its log the same mode. An existing file is not touched:
 * opening and closing it would drop the locks that this process holds on it.
 */
function createPrivately(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  try {
    closeSync(openSync(file, "wx", 0o600));
  } catch (problem) {
    if (!(problem instanceof Error && "code" in problem && problem.code === "EEXIST")) throw problem;
  }
}
