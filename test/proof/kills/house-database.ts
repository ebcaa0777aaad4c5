// A database of its own for a house on PostgreSQL: a relay's schema has one name everywhere.
import { randomBytes } from "node:crypto";
import { Client } from "pg";

/** The server that the tests use. */
export const serverAddress = process.env["RAPPORT_TEST_POSTGRES"] ?? "postgres://postgres@127.0.0.1:5432/test";

/** A database that goes with its house. */
export interface HouseDatabase {
  readonly connectionString: string;
  drop(): Promise<void>;
}

/** Makes an empty one. */
export async function openDatabase(): Promise<HouseDatabase> {
  const name = `rapport_kills_${randomBytes(6).toString("hex")}`;
  await askServer(`CREATE DATABASE "${name}"`);
  const address = new URL(serverAddress);
  address.pathname = name;
  return {
    connectionString: address.href,
    // Connections of killed processes may still be there.
    drop: () => askServer(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`),
  };
}

/** Asks the server once; rejects when there is none. */
export async function askServer(text: string): Promise<void> {
  const client = new Client({ connectionString: serverAddress });
  client.on("error", () => undefined);
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
