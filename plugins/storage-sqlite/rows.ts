/** Reading rows of the documents table, the one place where they become documents. */
import { createDocumentCache, type Document, type DocumentCache, fault, type Present } from "rapport/core";
import type { SqliteLike } from "./driver.ts";
import { hotCharactersMax, hotDocumentsMax } from "./limits.ts";

/** Documents by key, through the cache. */
export interface Rows {
  readonly hot: DocumentCache;
  read(key: string): Present | undefined;
  /** Turns a row (since, key, version, body) of a listing into a document. */
  present(row: unknown): Present;
}

/** Reads documents of an open database. */
export function createRows(db: SqliteLike): Rows {
  const hot = createDocumentCache({ documentsMax: hotDocumentsMax, charactersMax: hotCharactersMax });
  const byKey = db.prepare("SELECT since, key, version, body FROM documents WHERE key = ?");

  return {
    hot,
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
  };
}

interface Columns {
  readonly since: number;
  readonly key: string;
  readonly version: number;
  readonly body: string;
}

function columnsOf(row: unknown): Columns {
  if (typeof row === "object" && row !== null && "since" in row && "key" in row && "version" in row && "body" in row) {
    const { since, key, version, body } = row;
    if (
      typeof since === "number" &&
      typeof key === "string" &&
      typeof version === "number" &&
      typeof body === "string"
    ) {
      return { since, key, version, body };
    }
  }
  throw fault("store.corrupted", "A row of the SQLite file does not have the columns it should have.");
}

function parse({ since, key, version, body }: Columns): { present: Present; characters: number } {
  try {
    const document: Document = JSON.parse(body);
    return { present: { stored: { key, version, document }, since }, characters: body.length };
  } catch (cause) {
    throw fault("store.corrupted", `The document "${key}" of the SQLite file is no JSON.`, { cause });
  }
}
