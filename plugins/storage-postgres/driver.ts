import { fault } from "rapport/core";
import { connectionsMax, connectMs, queryMs, standstillMs } from "./limits.ts";

/** What PostgreSQL answers, as far as this plugin looks at it. */
export interface PostgresRows {
  readonly rows: readonly unknown[];
}

/** One statement with the values of its `$1`, `$2`, ... */
export interface PostgresStatement {
  readonly text: string;
  readonly values: unknown[];
}

/** A connection that is ours until it is released. `pg` has it as PoolClient. */
export interface PostgresConnection {
  query(text: string, values: unknown[]): Promise<PostgresRows>;
  /** Sends all statements at once and answers when all were answered; a failed one fails it. */
  queryAll?(statements: readonly PostgresStatement[]): Promise<readonly PostgresRows[]>;
  /** Gives the connection back; true closes it instead. */
  release(broken?: boolean): void;
}

/** Connections to one database. `pg` has it as Pool; one connection is enough if `connect` waits until it is free. */
export interface PostgresLike {
  connect(): Promise<PostgresConnection>;
  end(): Promise<void>;
}

/** Where the database is: a connection string for the package pg, or a way to open connections, which are ended with the store. */
export type PostgresPlace =
  | { readonly connectionString: string; readonly open?: undefined }
  | { readonly open: () => PostgresLike | Promise<PostgresLike>; readonly connectionString?: undefined };

/** Sends the statements in order. After a fault, the transaction is to be rolled back. */
export async function queryInOrder(
  connection: PostgresConnection,
  statements: readonly PostgresStatement[],
): Promise<readonly PostgresRows[]> {
  if (connection.queryAll !== undefined) return connection.queryAll(statements);
  const answers: PostgresRows[] = [];
  for (const { text, values } of statements) answers.push(await connection.query(text, values));
  return answers;
}

/** Opens the connections that the options speak of. */
export async function openDriver(place: PostgresPlace): Promise<PostgresLike> {
  return place.open === undefined ? openInstalledDriver(place.connectionString) : place.open();
}

/** Opens a pool with the package pg. */
export async function openInstalledDriver(connectionString: string, load = loadPg): Promise<PostgresLike> {
  const { Pool } = await load();
  const options = {
    connectionString,
    max: connectionsMax,
    connectionTimeoutMillis: connectMs,
    query_timeout: queryMs,
    idle_in_transaction_session_timeout: standstillMs,
    // Every statement here has an index to go by: a plan made while the tables were small must not scan them later. And
    // none is worth compiling, whatever the planner makes of the cost of what is off.
    options: "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off",
    keepAlive: true,
    pipeline: true,
  };
  const pool = new Pool(options);
  // A connection that dies while nobody uses it is replaced by the pool; unheard, the event would end the process.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  const names = new Map<string, string>();
  const named = ({ text, values }: PostgresStatement) => {
    const name = names.get(text) ?? `rapport_${names.size}`;
    names.set(text, name);
    return { name, text, values };
  };

  return {
    connect: async () => {
      const client = await pool.connect();
      return {
        query: (text, values) => client.query(text, values),
        queryAll: async (statements) => allOf(statements.map((statement) => client.query(named(statement)))),
        release: (broken) => client.release(broken),
      };
    },
    end: () => pool.end(),
  };
}

async function allOf<T>(queries: readonly Promise<T>[]): Promise<readonly T[]> {
  const settled = await Promise.allSettled(queries);
  return settled.map((outcome) => {
    if (outcome.status === "rejected") throw outcome.reason;
    return outcome.value;
  });
}

/** The package as it is installed, or a fault that says how to install it. */
export async function loadPg(load = () => import("pg")) {
  try {
    return (await load()).default;
  } catch (cause) {
    throw fault("plugin.failed", "The PostgreSQL plugin needs the package pg: npm install pg.", { cause });
  }
}
