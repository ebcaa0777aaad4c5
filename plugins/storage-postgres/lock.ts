/**
 * The first half of a flush: all its keys, locked, and then the versions for what it will write. Versions are drawn after
 * the locks are held, so entries of one stream have theirs in the order of appending, whichever processes append.
 *
 * Documents of settled kinds that are only checked have shared locks, or every call of one identity would wait for all its
 * other calls at other processes. Shared locks come before the others and so out of the one order; should two flushes wait
 * for each other over one of the rare writes to such a document, PostgreSQL ends one of them, and it is taken again.
 */
import { type Batch, type Document, fault, kindOf, type Present, type Version } from "rapport/core";
import { type PostgresConnection, queryInOrder } from "./driver.ts";
import { versionsPerStep } from "./limits.ts";
import type { Rows } from "./rows.ts";
import { type Names, textAt } from "./schema.ts";

/** What a flush holds before it judges. */
export interface Locked {
  readonly presentByKey: ReadonlyMap<string, Present>;
  /** By this number the database knows afterwards whether the transaction was committed. */
  readonly transaction: string;
  /** The declared indexes, as the database knows them. */
  readonly indexes: string;
  /** The version for the n-th write of the flush, from 1. */
  readonly versionAt: (write: number) => Version;
}

/** What locking works with. */
export interface LockParts {
  readonly names: Names;
  readonly rows: Rows;
}

/** Begins a transaction and locks the keys, always in the same order, so that flushes cannot wait for each other in a circle. */
export async function beginLocked(
  connection: PostgresConnection,
  parts: LockParts,
  wanted: { readonly keys: ReadonlySet<string>; readonly shared: ReadonlySet<string>; readonly writesMax: number },
): Promise<Locked> {
  const knownByKey = new Map([...wanted.keys].map((key) => [key, parts.rows.known(key)]));
  const versionsOf = (keys: readonly string[]) => keys.map((key) => knownByKey.get(key)?.stored.version ?? 0);
  const keys = [...wanted.keys].filter((key) => !wanted.shared.has(key));
  const shared = [...wanted.shared];
  const steps = Math.max(1, Math.ceil(wanted.writesMax / versionsPerStep));
  const answers = await queryInOrder(connection, [
    { text: "BEGIN ISOLATION LEVEL READ COMMITTED", values: [] },
    { text: lockAndDraw(parts.names), values: [keys, versionsOf(keys), steps, shared, versionsOf(shared)] },
  ]);
  const rows = answers[1]?.rows ?? [];
  const presentByKey = new Map<string, Present>();
  const drawn: number[] = [];
  for (const row of rows) {
    const key = textAt(row, "key");
    if (key === undefined) drawn.push(Number(textAt(row, "version")));
    else presentByKey.set(key, parts.rows.present(row, knownByKey.get(key)));
  }
  const last = rows.at(-1);
  const [transaction, indexes] = [textAt(last, "since"), textAt(last, "body")];
  if (transaction === undefined || indexes === undefined) {
    throw fault("store.corrupted", "The schema does not say which indexes it has.");
  }
  return { presentByKey, transaction, indexes, versionAt: versionsFrom(drawn) };
}

/** Every key that the batches speak of. */
export function keysOf(batches: readonly Batch[]): Set<string> {
  const keys = new Set<string>();
  for (const { puts, deletes, checks, appends, adds } of batches) {
    for (const list of [puts, deletes, checks]) for (const { key } of list ?? []) keys.add(key);
    for (const { stream } of appends ?? []) keys.add(stream);
    for (const { counter } of adds ?? []) keys.add(counter);
  }
  return keys;
}

/** Those of them that are only checked, and of a settled kind. */
export function sharedKeysOf(batches: readonly Batch[], settled: ReadonlySet<string>): Set<string> {
  const shared = new Set<string>();
  if (settled.size === 0) return shared;
  for (const { checks = [] } of batches) for (const { key } of checks) if (settled.has(kindOf(key))) shared.add(key);
  const withoutChecks = batches.map(({ checks: _, ...rest }) => rest);
  for (const key of keysOf(withoutChecks)) shared.delete(key);
  return shared;
}

/** The most versions that the batches may use. */
export function writesMaxOf(batches: readonly Batch[]): number {
  const of = ({ puts = [], appends = [], adds = [] }: Batch) => puts.length + 2 * appends.length + adds.length;
  return batches.reduce((sum, batch) => sum + of(batch), 0);
}

/** The documents that a batch brings along. */
export function documentsOf({ puts = [], appends = [] }: Batch): readonly Document[] {
  return [...puts, ...appends].map(({ document }) => document);
}

/** Counting the locked rows makes PostgreSQL hold all locks before it draws; the body comes only if it is another one. */
function lockAndDraw({ documents, versions, meta }: Names): string {
  const rows = (keys: string, known: string) =>
    `SELECT d.key, d.since, d.version, CASE WHEN d.version = k.version THEN NULL ELSE d.body END AS body
      FROM unnest(${keys}::text[], ${known}::bigint[]) AS k(key, version) JOIN ${documents} d ON d.key = k.key
      ORDER BY d.key`;
  return `WITH shared AS MATERIALIZED (${rows("$4", "$5")} FOR SHARE OF d),
    locked AS MATERIALIZED (${rows("$1", "$2")} FOR UPDATE OF d)
    SELECT key, since::text AS since, version::text AS version, body FROM shared
    UNION ALL
    SELECT key, since::text AS since, version::text AS version, body FROM locked
    UNION ALL
    SELECT NULL, pg_current_xact_id()::text, nextval('${versions}')::text,
      (SELECT value FROM ${meta} WHERE name = 'indexes')
    FROM (SELECT (SELECT count(*) FROM shared) + (SELECT count(*) FROM locked)) AS all_locked, generate_series(1, $3::int)`;
}

function versionsFrom(drawn: readonly number[]): (write: number) => Version {
  const starts = drawn.toSorted((left, right) => left - right);
  return (write) => {
    const start = starts[Math.floor((write - 1) / versionsPerStep)];
    if (start === undefined) throw fault("store.unavailable", "A flush wrote more than it had drawn versions for.");
    return start + ((write - 1) % versionsPerStep);
  };
}
