/** Reading rows of the documents table, the one place where they become documents. */
import { createDocumentCache, type Document, type DocumentCache, fault, type Present, type Stored } from "rapport/core";
import type { SqliteLike } from "./driver.ts";
import { hotCharactersMax, hotDocumentsMax } from "./limits.ts";
import type { Texts } from "./texts.ts";

/** Documents by key, through the cache. */
export interface Rows {
  readonly hot: DocumentCache;
  /** Says that documents have changed: what was read before and is parsed after this is not for the cache. */
  changed(): void;
  read(key: string): Present | undefined;
  /** Turns a row (since, key, version, body) into a document. */
  present(row: unknown): Present;
  /** The row itself, once it is known to have the columns. */
  columns(row: unknown): Columns;
  /** The document of a listing: it is parsed when somebody looks at it. */
  listed(columns: Columns): Stored;
  /** Its text without inner members. */
  textOf(columns: Columns): string | undefined;
}

/** Reads documents of an open database. */
export function createRows(db: SqliteLike, { outerOf }: Pick<Texts, "outerOf">): Rows {
  const hot = createDocumentCache({ documentsMax: hotDocumentsMax, charactersMax: hotCharactersMax });
  const byKey = db.prepare("SELECT since, key, version, body FROM documents WHERE key = ?");

  let changes = 0;
  const reading: Reading = { changes: () => changes, hot, outerOf };

  return {
    hot,
    changed: () => {
      changes += 1;
    },
    read: (key) => {
      const known = hot.get(key);
      if (known !== undefined) return known;
      const row = byKey.get(key);
      if (row === undefined) return undefined;
      const { present, characters } = parse(columnsOf(row));
      hot.put(present, characters);
      return present;
    },
    present: (row) => {
      const columns = columnsOf(row);
      const known = hot.get(columns.key);
      if (known?.stored.version === columns.version) return known;
      const { present, characters } = parse(columns);
      hot.offer(present, characters);
      return present;
    },
    columns: columnsOf,
    listed: (columns) => unparsed(columns, reading),
    textOf: ({ key, body }) => outerOf(key, body),
  };
}

/** What rows that are not parsed yet have in common; one for all of them, as a listing has many. */
interface Reading {
  /** Changes whenever documents do. */
  changes(): number;
  readonly hot: DocumentCache;
  readonly outerOf: Texts["outerOf"];
}

function unparsed(columns: Columns, reading: Reading): Stored {
  const { key, version, body } = columns;
  const before = reading.changes();
  let document: Document | undefined;
  return {
    key,
    version,
    get text() {
      return reading.outerOf(key, body);
    },
    get document() {
      document ??= documentOf(columns, reading, before);
      return document;
    },
  };
}

// What was read before documents changed is not for the cache.
function documentOf(columns: Columns, { hot, changes }: Reading, before: number): Document {
  const known = hot.get(columns.key)?.stored;
  if (known?.version === columns.version) return known.document;
  const { present, characters } = parse(columns);
  if (changes() === before) hot.offer(present, characters);
  return present.stored.document;
}

/** A row of the documents table. */
export interface Columns {
  readonly since: number;
  readonly key: string;
  readonly version: number;
  readonly body: string;
}

function columnsOf(row: unknown): Columns {
  if (isRow(row)) return row;
  throw fault("store.corrupted", "A row of the SQLite file does not have the columns it should have.");
}

function isRow(row: unknown): row is Columns {
  if (typeof row !== "object" || row === null) return false;
  const { since, key, version, body } = row as Partial<Columns>;
  return (
    typeof since === "number" && typeof key === "string" && typeof version === "number" && typeof body === "string"
  );
}

function parse({ since, key, version, body }: Columns): { present: Present; characters: number } {
  try {
    const document: Document = JSON.parse(body);
    return { present: { stored: { key, version, document }, since }, characters: body.length };
  } catch (cause) {
    throw fault("store.corrupted", `The document "${key}" of the SQLite file is no JSON.`, { cause });
  }
}
