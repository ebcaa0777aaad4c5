/**
 * How batches are judged (design.md 3.1), for every store that keeps one process's writes in one queue. Pure: it reads
 * through a function and answers with the writes to make, so a store can make them durable before it shows them.
 *
 * J1. Batches are judged in arrival order, each against what the winners before it left.
 * J2. Expectations of a batch are judged against the state before the batch, conflicts before counters.
 * J3. A batch that loses leaves nothing behind, not even a version number.
 */
import { invariant } from "../errors/bug.ts";
import type { Batch, CommitResult, Document, Expect, Stored, Version } from "./store.ts";

/** A document that is there, with the version at which its key was last created: the place in insertion order. */
export interface Present {
  readonly stored: Stored;
  readonly since: Version;
}

/** What the keys of a flush become: a document, or nothing. */
export type Writes = ReadonlyMap<string, Present | undefined>;

/** The answers in the order of the batches, the writes they amount to, and the last version used. */
export interface Judgement {
  readonly results: readonly CommitResult[];
  readonly writes: Writes;
  readonly version: Version;
}

/** Judges the batches of one flush. `version` is the last one the store has used. */
export function judge(
  batches: readonly Batch[],
  read: (key: string) => Present | undefined,
  version: Version,
): Judgement {
  const writes = new Map<string, Present | undefined>();
  const current = (key: string) => (writes.has(key) ? writes.get(key) : read(key));
  let last = version;
  const results = batches.map((batch) => {
    const draft = draftOf(batch, current, last);
    if (!draft.result.ok) return draft.result;
    for (const [key, write] of draft.writes) writes.set(key, write);
    last = draft.version;
    return draft.result;
  });
  return { results, writes, version: last };
}

/** Stops at once on a batch that no store can make sense of: a malformed key, or a key that is written twice. */
export function assertBatch(batch: Batch): void {
  const written = new Set<string>();
  const once = (key: string) => {
    invariant(
      /^[^/\0]+(?:\/[^/\0]+){2,}$/.test(key),
      `The key "${key}" needs at least three segments, none of them empty.`,
    );
    invariant(!written.has(key), `The batch writes "${key}" twice.`);
    written.add(key);
  };
  for (const { key } of batch.puts ?? []) once(key);
  for (const { key } of batch.deletes ?? []) once(key);
  for (const stream of new Set(batch.appends?.map((append) => append.stream))) once(stream);
  for (const counter of new Set(batch.adds?.map((add) => add.counter))) once(counter);
}

/** The collection path of a key: all but its last segment. */
export function collectionOf(key: string): string {
  return key.slice(0, key.lastIndexOf("/"));
}

/** The kind of a key or of a collection path: its second segment. */
export function kindOf(path: string): string {
  const start = path.indexOf("/") + 1;
  const end = path.indexOf("/", start);
  return path.slice(start, end < 0 ? undefined : end);
}

type Read = (key: string) => Present | undefined;

interface Draft {
  readonly result: CommitResult;
  readonly writes: Map<string, Present | undefined>;
  readonly version: Version;
}

function draftOf(batch: Batch, read: Read, before: Version): Draft {
  const writes = new Map<string, Present | undefined>();
  let version = before;
  const lose = (result: CommitResult): Draft => ({ result, writes: new Map(), version: before });
  const write = (key: string, document: Document): Version => {
    version += 1;
    const old = writes.has(key) ? writes.get(key) : read(key);
    writes.set(key, { stored: { key, version, document }, since: old?.since ?? version });
    return version;
  };

  const unexpected = firstUnexpected(batch, read);
  if (unexpected !== undefined) return lose({ ok: false, conflict: unexpected });

  const versions = (batch.puts ?? []).map(({ key, document }) => write(key, document));
  for (const { key } of batch.deletes ?? []) if (read(key) !== undefined) writes.set(key, undefined);

  const indexes: number[] = [];
  for (const { stream, document, expectNext } of batch.appends ?? []) {
    const next = numberAt(writes.get(stream) ?? read(stream), "next");
    if (next === undefined || (expectNext !== undefined && expectNext !== next)) {
      return lose({ ok: false, conflict: stream });
    }
    write(stream, { next: next + 1 });
    write(`${stream}/${String(next).padStart(12, "0")}`, document);
    indexes.push(next);
  }

  const totals: number[] = [];
  const sums = new Map<string, number>();
  for (const { counter, by, atMost } of batch.adds ?? []) {
    const now = sums.get(counter) ?? numberAt(read(counter), "n");
    if (now === undefined) return lose({ ok: false, conflict: counter });
    if (atMost !== undefined && now + by > atMost) return lose({ ok: false, exhausted: counter });
    sums.set(counter, now + by);
    totals.push(now + by);
  }
  for (const [counter, n] of sums) write(counter, { n });

  return { result: { ok: true, versions, indexes, totals }, writes, version };
}

function firstUnexpected(batch: Batch, read: Read): string | undefined {
  for (const list of [batch.checks, batch.puts, batch.deletes]) {
    for (const { key, expect } of list ?? []) if (!isAs(expect, read(key))) return key;
  }
  return undefined;
}

function isAs(expect: Expect | undefined, present: Present | undefined): boolean {
  if (expect === undefined) return true;
  return expect === "absent" ? present === undefined : present?.stored.version === expect;
}

/** The number a head or a counter holds; 0 when there is none yet, nothing when the key holds something else. */
function numberAt(present: Present | undefined, member: "next" | "n"): number | undefined {
  if (present === undefined) return 0;
  const value = present.stored.document[member];
  return typeof value === "number" ? value : undefined;
}
