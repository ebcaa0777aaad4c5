// The headers that every answer has (spec/connector-api.md 2.4).
import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { createRequire } from "node:module";
import type { FastifyInstance } from "fastify";
import { correlationIdCharsMax } from "../limits.ts";

const manifest: { readonly version: string } = createRequire(import.meta.url)("rapport/package.json");

/** The version of the program. */
export const { version } = manifest;

const shape = new RegExp(`^[\\w.:-]{1,${correlationIdCharsMax}}$`);

/** What the caller calls its request, when it is harmless in headers and logs; else a new id. */
export function correlationIdOf(request: Pick<IncomingMessage, "headers">): string {
  const given = request.headers["x-correlation-id"];
  if (given === undefined) return randomUUID();
  // Node joins repeated headers with a comma; the first counts.
  const [first = ""] = String(given).split(",");
  return shape.test(first.trim()) ? first.trim() : randomUUID();
}

/** Adds the id and the times to every answer, errors included. */
export function stampEveryAnswer(
  app: FastifyInstance,
  { now, isClosing }: { readonly now: () => number; readonly isClosing: () => boolean },
): void {
  // Not an async hook: a promise for each answer would be for nothing.
  app.addHook("onSend", (request, reply, ...[payload, done]) => {
    reply.header("x-correlation-id", request.id);
    reply.header("x-response-duration-ms", String(Math.round(reply.elapsedTime)));
    reply.header("x-response-time", new Date(now()).toISOString());
    if (isClosing()) reply.header("connection", "close");
    done(null, payload);
  });
}
