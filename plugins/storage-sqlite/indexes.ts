/** Keeps the entries table in step with the documents and the declared indexes. */
import { type Collection, collectionOf, type Document, kindOf, pathsOfField } from "rapport/core";
import type { SqliteLike } from "./driver.ts";
import { entriesOf } from "./entries.ts";
import type { Rows } from "./rows.ts";

/** The declared indexes of an open database. */
export interface Indexes {
  has(kind: string, field: string): boolean;
  /** Brings the entries of one place from the old document to the new one. */
  change(place: { key: string; since: number }, before: Document | undefined, after: Document | undefined): void;
  /** Whether the entries in the file are those of this declaration. */
  isCurrent(): boolean;
  /** Builds all entries anew if the declaration is not the one the file was last written with. */
  rebuildIfChanged(rows: Rows): void;
}

/** Prepares the upkeep of the declared indexes. */
export function createIndexes(db: SqliteLike, collections: readonly Collection[]): Indexes {
  const insert = db.prepare("INSERT OR IGNORE INTO entries (collection, field, value, since) VALUES (?, ?, ?, ?)");
  const remove = db.prepare("DELETE FROM entries WHERE collection = ? AND field = ? AND value = ? AND since = ?");
  const pathsByKind = new Map(
    collections.map(({ kind, indexes }) => [kind, new Map(indexes.map((field) => [field, pathsOfField(field)]))]),
  );

  const change: Indexes["change"] = ({ key, since }, before, after) => {
    const collection = collectionOf(key);
    for (const [field, paths] of pathsByKind.get(kindOf(collection)) ?? []) {
      const old = entriesOf(before, paths);
      const now = entriesOf(after, paths);
      for (const value of old) if (!now.has(value)) remove.run(collection, field, value, since);
      for (const value of now) if (!old.has(value)) insert.run(collection, field, value, since);
    }
  };

  const declared = fingerprint(collections);
  const isCurrent = () =>
    db.prepare("SELECT 1 FROM meta WHERE name = 'indexes' AND value = ?").get(declared) !== undefined;

  return {
    isCurrent,
    has: (kind, field) => pathsByKind.get(kind)?.has(field) ?? false,
    change,
    rebuildIfChanged: (rows) => {
      if (isCurrent()) return;
      db.exec("BEGIN IMMEDIATE; DELETE FROM entries");
      for (const row of allRows(db)) {
        const { stored, since } = rows.present(row);
        change({ key: stored.key, since }, undefined, stored.document);
      }
      db.prepare("UPDATE meta SET value = ? WHERE name = 'indexes'").run(declared);
      db.exec("COMMIT");
    },
  };
}

/** How entries look. Those of an older form are built anew. */
const entriesForm = "form 2";

/** Equal for declarations that mean the same. */
function fingerprint(collections: readonly Collection[]): string {
  const pairs = collections.flatMap(({ kind, indexes }) => indexes.map((field) => `${kind} ${field}`));
  return JSON.stringify([entriesForm, ...[...new Set(pairs)].sort()]);
}

function* allRows(db: SqliteLike): Generator<{ since: number }> {
  const page = db.prepare("SELECT since, key, version, body FROM documents WHERE since > ? ORDER BY since LIMIT 256");
  let last = 0;
  for (;;) {
    const rows = page.all(last);
    for (const row of rows) {
      if (typeof row !== "object" || row === null || !("since" in row) || typeof row.since !== "number") return;
      last = row.since;
      yield { ...row, since: row.since };
    }
    if (rows.length === 0) return;
  }
}
