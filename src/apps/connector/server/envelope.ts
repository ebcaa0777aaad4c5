// What errors look like (spec/connector-api.md 2.1), and which status they have (2.3).
import { randomBytes } from "node:crypto";
import { catalogue, type RapportError } from "rapport/core";

/** An error as it goes out. */
export interface ErrorAnswer {
  readonly status: number;
  /** Also in the log. */
  readonly id: string;
  readonly text: string;
}

/** Where errors are explained, how late it is, and whether callers see the inside. */
export interface EnvelopeGround {
  readonly docsBaseUrl: string;
  readonly isDebug: boolean;
  now(): number;
}

/** The envelope of an error. */
export function envelopeOf(error: RapportError, ground: EnvelopeGround): ErrorAnswer {
  const id = errorId();
  const time = new Date(ground.now()).toISOString();
  const body = {
    id,
    docs: `${ground.docsBaseUrl}/integrate/error-codes#${error.code}`,
    time,
    code: error.code,
    message: messageOf(error, time),
    ...(ground.isDebug ? insideOf(error) : {}),
  };
  return { status: statusOf(error), id, text: JSON.stringify({ error: body }) };
}

/** The status that clients expect: the table of the published connector for its codes, the catalogue for all others. */
export function statusOf({ code }: RapportError): number {
  if (code === "error.runtime.recordNotFound" || code === "error.transport.recordNotFound") return 404;
  if (code.startsWith("error.platform.")) return 500;
  if (code.startsWith("error.") && !code.startsWith("error.connector.")) return 400;
  return catalogue[code].http;
}

function messageOf({ code, message }: RapportError, time: string): string {
  return /^error\.(transport|consumption)\./.test(code) ? `${code}: '${message}' at ${time}` : message;
}

function insideOf(error: RapportError) {
  const cause = error.cause instanceof Error ? error.cause.stack : undefined;
  const stacktrace = `${error.stack ?? ""}${cause === undefined ? "" : `\nCaused by: ${cause}`}`.split("\n");
  return { stacktrace, ...(Object.keys(error.details).length === 0 ? {} : { details: error.details }) };
}

const alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const idCharsAfterPrefix = 17;

function errorId(): string {
  const letters = Array.from(randomBytes(idCharsAfterPrefix), (byte) => alphabet[byte % alphabet.length]);
  return `ERR${letters.join("")}`;
}
