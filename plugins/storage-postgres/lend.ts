import type { PostgresConnection, PostgresLike } from "./driver.ts";
import { faultOf, isLost } from "./faults.ts";
import { attemptsPerReadMax } from "./limits.ts";

/** Lends a connection for some work that may be done twice. */
export type Lend = <T>(work: (connection: PostgresConnection) => Promise<T>) => Promise<T>;

/** Lends connections for reading, and tries once more when a pooled one turns out to be dead. */
export function lending(driver: PostgresLike, schema: string): Lend {
  return async (work) => {
    for (let attempts = 1; ; attempts += 1) {
      try {
        return await lentOnce(driver, work);
      } catch (problem) {
        if (attempts >= attemptsPerReadMax || !isLost(problem)) throw faultOf(problem, schema);
      }
    }
  };
}

/** Lends a connection once; one that has died in use is closed. */
export async function lentOnce<T>(
  driver: PostgresLike,
  work: (connection: PostgresConnection) => Promise<T>,
): Promise<T> {
  const connection = await driver.connect();
  try {
    const result = await work(connection);
    connection.release();
    return result;
  } catch (problem) {
    connection.release(isLost(problem));
    throw problem;
  }
}
