// What errors look like on the wire (spec/backbone-protocol.md 1.1).
import { randomBytes } from "node:crypto";
import { catalogue, type WireError } from "rapport/core";
import type { RelayAnswer } from "rapport/relay";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const idCharsAfterPrefix = 17;

/** The error envelope as text. */
export function envelopeOf({ code, message, data }: WireError): string {
  const error = { id: errorId(), code, message, docs: "", time: new Date().toISOString(), data: data ?? null };
  return JSON.stringify({ error });
}

/** The answer for something that the HTTP side refuses by itself. */
export function refused(code: keyof typeof catalogue, message: string): Extract<RelayAnswer, { ok: false }> {
  return { ok: false, status: catalogue[code].http, error: { code, message }, rapport: true };
}

/** The failure of the token endpoint, which has a form of its own (spec/backbone-protocol.md 2). */
export function tokenFailure({ status, error, reason = "invalid_request" }: Extract<RelayAnswer, { ok: false }>): {
  readonly status: number;
  readonly text: string;
} {
  const text = JSON.stringify({ error: reason, error_description: error.message });
  return { status: reason === "invalid_client" ? 401 : Math.min(status, 400), text };
}

function errorId(): string {
  const letters = Array.from(randomBytes(idCharsAfterPrefix), (byte) => alphabet[byte % alphabet.length]);
  return `ERR${letters.join("")}`;
}
