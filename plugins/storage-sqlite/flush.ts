/**
 * One transaction for all commits of a flush. F1. The cache changes only after COMMIT has returned; a failed flush leaves
 * file, cache and version counter as they were.
 */
import {
  type Batch,
  type CommitResult,
  collectionOf,
  type Document,
  judge,
  type Present,
  type Writes,
} from "rapport/core";
import type { SqliteLike } from "./driver.ts";
import type { Indexes } from "./indexes.ts";
import type { Rows } from "./rows.ts";

/** Writes batches to an open database. */
export interface Writer {
  /** The last version used. */
  version(): number;
  /** True once something was replaced or deleted, now or in an earlier run that was not closed properly. */
  hasErased(): boolean;
  flush(batches: readonly Batch[]): readonly CommitResult[];
}

/** What a writer works with; `bodyOf` gives the JSON text of a document. */
export interface WriterParts {
  readonly db: SqliteLike;
  readonly rows: Rows;
  readonly indexes: Indexes;
  readonly bodyOf: (key: string, document: Document) => string;
}

/** Prepares writing to an open database. */
export function createWriter({ db, rows, indexes, bodyOf }: WriterParts): Writer {
  const insert = db.prepare("INSERT INTO documents (since, key, collection, version, body) VALUES (?, ?, ?, ?, ?)");
  const update = db.prepare("UPDATE documents SET version = ?, body = ? WHERE since = ?");
  const remove = db.prepare("DELETE FROM documents WHERE since = ?");
  const setMeta = db.prepare("UPDATE meta SET value = ? WHERE name = ?");
  let version = metaOf(db, "version");
  let erased = metaOf(db, "erased") > 0;

  const write = (key: string, before: Present | undefined, now: Present | undefined) => {
    const stays = before !== undefined && before.since === now?.since;
    if (before !== undefined && !stays) {
      remove.run(before.since);
      indexes.change({ key, since: before.since }, before.stored.document, undefined);
    }
    if (now === undefined) return;
    const body = bodyOf(key, now.stored.document);
    if (stays) update.run(now.stored.version, body, now.since);
    else insert.run(now.since, key, collectionOf(key), now.stored.version, body);
    indexes.change({ key, since: now.since }, stays ? before.stored.document : undefined, now.stored.document);
  };

  const transact = (writes: Writes, last: number): boolean => {
    let erases = false;
    db.exec("BEGIN IMMEDIATE");
    try {
      for (const [key, now] of writes) {
        const before = rows.read(key);
        erases ||= before !== undefined;
        write(key, before, now);
      }
      setMeta.run(last, "version");
      if (erases && !erased) setMeta.run(1, "erased");
      db.exec("COMMIT");
    } catch (problem) {
      rollBack(db);
      throw problem;
    }
    return erases;
  };

  return {
    version: () => version,
    hasErased: () => erased,
    flush: (batches) => {
      const judgement = judge(batches, rows.read, version);
      if (judgement.writes.size === 0) return judgement.results;
      if (transact(judgement.writes, judgement.version)) erased = true;
      version = judgement.version;
      rows.changed();
      for (const [key, now] of judgement.writes) {
        if (now === undefined) rows.hot.delete(key);
        else rows.hot.put(now, bodyOf(key, now.stored.document).length);
      }
      return judgement.results;
    },
  };
}

/** SQLite may have rolled back by itself, and then says so. */
function rollBack(db: SqliteLike): void {
  try {
    db.exec("ROLLBACK");
  } catch {
    // The first problem is the one that matters.
  }
}

function metaOf(db: SqliteLike, name: string): number {
  const row = db.prepare("SELECT value FROM meta WHERE name = ?").get(name);
  return typeof row === "object" && row !== null && "value" in row ? Number(row.value) : 0;
}
