import { type Outcome, type Refusal, refuse } from "../errors/refusal.ts";
import { pageSizeDefault, pageSizeMax } from "../limits.ts";
import { isId } from "../model/ids.ts";
import { instantOf } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import type { Call } from "../ports/transport.ts";
import type { WirePagination } from "../wire/shapes.ts";
import type { Caller } from "./caller.ts";
import type { Desk } from "./desk.ts";
import type { Work } from "./draft.ts";
import { invalid } from "./fields.ts";

/** A call whose body was parsed, at one moment. */
export interface Asked {
  readonly call: Call;
  readonly body: JsonObject;
  readonly nowMs: number;
  readonly now: string;
}

/** Carries out one operation: checks what was sent, and gives the turn that does it. */
export type Handler = (asked: Asked, desk: Desk, caller: Caller) => Outcome<Work>;
/** The same for operations that anybody may call. */
export type OpenHandler = (asked: Asked, desk: Desk, caller: Caller | undefined) => Outcome<Work>;

/** The call at this moment. */
export function askedAt(call: Call, body: JsonObject, nowMs: number): Asked {
  return { call, body, nowMs, now: instantOf(nowMs) };
}

/** The turn, typed by what it gathers. */
export function work<F>(turn: {
  gather: (reads: Parameters<Work["gather"]>[0]) => Promise<F>;
  plan: (facts: F) => ReturnType<Work["plan"]>;
}): Outcome<Work> {
  // Methods take their parameters bivariantly; each `plan` is only ever called with what its own `gather` gave.
  const value: { gather(reads: Parameters<Work["gather"]>[0]): Promise<F>; plan(facts: F): ReturnType<Work["plan"]> } =
    turn;
  return { ok: true, value };
}

/** The refusal for an object that is not there, or not there for the caller. */
export function notFound(record: string): { ok: false; refusal: Refusal } {
  const why =
    "Make sure the ID exists and the record is not expired. If a password is required, check that it is correct.";
  return refuse("error.platform.recordNotFound", `${record} not found. ${why}`);
}

/** The path's id, of a kind of object. */
export function idOf(asked: Asked, prefix: string): Outcome<string> {
  const id = asked.call.params?.["id"];
  if (isId(id, prefix)) return { ok: true, value: id };
  return refuse("error.platform.validation.invalidId", `The id must have 20 characters and begin with ${prefix}.`);
}

/** One value of the query. Names are compared without case. */
export function queryText(asked: Asked, name: string): string | undefined {
  return queryList(asked, name)?.[0];
}

/** All values of a repeated key of the query; undefined when there is none. */
export function queryList(asked: Asked, name: string): readonly string[] | undefined {
  const { query } = asked.call;
  if (query === undefined) return undefined;
  const wanted = name.toLowerCase();
  for (const key in query) {
    const value = query[key];
    if (value !== undefined && key.toLowerCase() === wanted) return typeof value === "string" ? [value] : value;
  }
  return undefined;
}

/** The part of a list that was asked for. */
export interface Page {
  readonly number: number;
  readonly size: number;
}

/** The asked page. */
export function pageOf(asked: Asked): Outcome<Page> {
  const number = Number(queryText(asked, "PageNumber") ?? 1);
  const size = Number(queryText(asked, "PageSize") ?? pageSizeDefault);
  if (!Number.isSafeInteger(number) || number < 1) return invalid("PageNumber must be an integer of at least 1.");
  if (Number.isSafeInteger(size) && size >= 1 && size <= pageSizeMax) return { ok: true, value: { number, size } };
  return refuse("error.platform.validation.pagination.invalidPageSize", `PageSize must be 1 to ${pageSizeMax}.`);
}

/** Cuts the page out of the whole list; the pagination is absent when everything fits on one page. */
export function cut<T>(all: readonly T[], page: Page): { items: readonly T[]; pagination?: WirePagination } {
  const items = all.slice((page.number - 1) * page.size, page.number * page.size);
  if (all.length <= page.size) return { items };
  const totalPages = Math.ceil(all.length / page.size);
  return {
    items,
    pagination: { pageNumber: page.number, pageSize: page.size, totalPages, totalRecords: all.length },
  };
}

/** A list of ids from the query: at least one, each of the given kind. */
export function idsOf(asked: Asked, prefix: string): Outcome<readonly string[]> {
  const ids = queryList(asked, "ids") ?? [];
  if (ids.length === 0) return invalid("Give at least one id in ids.");
  const wrong = ids.find((id) => !isId(id, prefix));
  if (wrong === undefined) return { ok: true, value: [...new Set(ids)] };
  return refuse("error.platform.validation.invalidId", `Ids must have 20 characters and begin with ${prefix}.`);
}
