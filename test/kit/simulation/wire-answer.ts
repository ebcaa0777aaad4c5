// Answers as bytes and back, as the relay's server writes them and a transport reads them (spec of the protocol, 1.1).
import { type Answer, fault, type Json, type JsonObject, type Operation, type OperationName, operations } from "rapport/core";
import type { RelayAnswer } from "rapport/relay";

const lineEnd = "\r\n";

/** The bytes of an answer. */
export function encodeAnswer(operation: OperationName, given: RelayAnswer): Uint8Array {
  const { answers }: Operation = operations[operation];
  if (!given.ok) {
    const { error, reason } = given;
    const failure = { error: reason ?? "invalid_request", error_description: error.message };
    const envelope = { error: { id: "ERR", docs: "", data: null, ...error } };
    return response(given.status, JSON.stringify(answers === "raw" && given.status < 500 ? failure : envelope));
  }
  const { status, result, pagination, bytes, etag } = given;
  const tag = etag === undefined ? [] : [`etag: "${etag}"`];
  if (status === 204 || status === 304) return response(status, "", tag);
  if (bytes !== undefined) return response(status, bytes, [...tag, "content-type: application/octet-stream"]);
  const shown = answers === "raw" ? result : pagination === undefined ? { result } : { result, pagination };
  return response(status, JSON.stringify(shown), tag);
}

function response(status: number, body: string | Uint8Array, headers: readonly string[] = []): Uint8Array {
  const head = [`HTTP/1.1 ${status}`, "x-rapport-relay: 1", ...headers, "", ""].join(lineEnd);
  return Buffer.concat([Buffer.from(head), typeof body === "string" ? Buffer.from(body) : body]);
}

/** An answer in its parts: what may be changed on the way, and what may not. */
export interface OpenedAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

/** Takes the bytes apart. */
export function openAnswer(bytes: Uint8Array): OpenedAnswer {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = whole.indexOf(`${lineEnd}${lineEnd}`);
  const [first = "", ...lines] = whole.subarray(0, end).toString().split(lineEnd);
  const headers = new Map(lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]));
  return { status: Number(first.split(" ")[1]), headers, body: new Uint8Array(whole.subarray(end + 4)) };
}

/** What an answer says. Throws `relay.unreachable` for what is none. */
export function readAnswer(operation: OperationName, { status, headers, body }: OpenedAnswer): Answer {
  const { answers }: Operation = operations[operation];
  const rapport = headers.has("x-rapport-relay");
  const etag = headers.get("etag")?.slice(1, -1);
  const tagged = etag === undefined ? {} : { etag };
  if (status === 204 || status === 304) return { ok: true, status, rapport, result: {}, ...tagged };
  if (status < 400 && answers === "bytes") return { ok: true, status, rapport, result: {}, bytes: body, ...tagged };
  const json = jsonOf(body);
  if (status >= 400) return { ok: false, status, rapport, error: errorIn(json, status) };
  if (json === undefined) throw noAnswer();
  if (answers === "raw") return { ok: true, status, rapport, result: json };
  const { result, pagination } = json as JsonObject;
  if (result === undefined || result === null) throw noAnswer();
  const paged = pagination === undefined ? {} : { pagination };
  return { ok: true, status, rapport, result, ...paged, ...tagged } as Answer;
}

function errorIn(json: Json | undefined, status: number): Extract<Answer, { ok: false }>["error"] {
  const error = (json as { readonly error?: JsonObject | string } | undefined)?.error;
  if (typeof error !== "object") return { code: "error.platform.unauthorized", message: `It answered ${status}.` };
  const { code, message, data } = error;
  const more = data === undefined || data === null ? {} : { data };
  return { code: String(code), message: String(message), ...more };
}

function jsonOf(body: Uint8Array): Json | undefined {
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.length).toString()) as Json;
  } catch {
    return undefined;
  }
}

function noAnswer() {
  return fault("relay.unreachable", "What came back is no answer.", { details: { sent: true } });
}
