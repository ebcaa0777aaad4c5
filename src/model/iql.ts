import type { JsonObject } from "./json.ts";

/** A parsed query (spec/domain.md 6.5). */
export type Iql =
  | { readonly is: "type"; readonly type: string; readonly field?: string; readonly value?: string }
  | { readonly is: "tag"; readonly tag: string }
  | { readonly is: "not"; readonly of: Iql }
  | { readonly is: "and" | "or"; readonly of: readonly Iql[] };

/** A query, or what is wrong with its text and where. */
export type ParsedIql =
  | { readonly ok: true; readonly query: Iql }
  | { readonly ok: false; readonly message: string; readonly offset: number };

/** Parses IQL. */
export function parseIql(text: string): ParsedIql {
  return { ok: false, message: `${text} cannot be parsed yet`, offset: 0 };
}

/** True when the content of an attribute is what the query describes. */
export function iqlMatches(_query: Iql, _content: JsonObject): boolean {
  return false;
}
