// Filters over what no store can search, because only the vault has it: passwords and ownership tokens (spec/connector-api.md 1.13).
import type { Listed } from "rapport";
import { type Json, matches, parseQuery, unwrap } from "rapport/core";
import type { Ask, QueryTexts } from "../handler.ts";

/** How a list is asked for what a store can search. */
export type Each<V> = (query: QueryTexts, page: Ask["page"]) => AsyncIterable<Listed<V>>;

/** The list with all filters: the store's, then these. `isOwn` is wanted besides. */
export function filtered<V>(
  { filter, page }: Ask,
  { each, secrets, isOwn }: { readonly each: Each<V>; readonly secrets: readonly string[]; readonly isOwn?: boolean },
): AsyncIterable<Listed<V>> {
  const given = Object.entries(filter);
  const hidden = Object.fromEntries(given.filter(([name]) => secrets.includes(name)));
  const open = Object.fromEntries(given.filter(([name]) => !secrets.includes(name)));
  const query: QueryTexts = isOwn === undefined ? open : { ...open, isOwn: String(isOwn) };
  return Object.keys(hidden).length === 0 ? each(query, page) : fitting(each, { query, page, hidden, secrets });
}

interface Hidden {
  readonly query: QueryTexts;
  readonly page: Ask["page"];
  readonly hidden: QueryTexts;
  readonly secrets: readonly string[];
}

async function* fitting<V>(each: Each<V>, { query, page, hidden, secrets }: Hidden): AsyncGenerator<Listed<V>> {
  const { limit = Number.POSITIVE_INFINITY, ...after } = page;
  const where = unwrap(parseQuery(hidden, Object.fromEntries(secrets.map((name) => [name, name]))));
  let left = limit;
  for await (const entry of each(query, after)) {
    const view = await entry.view();
    // A view is made of JSON alone.
    if (!matches(view as unknown as Json, where)) continue;
    yield { ...entry, view: () => view };
    left -= 1;
    if (left <= 0) return;
  }
}
