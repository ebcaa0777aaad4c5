import { Pool } from "pg";
import type { PostgresConnection, PostgresLike } from "rapport/plugins/storage-postgres";
import { connectionString } from "./places.ts";

/** What may happen around a statement: throwing before it means that it was never sent, after it that nobody heard the answer. */
export interface Watch {
  readonly before?: (text: string, connection: PostgresConnection) => unknown;
  readonly after?: (text: string, rows: readonly unknown[]) => unknown;
}

/** A pool on the server, as a user of pg would open it. */
export function pool(max = 4): Pool {
  const made = new Pool({ connectionString, max });
  made.on("error", () => {});
  made.on("connect", (client) => client.on("error", () => {}));
  return made;
}

/** The connections, with something watching every statement. */
export function watched(inner: PostgresLike, { before, after }: Watch): PostgresLike {
  return {
    connect: async () => {
      const connection = await inner.connect();
      return {
        query: async (text, values) => {
          await before?.(text, connection);
          const answer = await connection.query(text, values);
          await after?.(text, answer.rows);
          return answer;
        },
        release: (broken) => connection.release(broken),
      };
    },
    end: () => inner.end(),
  };
}

/** An error as the network gives it. */
export function connectionLost(): Error {
  return Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
}

/** An error as PostgreSQL gives it. */
export function saidByPostgres(code: string): Error {
  return Object.assign(new Error(code), { code });
}
