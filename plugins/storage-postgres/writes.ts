/** The second half of a flush: from the judgement to the statements that write it. */
import { type Batch, type CommitResult, collectionOf, type Document, judge, type Present } from "rapport/core";
import type { PostgresStatement } from "./driver.ts";
import { deleteEntries, type Entry, type Indexes, insertEntries, type Placed } from "./indexes.ts";
import { keysOf, type Locked } from "./lock.ts";
import type { Names } from "./schema.ts";

/** What a flush will answer and write. */
export interface Draft {
  readonly results: readonly CommitResult[];
  readonly written: readonly (readonly [key: string, now: Present | undefined])[];
  /** Keys that must not be there yet when the flush inserts them. */
  readonly inserted: readonly string[];
  /** True when something is replaced or deleted. */
  readonly erases: boolean;
  /** To be sent before the end. One of them fails with `overtaken` when another process was faster to insert. */
  readonly statements: readonly PostgresStatement[];
}

/** What drafting works with; `bodyOf` gives the JSON text of a document. */
export interface DraftParts {
  readonly names: Names;
  readonly indexes: Indexes;
  readonly bodyOf: (document: Document) => string;
}

/** The SQLSTATE (division by zero) with which the statement that inserts fails on purpose. */
export const overtaken = "22012";

/** Judged writes are numbered from here, above every version there is, and then get the versions drawn. */
const numberedFrom = 2 ** 52;

/** Judges the batches against what is locked. */
export function draftOf(batches: readonly Batch[], locked: Locked, parts: DraftParts): Draft {
  const { presentByKey } = locked;
  const judgement = judge(batches, (key) => presentByKey.get(key), numberedFrom);
  const real = (version: number) => (version > numberedFrom ? locked.versionAt(version - numberedFrom) : version);
  const results = judgement.results.map((result) =>
    result.ok ? { ...result, versions: result.versions.map(real) } : result,
  );
  const written = [...judgement.writes].map(([key, now]) => [key, now && withVersions(now, real)] as const);
  const inserts = written.flatMap(([key, now]) => (now === undefined || presentByKey.has(key) ? [] : [now]));
  const isInserted = new Set(inserts.map(({ stored }) => stored.key));
  const winners = batches.filter((_, at) => results[at]?.ok);
  const claims = [...keysOf(winners)].filter((key) => !presentByKey.has(key) && !isInserted.has(key));
  const exhausted = batches.filter((_, at) => "exhausted" in (results[at] ?? {}));
  const doubts = [...keysOf(exhausted)].filter((key) => !presentByKey.has(key));

  return {
    results,
    written,
    inserted: [...isInserted, ...claims],
    erases: written.some(([key]) => presentByKey.has(key)),
    statements: [
      ...reassurance(parts.names, doubts),
      ...insertion(parts, inserts, claims),
      ...replacement(
        parts,
        written.flatMap(([key, now]) => (now && presentByKey.has(key) ? [now] : [])),
      ),
      ...removal(
        parts.names,
        written.flatMap(([key, now]) => (!now && presentByKey.has(key) ? [key] : [])),
        claims,
      ),
      ...indexing(parts, written, presentByKey),
    ],
  };
}

function withVersions({ stored, since }: Present, real: (version: number) => number): Present {
  return { stored: { ...stored, version: real(stored.version) }, since: real(since) };
}

/**
 * Makes sure that what was found absent still is. While the flush waited for the lock of a counter, another process may have
 * made the key together with the counter's last step: then the batch has lost by a conflict, and not to a full counter.
 */
function reassurance(names: Names, absent: readonly string[]): PostgresStatement[] {
  if (absent.length === 0) return [];
  const text = `SELECT 1 / (count(*) = 0)::int FROM ${names.documents} WHERE key = ANY($1::text[])`;
  return [{ text, values: [absent] }];
}

/**
 * Inserts what is new. A key that was found absent and stays absent is claimed as well: its row is inserted here and
 * deleted below, so that no other process can insert the key before this transaction ends. There is no row to lock.
 */
function insertion({ names, bodyOf }: DraftParts, inserts: readonly Present[], claims: readonly string[]) {
  const keys = [...inserts.map(({ stored }) => stored.key), ...claims];
  if (keys.length === 0) return [];
  const none = claims.map(() => 0);
  const text = `WITH made AS (
      INSERT INTO ${names.documents} (key, collection, since, version, body)
      SELECT u.key, u.collection, u.since, u.version, u.body
      FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::text[])
        AS u(key, collection, since, version, body)
      ORDER BY u.key COLLATE "C" ON CONFLICT DO NOTHING RETURNING 1
    )
    SELECT 1 / (count(*) = $6::int)::int FROM made`;
  const values = [
    keys,
    keys.map(collectionOf),
    [...inserts.map(({ since }) => since), ...none],
    [...inserts.map(({ stored }) => stored.version), ...none],
    [...inserts.map(({ stored }) => bodyOf(stored.document)), ...claims.map(() => "")],
    keys.length,
  ];
  return [{ text, values }];
}

/** Rows are replaced in place, also those whose key was deleted and put again: who waits for the row finds it. */
function replacement({ names, bodyOf }: DraftParts, replaced: readonly Present[]): PostgresStatement[] {
  if (replaced.length === 0) return [];
  const text = `UPDATE ${names.documents} d SET since = u.since, version = u.version, body = u.body
    FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[]) AS u(key, since, version, body)
    WHERE d.key = u.key`;
  const values = [
    replaced.map(({ stored }) => stored.key),
    replaced.map(({ since }) => since),
    replaced.map(({ stored }) => stored.version),
    replaced.map(({ stored }) => bodyOf(stored.document)),
  ];
  return [{ text, values }];
}

function removal(names: Names, removed: readonly string[], claims: readonly string[]): PostgresStatement[] {
  const keys = [...removed, ...claims];
  if (keys.length === 0) return [];
  return [{ text: `DELETE FROM ${names.documents} WHERE key = ANY($1::text[])`, values: [keys] }];
}

function indexing(
  { names, indexes }: DraftParts,
  written: Draft["written"],
  presentByKey: ReadonlyMap<string, Present>,
): PostgresStatement[] {
  const gone: Entry[] = [];
  const made: Entry[] = [];
  for (const [key, now] of written) {
    const changes = indexes.changes(key, placed(presentByKey.get(key)), placed(now));
    gone.push(...changes.gone);
    made.push(...changes.made);
  }
  return [
    ...(gone.length === 0 ? [] : [deleteEntries(names, gone)]),
    ...(made.length === 0 ? [] : [insertEntries(names, made)]),
  ];
}

function placed(present: Present | undefined): Placed | undefined {
  return present && { since: present.since, document: present.stored.document };
}
