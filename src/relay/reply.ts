import { catalogue, isCode } from "../errors/catalogue.ts";
import type { Refusal } from "../errors/refusal.ts";
import { extended } from "../model/extended.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { Answer } from "../ports/transport.ts";
import type { WirePagination } from "../wire/shapes.ts";

/** An answer, and the headers that an HTTP server adds to it. */
export type RelayAnswer = Answer & { readonly headers?: { readonly [name: string]: string } };

/** What an operation comes to once its turn went through. A refusal here was committed together with its count. */
export type Reply =
  | {
      readonly result: Json;
      readonly status?: number;
      readonly pagination?: WirePagination;
      readonly replayed?: boolean;
      readonly wake: readonly string[];
      /** The commit could not erase all that it should. */
      readonly isMoreLeft?: boolean;
      readonly warnings?: readonly Warning[];
    }
  | { readonly refusal: Refusal; readonly wake: readonly string[] };

/** What the operator should know, once it is committed. */
export interface Warning {
  readonly message: string;
  readonly facts: JsonObject;
}

/** What a plan may say beside its result. */
export interface ReplyMore {
  readonly status?: number;
  readonly pagination?: WirePagination;
  readonly warnings?: readonly Warning[];
  readonly exhausted?: Refusal;
}

/** The answer of a success. */
export function answerOf(reply: Extract<Reply, { result: Json }>, success: number): RelayAnswer {
  const answer = { ok: true as const, status: reply.status ?? success, result: reply.result, rapport: true };
  const paged = reply.pagination === undefined ? answer : extended(answer, { pagination: reply.pagination });
  return reply.replayed === true ? extended(paged, { headers: { "idempotency-replayed": "true" } }) : paged;
}

/** The error envelope of a refusal. A refusal may carry a `status` other than that of its code. */
export function errorOf({ code, message, details }: Refusal): RelayAnswer {
  const asked = details?.["status"];
  const status = typeof asked === "number" ? asked : isCode(code) ? catalogue[code].http : 500;
  return { ok: false, status, error: { code, message }, rapport: true };
}
