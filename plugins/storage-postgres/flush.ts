/**
 * One transaction for all commits of a flush.
 *
 * F1. The memory of rows changes only after the transaction is known to be committed.
 * F2. A flush that was certainly not committed may be taken again from the start; one whose end is unknown may not.
 */
import { type Batch, type CommitResult, type Document, fault } from "rapport/core";
import { type PostgresConnection, type PostgresLike, queryInOrder } from "./driver.ts";
import { isLost, sqlStateOf } from "./faults.ts";
import type { Indexes } from "./indexes.ts";
import { attemptsPerFlushMax, outcomeAsksMax, outcomePauseMs } from "./limits.ts";
import { beginLocked, keysOf, type Locked, sharedKeysOf, writesMaxOf } from "./lock.ts";
import type { Rows } from "./rows.ts";
import { type Names, textAt } from "./schema.ts";
import { type Draft, draftOf, overtaken } from "./writes.ts";

/** What flushing works with; `erased` hears that rows were replaced or deleted. */
export interface FlushParts {
  readonly driver: PostgresLike;
  readonly names: Names;
  readonly rows: Rows;
  readonly indexes: Indexes;
  readonly bodyOf: (document: Document) => string;
  readonly erased: () => void;
  /** The kinds that are checked far more often than written. */
  readonly settled: ReadonlySet<string>;
}

type Attempt = { readonly results: readonly CommitResult[] } | { readonly again: readonly string[]; problem: unknown };

/** Writes batches, and answers when they are durable. */
export function createFlush(parts: FlushParts): (batches: readonly Batch[]) => Promise<readonly CommitResult[]> {
  return async (batches) => {
    const keys = keysOf(batches);
    for (let attempts = 1; ; attempts += 1) {
      const attempt = await attemptFlush(parts, batches, keys);
      if ("results" in attempt) return attempt.results;
      if (attempts >= attemptsPerFlushMax) throw attempt.problem;
      // Another process has made some of these: now they can be locked.
      for (const key of attempt.again) keys.add(key);
    }
  };
}

async function attemptFlush(parts: FlushParts, batches: readonly Batch[], keys: ReadonlySet<string>): Promise<Attempt> {
  const connection = await parts.driver.connect();
  let locked: Locked | undefined;
  let draft: Draft | undefined;
  try {
    const shared = sharedKeysOf(batches, parts.settled);
    locked = await beginLocked(connection, parts, { keys, shared, writesMax: writesMaxOf(batches) });
    parts.indexes.follow(locked.indexes);
    draft = draftOf(batches, locked, parts);
    const end = draft.written.length === 0 ? "ROLLBACK" : "COMMIT";
    await queryInOrder(connection, [...draft.statements, { text: end, values: [] }]);
  } catch (problem) {
    await abandon(connection, problem);
    if (!isLost(problem)) return againOrThrow(problem, draft);
    // Without a draft nothing was sent that could have been committed.
    if (locked === undefined || draft === undefined) return { again: [], problem };
    const isCommitted = await wasCommitted(parts, locked, problem);
    return isCommitted ? { results: remember(parts, draft) } : { again: [], problem };
  }
  connection.release();
  return { results: remember(parts, draft) };
}

/** Ends the transaction, or the connection when that is not possible. */
async function abandon(connection: PostgresConnection, problem: unknown): Promise<void> {
  let isBroken = isLost(problem);
  try {
    if (!isBroken) await connection.query("ROLLBACK", []);
  } catch {
    isBroken = true;
  }
  connection.release(isBroken);
}

/** Serialization failures, deadlocks and keys that another process inserted first: a new attempt sees what came between. */
function againOrThrow(problem: unknown, draft: Draft | undefined): Attempt {
  const state = sqlStateOf(problem);
  if (state === overtaken && draft !== undefined) return { again: draft.inserted, problem };
  if (state === "40001" || state === "40P01") return { again: [], problem };
  throw problem;
}

/** Asks the database about a transaction whose connection died. Rejects when there is no answer. */
async function wasCommitted({ driver }: FlushParts, { transaction }: Locked, problem: unknown): Promise<boolean> {
  for (let asks = 0; asks < outcomeAsksMax; asks += 1) {
    const status = await statusOf(driver, transaction);
    if (status === "committed") return true;
    if (status === "aborted") return false;
    // Either nobody answers yet, or the server has not noticed yet that the connection is gone.
    await new Promise((resolve) => setTimeout(resolve, outcomePauseMs));
  }
  const what = "The connection to PostgreSQL was lost and it is unknown whether the commits were made";
  throw fault("store.unavailable", `${what}. Read before you repeat them.`, { cause: problem });
}

async function statusOf(driver: PostgresLike, transaction: string): Promise<string | undefined> {
  try {
    const connection = await driver.connect();
    try {
      const { rows } = await connection.query("SELECT pg_xact_status($1::text::xid8) AS status", [transaction]);
      connection.release();
      return textAt(rows[0], "status");
    } catch {
      connection.release(true);
      return undefined;
    }
  } catch {
    return undefined;
  }
}

function remember({ rows, bodyOf, erased }: FlushParts, draft: Draft): readonly CommitResult[] {
  for (const [key, now] of draft.written)
    rows.written(key, now, now === undefined ? 0 : bodyOf(now.stored.document).length);
  if (draft.erases) erased();
  return draft.results;
}
