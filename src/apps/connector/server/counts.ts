// Counts of finished answers (spec/connector-api.md 1.2).
import type { FastifyInstance } from "fastify";
import type { RequestCounts } from "../parts.ts";

/** Counts answers from now on. */
export interface Counter {
  watch(app: FastifyInstance): void;
  counts(): RequestCounts;
}

/** Makes one that starts at 0. */
export function createCounter(now: number): Counter {
  const since = new Date(now).toISOString();
  const countByStatus = new Map<number, number>();
  return {
    watch: (app) => {
      app.addHook("onResponse", (_request, reply, done) => {
        countByStatus.set(reply.statusCode, (countByStatus.get(reply.statusCode) ?? 0) + 1);
        done();
      });
    },
    counts: () => {
      const known = [...countByStatus].toSorted(([one], [other]) => one - other);
      const requestCount = known.reduce((sum, [, count]) => sum + count, 0);
      return { since, requestCount, requestCountByStatus: Object.fromEntries(known) };
    },
  };
}
