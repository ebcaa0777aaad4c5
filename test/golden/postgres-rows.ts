// A schema of PostgreSQL as lines of JSON: the statements that made its tables, and the rows in them.
import type { PostgresLike } from "rapport/plugins/storage-postgres";
import { fromLines, toLines } from "./wire-journal.ts";

type Line =
  | { readonly do: string }
  | { readonly into: string; readonly row: { readonly [column: string]: unknown } }
  /** Where the sequence of versions is. */
  | { readonly sequence: string; readonly at: string };

/** Stands for the name of the schema in what is kept. */
const anySchema = "golden_schema";
const tables = ["documents", "entries", "rapport_meta", "blobs"];
const ordered: { readonly [table: string]: string } = {
  documents: "since",
  entries: "collection, field, value, since",
  rapport_meta: "name",
  blobs: "name",
};

/** Connections that also write down every statement that makes something. */
export function makingWatched(inner: PostgresLike, made: string[]): PostgresLike {
  return {
    connect: async () => {
      const connection = await inner.connect();
      return {
        query: async (text, values) => {
          if (/^(CREATE|ALTER) /.test(text)) made.push(text);
          return connection.query(text, values);
        },
        release: (broken) => connection.release(broken),
      };
    },
    end: () => inner.end(),
  };
}

/** Everything in the schema. */
export async function rowsOf(driver: PostgresLike, schema: string, made: readonly string[]): Promise<string> {
  const connection = await driver.connect();
  try {
    const lines: Line[] = [...new Set(made)].map((text) => ({ do: text.replaceAll(schema, anySchema) }));
    for (const into of tables) {
      const { rows } = await connection.query(`SELECT * FROM "${schema}".${into} ORDER BY ${ordered[into]}`, []);
      for (const row of rows) lines.push({ into, row: asTexts(row) });
    }
    const { rows } = await connection.query(`SELECT last_value::text AS at FROM "${schema}".versions`, []);
    lines.push({ sequence: "versions", at: String((rows[0] as { at?: unknown }).at) });
    return toLines(lines);
  } finally {
    connection.release();
  }
}

/** Makes the schema again under another name. */
export async function restoreRows(driver: PostgresLike, schema: string, text: string): Promise<void> {
  const connection = await driver.connect();
  try {
    const lines = fromLines<Line>(text);
    for (const line of lines) if ("do" in line) await connection.query(line.do.replaceAll(anySchema, schema), []);
    for (const table of tables) {
      const rows = lines.flatMap((line) => ("into" in line && line.into === table ? [line.row] : []));
      for (let at = 0; at < rows.length; at += rowsAtOnce) {
        const { statement, values } = insertion(`"${schema}".${table}`, rows.slice(at, at + rowsAtOnce));
        await connection.query(statement, values);
      }
    }
    for (const line of lines) {
      if ("sequence" in line)
        await connection.query(`SELECT setval('"${schema}".${line.sequence}', $1::bigint)`, [line.at]);
    }
  } finally {
    connection.release();
  }
}

const rowsAtOnce = 200;

type Row = { readonly [column: string]: unknown };

function insertion(table: string, rows: readonly Row[]): { readonly statement: string; readonly values: unknown[] } {
  const columns = Object.keys(rows[0] ?? {});
  const values = rows.flatMap((row) => Object.values(row)).map(asBuffer);
  const places = rows.map(
    (_row, at) => `(${columns.map((_c, index) => `$${at * columns.length + index + 1}`).join(", ")})`,
  );
  return { statement: `INSERT INTO ${table} (${columns.join(", ")}) VALUES ${places.join(", ")}`, values };
}

function asBuffer(value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value) : value;
}

function asTexts(row: unknown): { readonly [column: string]: unknown } {
  const columns = Object.entries(row as object);
  return Object.fromEntries(
    columns.map(([column, value]) => [column, value instanceof Uint8Array ? new Uint8Array(value) : String(value)]),
  );
}
