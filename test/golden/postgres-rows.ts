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
    for (const line of fromLines<Line>(text)) {
      if ("do" in line) await connection.query(line.do.replaceAll(anySchema, schema), []);
      else if ("sequence" in line)
        await connection.query(`SELECT setval('"${schema}".${line.sequence}', $1::bigint)`, [line.at]);
      else {
        const columns = Object.keys(line.row);
        const places = columns.map((_column, index) => `$${index + 1}`).join(", ");
        const values = Object.values(line.row).map((value) =>
          value instanceof Uint8Array ? Buffer.from(value) : value,
        );
        await connection.query(
          `INSERT INTO "${schema}".${line.into} (${columns.join(", ")}) VALUES (${places})`,
          values,
        );
      }
    }
  } finally {
    connection.release();
  }
}

function asTexts(row: unknown): { readonly [column: string]: unknown } {
  const columns = Object.entries(row as object);
  return Object.fromEntries(
    columns.map(([column, value]) => [column, value instanceof Uint8Array ? new Uint8Array(value) : String(value)]),
  );
}
