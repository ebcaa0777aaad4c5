/**
 * Finding, page by page, with no cursor between pages. Documents inserted after the first page are not part of the
 * answer; each document is as it was when its page was read.
 */
import { matches, type Query, type Stored } from "rapport/core";
import { queryInOrder } from "./driver.ts";
import { findPageCharactersMax, findPageMax, findPageMin, versionsPerStep } from "./limits.ts";
import type { Listing, Rows } from "./rows.ts";
import { textAt } from "./schema.ts";
import { type Bounds, chooseWay, pageOf, type WayParts } from "./ways.ts";

/** What finding works with. */
export type FindParts = WayParts & { readonly rows: Rows };

/** Everything that the query finds, in pages. */
export async function* findPages(parts: FindParts, query: Query): AsyncGenerator<readonly Stored[], void, undefined> {
  let wanted = query.limit ?? Number.POSITIVE_INFINITY;
  if (wanted <= 0) return;
  let bounds: Bounds = { afterKey: query.after };
  const way = await chooseWay(parts, query);
  const filters = Object.keys(way.left).length > 0;
  let most = findPageMin;
  for (;;) {
    // Nearly all that an index gives matches; what a scan gives may not.
    const isPlain = !filters || (way.driver !== undefined && "afterKey" in bounds);
    const asked: number = isPlain ? Math.min(most, wanted) : most;
    const statement = pageOf(parts.names, way, { bounds, asked });
    const [answered] = await parts.lend((connection) => queryInOrder(connection, [statement]));
    const answer: readonly unknown[] = answered?.rows ?? [];
    const page = distinct(answer.map(parts.rows.listed));
    const found = filters ? page.filter(({ stored }) => matches(stored.document, way.left)) : page;
    yield found.slice(0, Math.min(wanted, found.length)).map(({ stored }) => stored);
    wanted -= found.length;
    if (wanted <= 0 || answer.length < asked) return;
    const upTo: number = "upTo" in bounds ? bounds.upTo : Number(textAt(answer[0], "newest")) + versionsPerStep - 1;
    bounds = { after: page.at(-1)?.since ?? 0, upTo };
    most = nextPage(most, page);
  }
}

/** An entry per matching value: a document with several of them comes several times in a row. */
function distinct(page: readonly Listing[]): readonly Listing[] {
  return page.filter(({ since }, at) => since !== page[at - 1]?.since);
}

/** Longer pages cost less per row, but what is read in one go has to fit. */
function nextPage(most: number, page: readonly Listing[]): number {
  const characters = page.reduce((sum, one) => sum + one.characters, 0);
  const fitting = Math.floor((findPageCharactersMax * page.length) / Math.max(1, characters));
  return Math.max(1, Math.min(2 * most, findPageMax, fitting));
}
