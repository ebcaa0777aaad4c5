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
  /** The same for a listing: it is parsed when somebody looks at it. `characters` are those of its text. */
  listed(row: unknown): Present & { readonly characters: number };
}

/** Reads documents of an open database. */
export function createRows(db: SqliteLike, { outerOf }: Pick<Texts, "outerOf">): Rows {
  const hot = createDocumentCache({ documentsMax: hotDocumentsMax, charactersMax: hotCharactersMax });
  const byKey = db.prepare("SELECT since, key, version, body FROM documents WHERE key = ?");

  let changes = 0;

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
    listed: (row) => {
      const columns = columnsOf(row);
      const { since, key, version, body } = columns;
      const before = changes;
      const keep: DocumentCache["offer"] = (...parsed) => {
        if (changes === before) hot.offer(...parsed);
      };
      const known = () => {
        const stored = hot.get(key)?.stored;
        return stored?.version === version ? stored.document : undefined;
      };
      const stored = unparsed(columns, { keep, known, outer: () => outerOf(key, body) });
      return { since, stored, characters: body.length };
    },
  };
}

interface Unparsed {
  readonly keep: DocumentCache["offer"];
  readonly outer: () => string | undefined;
  /** The document, where it is known already. */
  readonly known: () => Document | undefined;
}

function unparsed(columns: Columns, { keep, outer, known }: Unparsed): Stored {
  const { key, version } = columns;
  let document: Document | undefined;
  return {
    key,
    version,
    get text() {
      return outer();
    },
    get document() {
      document ??= known();
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
