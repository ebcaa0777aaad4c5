/** The layout of the file, version 1. Later versions migrate forward here; a newer one is refused. */
import { fault } from "rapport/core";
import type { SqliteLike } from "./driver.ts";

const schemaVersion = 1;

/** "RAPP", so that a database of another program is never taken for ours. */
const applicationId = 0x52415050;

const tables = `
  CREATE TABLE documents (
    since INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    collection TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL
  );
  CREATE INDEX documents_in_order ON documents (collection, since);
  CREATE TABLE entries (
    collection TEXT NOT NULL,
    field TEXT NOT NULL,
    value NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (collection, field, value, since)
  ) WITHOUT ROWID;
  CREATE TABLE meta (name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
  INSERT INTO meta VALUES ('version', 0), ('indexes', '[]'), ('erased', 0);
`;

/**
 * Takes the file for this process and brings it to the current layout. SQLite's own exclusive lock is the guard against
 * a second process: it needs no lock file and ends with the process, however that ends.
 */
export function prepareDatabase(db: SqliteLike, file: string): void {
  db.exec("PRAGMA locking_mode = EXCLUSIVE");
  const isNew = isOurs(db, file) === "new";
  db.exec("PRAGMA journal_mode = WAL");
  db.exec("PRAGMA synchronous = FULL");
  db.exec("PRAGMA secure_delete = ON");
  // Sorting and rebuilding must not leave content in files of the temporary folder.
  db.exec("PRAGMA temp_store = MEMORY");
  db.exec("BEGIN EXCLUSIVE");
  if (isNew) db.exec(`${tables} PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${schemaVersion};`);
  db.exec("COMMIT");
}

/** Takes the file for this process without changing it. */
export function checkDatabase(db: SqliteLike, file: string): void {
  db.exec("PRAGMA locking_mode = EXCLUSIVE");
  db.exec("PRAGMA query_only = ON");
  db.exec("PRAGMA temp_store = MEMORY");
  if (isOurs(db, file) === "new") throw fault("store.readOnly", `The SQLite file "${file}" holds no store yet.`);
  // The lock comes with the first page that is read, and stays.
  db.prepare("SELECT count(*) FROM meta").get();
}

function isOurs(db: SqliteLike, file: string): "new" | "known" {
  const found = { id: numberOf(db, "application_id"), version: numberOf(db, "user_version") };
  const isNew = db.prepare("SELECT name FROM sqlite_master LIMIT 1").get() === undefined && found.version === 0;
  if (!isNew && found.id !== applicationId) {
    throw fault("store.corrupted", `The SQLite file "${file}" belongs to another program; choose another file.`);
  }
  if (found.version > schemaVersion) {
    const numbers = `has layout ${found.version}, this version of Rapport knows up to ${schemaVersion}`;
    throw fault("store.newerVersion", `The SQLite file "${file}" ${numbers}. Upgrade Rapport.`, {
      details: { found: found.version, known: schemaVersion },
    });
  }
  return isNew ? "new" : "known";
}

/** Leaves one file without a log beside it, rebuilt if `rebuild` says so, and lets go of its lock. */
export function releaseDatabase(db: SqliteLike, rebuild: boolean): void {
  try {
    // secure_delete overwrites what is freed, but not what SQLite moved between pages earlier: only a rebuild does.
    if (rebuild) db.exec("UPDATE meta SET value = 0 WHERE name = 'erased'; VACUUM");
    db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    db.exec("PRAGMA journal_mode = DELETE");
  } catch {
    // Everything is durable in the log already; the next start takes it from there.
  } finally {
    closeDatabase(db);
  }
}

/** Lets go of the lock and closes. */
export function closeDatabase(db: SqliteLike): void {
  try {
    db.exec("PRAGMA locking_mode = NORMAL");
    // The lock goes with the next read; without it, unfinalised statements of libsql would hold it until collected.
    db.prepare("SELECT count(*) FROM sqlite_master").get();
  } catch {
    // Nothing was read, so nothing is locked.
  } finally {
    db.close();
  }
}

/** The size of the database in bytes. */
export function bytesOf(db: SqliteLike): number {
  return numberOf(db, "page_count") * numberOf(db, "page_size");
}

function numberOf(db: SqliteLike, pragma: string): number {
  const row = db.prepare(`PRAGMA ${pragma}`).get();
  const value = typeof row === "object" && row !== null ? Object.values(row)[0] : undefined;
  return typeof value === "number" ? value : 0;
}
