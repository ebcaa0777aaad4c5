/**
 * The layout of the schema, version 1. Later versions migrate forward here; a newer one is refused.
 *
 * Rows are found by `key` or by (`collection`, `since`) and never by `since` alone, so that the tables can be partitioned
 * by either.
 */
import { fault, invariant } from "rapport/core";
import type { PostgresConnection } from "./driver.ts";
import { versionsPerStep } from "./limits.ts";

const layoutVersion = 1;

/** The quoted names of what a schema holds. */
export interface Names {
  readonly schema: string;
  readonly documents: string;
  readonly entries: string;
  readonly versions: string;
  readonly meta: string;
  readonly blobs: string;
}

/** The names in a schema; it is a plain lower-case identifier, because other programs need to name it, too. */
export function namesIn(schema: string): Names {
  invariant(/^[a-z_][a-z0-9_]{0,62}$/.test(schema), `"${schema}" is no name for a schema: use a-z, 0-9 and _.`);
  const name = (table: string) => `"${schema}".${table}`;
  return {
    schema,
    documents: name("documents"),
    entries: name("entries"),
    versions: name("versions"),
    meta: name("rapport_meta"),
    blobs: name("blobs"),
  };
}

/**
 * Brings the schema to the current layout and then does `more`, alone: whoever else starts at the same time waits for the
 * end of the transaction and finds everything done.
 */
export async function prepareSchema(
  connection: PostgresConnection,
  names: Names,
  more: () => Promise<void> = async () => {},
): Promise<void> {
  const ask = async (text: string, values: unknown[] = []) => (await connection.query(text, values)).rows;
  await ask("BEGIN ISOLATION LEVEL READ COMMITTED");
  try {
    await ask("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [`rapport ${names.schema}`]);
    const found = await layoutFound(ask, names);
    if (found === undefined) for (const text of creation(names)) await ask(text);
    await more();
    await ask("COMMIT");
  } catch (problem) {
    await connection.query("ROLLBACK", []).catch(() => {
      // The first problem is the one that matters.
    });
    throw problem;
  }
}

type Ask = (text: string, values?: unknown[]) => Promise<readonly unknown[]>;

/** The layout of a schema that is ours, or nothing when it is empty or missing. */
async function layoutFound(ask: Ask, names: Names): Promise<number | undefined> {
  const relations = await ask(
    "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1",
    [names.schema],
  );
  if (relations.length === 0) return undefined;
  if (!relations.some((row) => textAt(row, "relname") === "rapport_meta")) {
    const what = `The schema "${names.schema}" of the database belongs to another program`;
    throw fault("store.corrupted", `${what}; choose another schema.`);
  }
  const [row] = await ask(`SELECT value FROM ${names.meta} WHERE name = 'layout'`);
  const version = Number(textAt(row, "value"));
  if (version > layoutVersion) {
    const numbers = `has layout ${version}, this version of Rapport knows up to ${layoutVersion}`;
    throw fault("store.newerVersion", `The schema "${names.schema}" ${numbers}. Upgrade Rapport.`, {
      details: { found: version, known: layoutVersion },
    });
  }
  if (version === layoutVersion) return version;
  throw fault("store.corrupted", `The schema "${names.schema}" does not say which layout it has.`);
}

/** Texts are compared byte by byte, whatever the language of the database; room in the pages keeps updates in place. */
function creation({ schema, documents, entries, versions, meta, blobs }: Names): readonly string[] {
  return [
    `CREATE SCHEMA IF NOT EXISTS "${schema}"`,
    `CREATE TABLE ${documents} (
       key text COLLATE "C" PRIMARY KEY,
       collection text COLLATE "C" NOT NULL,
       since bigint NOT NULL,
       version bigint NOT NULL,
       body text NOT NULL
     ) WITH (fillfactor = 80)`,
    `CREATE INDEX documents_in_order ON ${documents} (collection, since)`,
    `CREATE TABLE ${entries} (
       collection text COLLATE "C" NOT NULL,
       field text COLLATE "C" NOT NULL,
       value text COLLATE "C" NOT NULL,
       since bigint NOT NULL,
       PRIMARY KEY (collection, field, value, since)
     )`,
    `CREATE SEQUENCE ${versions} INCREMENT ${versionsPerStep}`,
    `CREATE TABLE ${blobs} (name text COLLATE "C" PRIMARY KEY, bytes bytea NOT NULL)`,
    // They are encrypted, and trying to compress them would only cost time.
    `ALTER TABLE ${blobs} ALTER COLUMN bytes SET STORAGE EXTERNAL`,
    `CREATE TABLE ${meta} (name text COLLATE "C" PRIMARY KEY, value text NOT NULL)`,
    `INSERT INTO ${meta} VALUES ('layout', '${layoutVersion}'), ('indexes', '[]')`,
  ];
}

/** The text in a column of a row, or nothing. */
export function textAt(row: unknown, column: string): string | undefined {
  if (typeof row !== "object" || row === null || !Object.hasOwn(row, column)) return undefined;
  const value: unknown = Reflect.get(row, column);
  return value === null || value === undefined ? undefined : String(value);
}
