import { catalogue, isCode } from "../errors/catalogue.ts";
import type { Refusal } from "../errors/refusal.ts";
import { extended } from "../model/extended.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { Answer } from "../ports/transport.ts";
import type { WirePagination } from "../wire/shapes.ts";
import type { NewsItem } from "./news.ts";

/** An answer, and what only an HTTP server needs: headers, and the error of the token endpoint (chapter 2). */
export type RelayAnswer = Answer & { readonly headers?: { readonly [name: string]: string }; readonly reason?: string };

/** What an operation comes to once its turn went through. A refusal here was committed together with its count. */
export type Reply =
  | {
      readonly result: Json;
      readonly status?: number;
      readonly pagination?: WirePagination;
      readonly bytes?: Uint8Array;
      readonly etag?: string;
      readonly replayed?: boolean;
      readonly news: readonly NewsItem[];
      /** Collections that were written to and where things end (sweeper.ts). */
      readonly swept?: readonly string[];
      /** The commit could not erase all that it should. */
      readonly isMoreLeft?: boolean;
      /** Names of bytes whose File ended with the commit. */
      readonly doomedBlobs?: readonly string[];
      readonly warnings?: readonly Warning[];
    }
  | { readonly refusal: Refusal; readonly news: readonly NewsItem[] };

/** What the operator should know, once it is committed. */
export interface Warning {
  readonly message: string;
  readonly facts: JsonObject;
}

/** What a plan may say beside its result. */
export interface ReplyMore {
  readonly status?: number;
  readonly pagination?: WirePagination;
  readonly bytes?: Uint8Array;
  readonly etag?: string;
  readonly warnings?: readonly Warning[];
  readonly exhausted?: Refusal;
}

/** The answer of a success. */
export function answerOf(reply: Extract<Reply, { result: Json }>, success: number): RelayAnswer {
  const { status = success, result, pagination, bytes, etag } = reply;
  const answer = { ok: true as const, status, result, rapport: true };
  const paged = pagination === undefined ? answer : extended(answer, { pagination });
  const filled = bytes === undefined ? paged : extended(paged, { bytes });
  const marked = etag === undefined ? filled : extended(filled, { etag });
  return reply.replayed === true ? extended(marked, { headers: { "idempotency-replayed": "true" } }) : marked;
}

/** The error envelope of a refusal. A refusal may carry a `status` other than that of its code, `data`, and a `reason`. */
export function errorOf({ code, message, details = {} }: Refusal): RelayAnswer {
  const { status: asked, data, reason } = details;
  const status = typeof asked === "number" ? asked : isCode(code) ? catalogue[code].http : 500;
  const error = data === undefined ? { code, message } : { code, message, data };
  const answer = { ok: false as const, status, error, rapport: true };
  return typeof reason === "string" ? extended(answer, { reason }) : answer;
}
