/** Reading rows of the documents table, the one place where they become documents. */
import { createDocumentCache, type Document, type DocumentCache, fault, type Present, type Stored } from "rapport/core";
import { hotCharactersMax, hotDocumentsMax } from "./limits.ts";
import { textAt } from "./schema.ts";

/** Documents that were read lately. They are only used at the version that the database says is the current one. */
export interface Rows {
  known(key: string): Present | undefined;
  /** Turns a row (since, key, version, body) into a document; the body may be missing where `known` has the version. */
  present(row: unknown, known: Present | undefined): Present;
  /** The same for a listing: parsed when somebody looks at it, without driving out what is in use. */
  listed(row: unknown): Listing;
  /** What a flush has made of a key. */
  written(key: string, now: Present | undefined, characters: number): void;
}

/** A document of a listing; `characters` are those of its text. */
export type Listing = Present & { readonly characters: number };

/** An empty memory of rows. */
export function createRows(): Rows {
  const cache = createDocumentCache({ documentsMax: hotDocumentsMax, charactersMax: hotCharactersMax });

  /** Answers may come in another order than the writes they saw. */
  const isNewer = ({ stored }: Present) => {
    const kept = cache.get(stored.key);
    return kept === undefined || kept.stored.version < stored.version;
  };

  return {
    known: cache.get,
    present: (row, known) => {
      const columns = columnsOf(row);
      if (known?.stored.version === columns.version) return known;
      const { present, characters } = parse(columns);
      if (isNewer(present)) cache.put(present, characters);
      return present;
    },
    listed: (row) => {
      const columns = columnsOf(row);
      const known = cache.get(columns.key);
      const { since, body = "" } = columns;
      const keep: DocumentCache["offer"] = (present, characters) => {
        if (isNewer(present)) cache.offer(present, characters);
      };
      const stored = known?.stored.version === columns.version ? known.stored : unparsed(columns, keep);
      return { since, stored, characters: body.length };
    },
    written: (key, now, characters) => {
      if (now === undefined) cache.delete(key);
      else if (isNewer(now)) cache.put(now, characters);
    },
  };
}

function unparsed(columns: Columns, keep: DocumentCache["offer"]): Stored {
  const { key, version } = columns;
  let document: Document | undefined;
  return {
    key,
    version,
    get document() {
      if (document !== undefined) return document;
      const { present, characters } = parse(columns);
      document = present.stored.document;
      keep(present, characters);
      return document;
    },
  };
}

interface Columns {
  readonly since: number;
  readonly key: string;
  readonly version: number;
  readonly body: string | undefined;
}

function columnsOf(row: unknown): Columns {
  const [key, since, version] = ["key", "since", "version"].map((column) => textAt(row, column));
  if (key === undefined || since === undefined || version === undefined) {
    throw fault("store.corrupted", "A row of the documents table does not have the columns it should have.");
  }
  return { key, since: Number(since), version: Number(version), body: textAt(row, "body") };
}

function parse({ since, key, version, body = "" }: Columns): { present: Present; characters: number } {
  try {
    const document: Document = JSON.parse(body);
    return { present: { stored: { key, version, document }, since }, characters: body.length };
  } catch (cause) {
    throw fault("store.corrupted", `The document "${key}" in PostgreSQL is no JSON.`, { cause });
  }
}
