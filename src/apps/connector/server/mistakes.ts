// Answers to everything that was thrown, and to what is wrong before there is a route (H1).
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type LogPort, RapportError } from "rapport/core";
import { answerBroken } from "../../serving/broken.ts";
import { bodyBytesMax, fileBytesMax } from "../limits.ts";
import { type EnvelopeGround, envelopeOf } from "./envelope.ts";
import type { Guard } from "./guard.ts";

/** What is needed to answer. */
export interface MistakesGround extends EnvelopeGround {
  readonly log: LogPort;
  /** Unknown routes are told to people who are known only. */
  readonly guard: Guard;
}

const json = "application/json; charset=utf-8";

/** Sets the answers for unknown routes and for everything that was thrown. */
export function answerMistakes(app: FastifyInstance, ground: MistakesGround): void {
  // Before the body is read: strangers cannot make us hold one.
  app.addHook("onRequest", async (request, reply) => {
    if (request.is404 && (await ground.guard(request, reply)) === undefined) return reply;
    return undefined;
  });
  app.setNotFoundHandler(async () => {
    const message = "There is no such route. Paths begin with /api/v2 or /api/core/v1.";
    throw new RapportError("error.connector.http.routeDoesNotExist", message);
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    try {
      return sendError(reply, { request, error, ground });
    } catch (again) {
      ground.log.write("error", "An error could not be answered.", { reason: reasonOf(again) });
      const last = new RapportError("error.connector.errorInErrorHandler", "The Connector failed. See its log.");
      return reply
        .code(500)
        .type(json)
        .send(envelopeOf(last, { ...ground, isDebug: false }).text);
    }
  });
}

function sendError(
  reply: FastifyReply,
  { request, error, ground }: { request: FastifyRequest; error: FastifyError; ground: MistakesGround },
): FastifyReply {
  const known = rapportErrorOf(error);
  const answer = envelopeOf(known, ground);
  // The framework would close the connection, and a client that is still sending would see that and not the answer.
  if (answer.status === 413) reply.removeHeader("connection");
  for (const name of ["content-disposition", "location", "content-length"]) reply.removeHeader(name);
  const facts = { errorId: answer.id, code: known.code, correlationId: request.id };
  if (answer.status >= 500) ground.log.write("error", "A request failed.", { ...facts, reason: reasonOf(error) });
  else ground.log.write("info", "A request was refused.", { ...facts, status: answer.status });
  return reply.code(answer.status).type(json).send(answer.text);
}

/** What the framework finds wrong with an address before there is a route. */
export function frameworkErrorWith(ground: EnvelopeGround) {
  return (_error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void => {
    const { status, text } = envelopeOf(malformed("The URL cannot be read."), ground);
    reply.code(status).type(json).send(text);
  };
}

function rapportErrorOf(error: FastifyError): RapportError {
  if (error instanceof RapportError) return error;
  if (isTooLarge(error)) {
    const message = `The body is too large: at most ${bodyBytesMax} bytes, and ${fileBytesMax} for a file.`;
    return new RapportError("error.connector.http.bodyTooLarge", message);
  }
  if (isFromParser(error)) return malformed("The form cannot be read: it is malformed or has too many parts.");
  const status = error.statusCode ?? 500;
  if (status >= 400 && status < 500) return malformed("The request cannot be read: its headers or body are malformed.");
  const message = "The Connector failed. Its log has the details under the id of this error.";
  return new RapportError("error.connector.unexpected", message, { cause: error });
}

function isTooLarge({ code, statusCode }: FastifyError): boolean {
  return code === "FST_ERR_CTP_BODY_TOO_LARGE" || statusCode === 413;
}

/** Errors of the multipart parser may have neither code nor status. */
function isFromParser(error: FastifyError): boolean {
  if (/^FST_(REQ|PARTS|FILES|FIELDS|MP|PROTO|INVALID_MULTIPART)/.test(error.code ?? "")) return true;
  return error.code === undefined && /multipart|part header|boundary|unexpected end of form/i.test(error.message ?? "");
}

function malformed(message: string): RapportError {
  return new RapportError("error.connector.http.malformedRequest", message);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : ` (${reasonOf(error.cause)})`;
  return `${error.name}: ${error.message}${cause}`;
}

/** Answers bytes that are no HTTP, headers without end and requests that take too long, and closes the connection. */
export function answerBrokenWith(ground: EnvelopeGround) {
  return answerBroken(() => envelopeOf(malformed("The request is not well-formed HTTP, or too slow."), ground));
}
