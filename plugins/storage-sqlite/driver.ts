/** What SQLite stores in a column here. */
export type SqliteValue = string | number | null;

/** The methods this plugin needs of a prepared statement. */
export interface SqliteStatement {
  run(...values: SqliteValue[]): unknown;
  get(...values: SqliteValue[]): unknown;
  all(...values: SqliteValue[]): unknown[];
}

/** The methods this plugin needs of a database connection; better-sqlite3 and libsql both have them. */
export interface SqliteLike {
  exec(sql: string): unknown;
  prepare(sql: string): SqliteStatement;
  close(): unknown;
}

type Driver = new (file: string) => SqliteLike;

/** Opens the file with better-sqlite3 where that is installed and loads, with libsql otherwise. */
export async function openInstalledDriver(file: string): Promise<SqliteLike> {
  const Database = (await optionalDriver("better-sqlite3")) ?? (await import("libsql")).default;
  return new Database(file);
}

/** The name is a parameter so that no type of an optional package is needed. */
async function optionalDriver(name: string): Promise<Driver | undefined> {
  try {
    const Database: Driver = (await import(name)).default;
    // The binary is only loaded with the first connection, and may have been built for another Node.
    new Database(":memory:").close();
    return Database;
  } catch {
    return undefined;
  }
}
