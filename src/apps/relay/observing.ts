// One line of log and one count for every answer. Neither knows bodies, tokens, queries or network addresses.
import { createHash, randomBytes } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { LogPort } from "rapport/core";
import type { Callers } from "./callers.ts";
import type { Metrics } from "./metrics.ts";
import { operationOf } from "./naming.ts";

/** Where it is written down; what is absent is not. */
export interface Observers {
  readonly log: LogPort | undefined;
  readonly metrics: Metrics | undefined;
  readonly callers: Callers;
}

/** Watches every answer of the server. */
export function observe(app: FastifyInstance, { log, metrics, callers }: Observers): void {
  if (log === undefined && metrics === undefined) return;
  const visitorOf = createVisitors();
  app.addHook("onResponse", async (request, reply) => {
    const operation = operationOf(request);
    const { statusCode: status, elapsedTime } = reply;
    metrics?.answered(operation, status, elapsedTime);
    const deviceId = callers.get(request)?.deviceId;
    const who = deviceId === undefined ? { visitor: visitorOf(request) } : { device: deviceId };
    const facts = { correlationId: request.id, operation, status, ms: Math.round(elapsedTime * 10) / 10, ...who };
    log?.write(status >= 500 ? "warn" : "info", "request", facts);
  });
}

const visitorChars = 12;

/** Tells visitors apart within the life of a process, and cannot be turned back into a network address. */
function createVisitors(): (request: FastifyRequest) => string {
  const salt = randomBytes(32);
  return ({ ip }) => createHash("sha256").update(salt).update(ip).digest("base64url").slice(0, visitorChars);
}
