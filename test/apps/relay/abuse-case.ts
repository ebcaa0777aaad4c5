// One bad request, and what any answer to one must be like.
import { expect } from "vitest";
import type { AbuseGround } from "./abuse-ground.ts";
import { type Heard, type Plain, sendPlain } from "./abuse-wire.ts";

/** A bad request as data. */
export interface BadRequest {
  readonly name: string;
  readonly status: number;
  /** Without its namespace; absent where the answer is not in the envelope. */
  readonly code?: string;
  send(ground: AbuseGround): Promise<Heard>;
}

/** What was sent and by whom. */
export type Sent = Plain & { readonly by?: "owner" | "stranger" | "nobody" };

/** A case from a request; unless it says by whom, it comes from the owner. */
export function bad(name: string, [status, code]: Outcome, sent: Sent | ((ground: AbuseGround) => Sent)): BadRequest {
  return {
    name,
    status,
    code,
    send: (ground) => sendAs(ground, typeof sent === "function" ? sent(ground) : sent),
  };
}

/** Status and code. */
export type Outcome = readonly [status: number, code: string];

export const invalid: Outcome = [400, "invalidPropertyValue"];
export const unreadable: Outcome = [400, "inputCannotBeParsed"];
export const tooLarge: Outcome = [400, "requestBodyTooLarge"];
export const wrongId: Outcome = [400, "invalidId"];
export const notFound: Outcome = [404, "recordNotFound"];
export const forbidden: Outcome = [403, "forbidden"];
export const unauthorized: Outcome = [401, "unauthorized"];

/** Sends it with the login of whoever sends it. */
export function sendAs(ground: AbuseGround, { by = "owner", headers = {}, ...plain }: Sent): Promise<Heard> {
  const login = by === "nobody" ? {} : { authorization: `Bearer ${ground[by].token}` };
  const json = typeof plain.body === "string" ? { "content-type": "application/json" } : {};
  const version = { "x-supported-datawallet-version": "1" };
  return sendPlain(ground.url, { ...plain, headers: { ...login, ...json, ...version, ...headers } });
}

const traces = /\bat \S+ \(|:\d+:\d+\)|node_modules|\.ts\b|\/src\/|\/home\/|file:\/\/|[A-Z]\w*Error\b|FST_|HPE_|ERR_/;

/** Fails unless the answer is the expected one in the protocol's form, and shows nothing of the inside. */
export function judge({ status, text, type }: Heard, expected: Pick<BadRequest, "status" | "code">): void {
  const json = /^\{/.test(text) ? JSON.parse(text) : undefined;
  const code = typeof json?.error === "string" ? json.error : json?.error?.code;
  expect({ status, code: code?.replace(/^error\.platform\.(validation\.)?/, "") }).toEqual({
    status: expected.status,
    code: expected.code,
  });
  expect(type).toBe("application/json; charset=utf-8");
  expect(text).not.toMatch(traces);
  expect(Object.keys(json)).toEqual(typeof json.error === "string" ? ["error", "error_description"] : ["error"]);
  if (typeof json.error === "string") return;
  expect(json.error).toEqual({
    id: expect.stringMatching(/^ERR[A-Za-z0-9]{17}$/),
    code: expect.any(String),
    message: expect.any(String),
    docs: "",
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    data: null,
  });
}
