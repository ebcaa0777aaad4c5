// From an answer of the relay to an HTTP response.
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Operation } from "rapport/core";
import type { RelayAnswer } from "rapport/relay";
import { headerOf, tagsIn } from "./asking.ts";
import { envelopeOf, tokenFailure } from "./envelope.ts";

const json = "application/json; charset=utf-8";

/** Sends the answer of an operation. */
export function answer(request: FastifyRequest, reply: FastifyReply, at: { row: Operation; answer: RelayAnswer }) {
  const { row, answer: given } = at;
  reply.header("cache-control", "no-store");
  if (given.headers !== undefined) reply.headers(given.headers);
  if (!given.ok)
    return row.answers === "raw" && given.status < 500 ? sendFailure(reply, given) : sendError(reply, given);
  const { status, result, pagination, bytes, etag } = given;
  if (etag !== undefined) reply.header("etag", `"${unquoted(etag)}"`).header("cache-control", "no-cache");
  if (status === 304 || (etag !== undefined && hasCurrent(request, etag))) return reply.code(304).send();
  if (status === 204) return reply.code(204).send();
  reply.code(status);
  if (bytes !== undefined) {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return reply.type("application/octet-stream").send(buffer);
  }
  reply.type(json);
  if (row.answers === "raw") return reply.send(JSON.stringify(result));
  return reply.send(JSON.stringify(pagination === undefined ? { result } : { result, pagination }));
}

/** Sends an error in the envelope of the protocol. */
export function sendError(reply: FastifyReply, { status, error }: Extract<RelayAnswer, { ok: false }>): FastifyReply {
  if (status === 401) reply.header("www-authenticate", "Bearer");
  return reply.code(status).type(json).send(envelopeOf(error));
}

function sendFailure(reply: FastifyReply, given: Extract<RelayAnswer, { ok: false }>): FastifyReply {
  const { status, text } = tokenFailure(given);
  return reply.code(status).type(json).send(text);
}

function hasCurrent(request: FastifyRequest, etag: string): boolean {
  const header = headerOf(request, "if-none-match");
  return header !== undefined && tagsIn(header).some((tag) => tag === unquoted(etag) || tag === "*");
}

function unquoted(etag: string): string {
  return tagsIn(etag)[0] ?? "";
}
