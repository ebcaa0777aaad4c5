// Answers to what is wrong before it reaches the relay (H1).
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type LogPort, RapportError } from "rapport/core";
import { answerBroken } from "../serving/broken.ts";
import { sendError } from "./answering.ts";
import { envelopeOf, refused } from "./envelope.ts";
import { requestBytesMax } from "./limits.ts";
import { operationOf } from "./naming.ts";
import { correlationIdOf, stampsOf } from "./stamps.ts";

type Refused = ReturnType<typeof refused>;

/** Sets the answers for unknown routes and for everything that was thrown. */
export function answerMistakes(app: FastifyInstance, log: LogPort | undefined): void {
  app.setNotFoundHandler((_request, reply) => sendError(reply, noRoute));
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const answer = answerTo(error);
    // The framework would close the connection, and a client that is still sending would see that and not the answer. What
    // it sends is dropped, for as long as a request may take.
    if (isTooLarge(error)) reply.removeHeader("connection");
    if (answer.status >= 500) {
      const operation = operationOf(request);
      log?.write("error", "A request failed.", { correlationId: request.id, operation, reason: reasonOf(error) });
    }
    return sendError(reply, answer);
  });
}

/** What the framework finds wrong with an address before there is a route. */
export function frameworkError(_error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  sendError(reply, refused("error.platform.inputCannotBeParsed", "The URL cannot be read."));
}

const noRoute = refused("error.platform.recordNotFound", "Route not found. The relay knows no such method and path.");

function answerTo(error: FastifyError): Refused {
  if (error instanceof RapportError) return refused(error.code, error.message);
  if (isTooLarge(error)) {
    return refused(
      "error.platform.requestBodyTooLarge",
      `The body is too large: at most ${requestBytesMax} bytes, less without a login.`,
    );
  }
  const isTheirs = (error.statusCode ?? 500) < 500 || /^FST_(REQ|PARTS|FILES|FIELDS|MP|PROTO|INVALID)/.test(error.code);
  if (isTheirs || isFromParser(error)) {
    return refused(
      "error.platform.inputCannotBeParsed",
      "The request cannot be read: its headers or body are malformed.",
    );
  }
  return refused("error.platform.unexpected", "The relay failed. Repeat the call later.");
}

function isTooLarge({ code, statusCode }: FastifyError): boolean {
  return statusCode === 413 || code === "FST_ERR_CTP_BODY_TOO_LARGE";
}

/** Errors of the multipart parser have neither code nor status. */
function isFromParser(error: FastifyError): boolean {
  return error.code === undefined && /multipart|part header|boundary/i.test(error.message ?? "");
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** Answers bytes that are no HTTP, headers without end and requests that take too long, and closes the connection. */
export const answerBrokenRequest = answerBroken(() => {
  const why = "The request is not well-formed HTTP, or too slow.";
  const { error } = refused("error.platform.inputCannotBeParsed", why);
  return { text: envelopeOf(error), headers: stampsOf(correlationIdOf({ headers: {} }), 0) };
});
