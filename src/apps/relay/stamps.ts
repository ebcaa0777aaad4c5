// The headers that every answer has.
import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { createRequire } from "node:module";
import type { FastifyInstance } from "fastify";
import { correlationIdCharsMax } from "./limits.ts";

const manifest: { readonly version: string } = createRequire(import.meta.url)("rapport/package.json");

/** The version of the program. */
export const { version } = manifest;

const shape = new RegExp(`^[\\w.:-]{1,${correlationIdCharsMax}}$`);

/** What the caller calls its request, when it is harmless in headers and logs; else a new id. */
export function correlationIdOf(request: Pick<IncomingMessage, "headers">): string {
  const given = request.headers["x-correlation-id"];
  return typeof given === "string" && shape.test(given) ? given : randomUUID();
}

/** Adds times, ids and the mark of our relay to every answer, errors included. */
export function stampEveryAnswer(app: FastifyInstance, { isClosing }: { readonly isClosing: () => boolean }): void {
  app.addHook("onSend", async (request, reply, payload) => {
    for (const [name, value] of Object.entries(stampsOf(request.id, reply.elapsedTime))) reply.header(name, value);
    if (isClosing()) reply.header("connection", "close");
    return payload;
  });
}

/** The headers of an answer to a request that began so many milliseconds ago. */
export function stampsOf(correlationId: string, elapsedMs: number): Readonly<Record<string, string>> {
  const nowMs = Date.now();
  return {
    "x-rapport-relay": version,
    "x-correlation-id": correlationId,
    // Node draws the bytes of many UUIDs at once; drawing sixteen alone was 7 % of a small request.
    "x-trace-id": randomUUID().replaceAll("-", ""),
    "x-request-time": new Date(nowMs - elapsedMs).toISOString(),
    "x-response-time": new Date(nowMs).toISOString(),
    "x-response-duration-ms": String(Math.round(elapsedMs)),
    "x-content-type-options": "nosniff",
  };
}
