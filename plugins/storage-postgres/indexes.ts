/**
 * The declared indexes. They belong to the database and only grow: processes of different versions share it, and each
 * keeps up the entries of every field that any of them has declared.
 */
import { type Collection, collectionOf, type Document, fault, kindOf, pathsOfField } from "rapport/core";
import type { PostgresConnection } from "./driver.ts";
import { entriesOf, type FieldPaths } from "./entries.ts";
import { rebuildPageMax } from "./limits.ts";
import type { Rows } from "./rows.ts";
import { type Names, textAt } from "./schema.ts";

/** One row of the entries table. */
export interface Entry {
  readonly collection: string;
  readonly field: string;
  readonly value: string;
  readonly since: number;
}

/** A document at its place in the order of insertion. */
export interface Placed {
  readonly since: number;
  readonly document: Document;
}

/** The fields that are indexed. */
export interface Indexes {
  has(kind: string, field: string): boolean;
  /** Takes over what the database says now, if that is something new. */
  follow(text: string): void;
  /** The entries that go and come when a key changes. */
  changes(key: string, before: Placed | undefined, after: Placed | undefined): { gone: Entry[]; made: Entry[] };
  /** Adds our fields to those of the database and builds their entries. Call it in a transaction that is alone. */
  declare(connection: PostgresConnection, rows: Rows): Promise<void>;
}

type Pair = readonly [kind: string, field: string];

/** The indexes of a schema, with what this process needs of them. */
export function createIndexes(names: Names, collections: readonly Collection[]): Indexes {
  let known = "[]";
  let pathsByKind = pathsOf([]);

  const follow = (text: string) => {
    if (text === known) return;
    pathsByKind = pathsOf(parsePairs(text));
    known = text;
  };

  return {
    has: (kind, field) => pathsByKind.get(kind)?.has(field) ?? false,
    follow,
    changes: (key, before, after) => changesIn(pathsByKind, key, [before, after]),
    declare: async (connection, rows) => {
      const { rows: found } = await connection.query(`SELECT value FROM ${names.meta} WHERE name = 'indexes'`, []);
      follow(textAt(found[0], "value") ?? "");
      const all = parsePairs(known);
      const missing = missingPairs(all, collections);
      if (missing.length === 0) return;
      await build({ connection, names, rows }, pathsOf(missing));
      const text = JSON.stringify([...all, ...missing]);
      await connection.query(`UPDATE ${names.meta} SET value = $1 WHERE name = 'indexes'`, [text]);
      follow(text);
    },
  };
}

/** The statement that adds entries, with its values. */
export function insertEntries(names: Names, entries: readonly Entry[]) {
  const text = `INSERT INTO ${names.entries} (collection, field, value, since)
    SELECT u.collection, u.field, u.value, u.since
    FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) AS u(collection, field, value, since)
    ON CONFLICT DO NOTHING`;
  return { text, values: columnsOf(entries) };
}

/** The statement that removes entries, with its values. */
export function deleteEntries(names: Names, entries: readonly Entry[]) {
  const text = `DELETE FROM ${names.entries} e
    USING unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) AS u(collection, field, value, since)
    WHERE e.collection = u.collection AND e.field = u.field AND e.value = u.value AND e.since = u.since`;
  return { text, values: columnsOf(entries) };
}

function columnsOf(entries: readonly Entry[]): unknown[] {
  return [
    entries.map(({ collection }) => collection),
    entries.map(({ field }) => field),
    entries.map(({ value }) => value),
    entries.map(({ since }) => since),
  ];
}

type PathsByKind = ReadonlyMap<string, ReadonlyMap<string, FieldPaths>>;

function pathsOf(pairs: readonly Pair[]): PathsByKind {
  const paths = new Map<string, Map<string, FieldPaths>>();
  for (const [kind, field] of pairs) {
    const fields = paths.get(kind) ?? new Map<string, FieldPaths>();
    paths.set(kind, fields.set(field, pathsOfField(field)));
  }
  return paths;
}

function changesIn(
  pathsByKind: PathsByKind,
  key: string,
  [before, after]: readonly [Placed | undefined, Placed | undefined],
): { gone: Entry[]; made: Entry[] } {
  const collection = collectionOf(key);
  const gone: Entry[] = [];
  const made: Entry[] = [];
  const stays = before?.since === after?.since;
  for (const [field, paths] of pathsByKind.get(kindOf(collection)) ?? []) {
    const old = entriesOf(before?.document, paths);
    const now = entriesOf(after?.document, paths);
    if (before !== undefined)
      for (const value of old) {
        if (!stays || !now.has(value)) gone.push({ collection, field, value, since: before.since });
      }
    if (after !== undefined)
      for (const value of now) {
        if (!stays || !old.has(value)) made.push({ collection, field, value, since: after.since });
      }
  }
  return { gone, made };
}

function missingPairs(all: readonly Pair[], collections: readonly Collection[]): readonly Pair[] {
  const has = new Set(all.map((pair) => JSON.stringify(pair)));
  return collections.flatMap(({ kind, indexes }) =>
    [...new Set(indexes)].flatMap((field): Pair[] => (has.has(JSON.stringify([kind, field])) ? [] : [[kind, field]])),
  );
}

function parsePairs(text: string): readonly Pair[] {
  try {
    const pairs: Pair[] = JSON.parse(text);
    return pairs.map(([kind, field]) => [kind, field]);
  } catch (cause) {
    throw fault("store.corrupted", "The schema does not say which indexes it has.", { cause });
  }
}

/** Nobody writes while entries are built: flushes wait for the lock and then see which fields there are. */
async function build(
  { connection, names, rows }: { connection: PostgresConnection; names: Names; rows: Rows },
  paths: PathsByKind,
): Promise<void> {
  await connection.query(`LOCK TABLE ${names.documents} IN EXCLUSIVE MODE`, []);
  const page = `SELECT key, since::text, version::text, body FROM ${names.documents}
    WHERE key > $1 AND split_part(collection, '/', 2) = ANY($2::text[]) ORDER BY key LIMIT ${rebuildPageMax}`;
  let last = "";
  for (;;) {
    const found = (await connection.query(page, [last, [...paths.keys()]])).rows.map(rows.listed);
    const made = found.flatMap(
      ({ stored, since }) => changesIn(paths, stored.key, [undefined, { since, document: stored.document }]).made,
    );
    const { text, values } = insertEntries(names, made);
    if (made.length > 0) await connection.query(text, values);
    if (found.length < rebuildPageMax) return;
    last = found.at(-1)?.stored.key ?? last;
  }
}
