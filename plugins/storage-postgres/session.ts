import {
  assertBatch,
  type Batch,
  type Collection,
  type CommitResult,
  createAsyncCommitQueue,
  type Document,
  fault,
  type Query,
  type Stored,
} from "rapport/core";
import type { PostgresLike } from "./driver.ts";
import { faultOf } from "./faults.ts";
import { findPages } from "./find.ts";
import { createFlush } from "./flush.ts";
import { createIndexes } from "./indexes.ts";
import { lending, lentOnce } from "./lend.ts";
import {
  charactersPerFlushMax,
  commitsPerFlushMax,
  commitsWaitingMax,
  documentCharactersMax,
  keyBytesMax,
} from "./limits.ts";
import { documentsOf, keysOf } from "./lock.ts";
import { createReads } from "./reads.ts";
import { createRows } from "./rows.ts";
import { type Names, prepareSchema } from "./schema.ts";
import { createSweep } from "./sweep.ts";

/** What the store asks of an open database. */
export interface Session {
  get(key: string): Promise<Stored | undefined>;
  find(query: Query): AsyncGenerator<readonly Stored[], void, undefined>;
  commit(batch: Batch): Promise<CommitResult>;
  isEmpty(): Promise<boolean>;
  end(): Promise<void>;
}

/** Prepares the schema and begins to work with it. */
export async function startSession(
  driver: PostgresLike,
  names: Names,
  collections: readonly Collection[],
): Promise<Session> {
  const rows = createRows();
  const indexes = createIndexes(names, collections);
  await lentOnce(driver, (connection) => prepareSchema(connection, names, () => indexes.declare(connection, rows)));
  const lend = lending(driver, names.schema);
  const reads = createReads({ lend, names, rows });
  const sweep = createSweep(lend, [names.documents, names.entries]);
  const bodies = new WeakMap<Document, string>();
  const bodyOf = (document: Document) => bodies.get(document) ?? textOf(document);
  const settled = new Set(collections.flatMap(({ kind, settled }) => (settled === true ? [kind] : [])));
  const flush = createFlush({ driver, names, rows, indexes, bodyOf, erased: sweep.soon, settled });
  const queue = createAsyncCommitQueue({
    flush: (batches) =>
      flush(batches).catch((problem) => {
        throw faultOf(problem, names.schema);
      }),
    later: setImmediate,
    perFlushMax: commitsPerFlushMax,
    waitingMax: commitsWaitingMax,
    weightOf: (batch) => documentsOf(batch).reduce((sum, document) => sum + bodyOf(document).length, 0),
    weightPerFlushMax: charactersPerFlushMax,
  });

  return {
    get: reads.get,
    find: (query) => findPages({ lend, names, rows, indexes }, query),
    isEmpty: async () => {
      const { rows: found } = await lend((connection) =>
        connection.query(`SELECT 1 FROM ${names.documents} LIMIT 1`, []),
      );
      return found.length === 0;
    },
    commit: async (batch) => {
      assertBatch(batch);
      for (const key of keysOf([batch])) refuseLong(key);
      for (const document of documentsOf(batch)) bodies.set(document, textOf(document));
      return queue.add(batch);
    },
    end: async () => {
      await Promise.all([queue.finish(), reads.finish(), sweep.end()]);
      await driver.end();
    },
  };
}

function refuseLong(key: string): void {
  if (key.length * 3 <= keyBytesMax) return;
  const bytes = Buffer.byteLength(key);
  if (bytes <= keyBytesMax) return;
  throw fault("store.documentTooLarge", `A key has ${bytes} bytes, ${keyBytesMax} are allowed.`);
}

function textOf(document: Document): string {
  const body = JSON.stringify(document);
  if (body.length <= documentCharactersMax) return body;
  const size = `${body.length} characters, ${documentCharactersMax} are allowed`;
  throw fault("store.documentTooLarge", `A document has ${size}. Split it, or keep its content in a file.`);
}
