/**
 * Single documents. R1. Gets of one turn of the event loop share a query, and so do those that arrive while as many
 * queries as allowed are running. R2. A query is sent after the get was called, so it sees every commit answered before.
 */
import { fault, type Stored } from "rapport/core";
import { type PostgresConnection, queryInOrder } from "./driver.ts";
import type { Lend } from "./lend.ts";
import { keysPerReadMax, keysWaitingMax, readsAtOnceMax } from "./limits.ts";
import type { Rows } from "./rows.ts";
import { type Names, textAt } from "./schema.ts";

/** Documents by key. */
export interface Reads {
  get(key: string): Promise<Stored | undefined>;
  /** Resolves when every get has its answer. */
  finish(): Promise<void>;
}

interface Waiting {
  readonly resolve: (stored: Stored | undefined) => void;
  readonly reject: (problem: unknown) => void;
}

/** Nothing is being read yet. */
export function createReads({ lend, names, rows }: { lend: Lend; names: Names; rows: Rows }): Reads {
  const waiting = new Map<string, Waiting[]>();
  const running = new Set<Promise<void>>();
  let isScheduled = false;

  const schedule = () => {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(start);
  };
  const start = () => {
    isScheduled = false;
    while (waiting.size > 0 && running.size < readsAtOnceMax) {
      const taken = takeFrom(waiting);
      const query = answer(taken).finally(() => {
        running.delete(query);
        if (waiting.size > 0) schedule();
      });
      running.add(query);
    }
  };
  const answer = async (taken: ReadonlyMap<string, readonly Waiting[]>) => {
    try {
      const found = await lend((connection) => readAll({ connection, names, rows }, [...taken.keys()]));
      for (const [key, waiters] of taken) for (const { resolve } of waiters) resolve(found.get(key));
    } catch (problem) {
      for (const waiters of taken.values()) for (const { reject } of waiters) reject(problem);
    }
  };

  return {
    get: (key) =>
      new Promise((resolve, reject) => {
        if (waiting.size >= keysWaitingMax) {
          reject(fault("store.unavailable", `${keysWaitingMax} keys wait to be read already; repeat this later.`));
          return;
        }
        const waiters = waiting.get(key);
        if (waiters === undefined) waiting.set(key, [{ resolve, reject }]);
        else waiters.push({ resolve, reject });
        schedule();
      }),
    finish: async () => {
      start();
      while (running.size > 0) {
        await Promise.all(running);
        start();
      }
    },
  };
}

function takeFrom(waiting: Map<string, Waiting[]>): ReadonlyMap<string, readonly Waiting[]> {
  const taken = new Map<string, Waiting[]>();
  for (const [key, waiters] of waiting) {
    if (taken.size >= keysPerReadMax) break;
    taken.set(key, waiters);
  }
  for (const key of taken.keys()) waiting.delete(key);
  return taken;
}

async function readAll(
  { connection, names, rows }: { connection: PostgresConnection; names: Names; rows: Rows },
  keys: readonly string[],
): Promise<ReadonlyMap<string, Stored>> {
  const knownByKey = new Map(keys.map((key) => [key, rows.known(key)]));
  const versions = keys.map((key) => knownByKey.get(key)?.stored.version ?? 0);
  const text = `SELECT d.key, d.since::text, d.version::text, CASE WHEN d.version = k.version THEN NULL ELSE d.body END AS body
    FROM unnest($1::text[], $2::bigint[]) AS k(key, version) JOIN ${names.documents} d ON d.key = k.key`;
  const [answer] = await queryInOrder(connection, [{ text, values: [keys, versions] }]);
  return new Map(
    (answer?.rows ?? []).map((row) => {
      const key = textAt(row, "key") ?? "";
      return [key, rows.present(row, knownByKey.get(key)).stored];
    }),
  );
}
