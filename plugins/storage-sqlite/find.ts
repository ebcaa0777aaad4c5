/**
 * Finding, page by page, because neither driver can write while a statement is being read. Documents inserted after the
 * first page are not part of the answer; each document is as it was when its page was read.
 */
import { collectionOf, matches, type Present, type Query, type Stored } from "rapport/core";
import type { SqliteLike } from "./driver.ts";
import type { Indexes } from "./indexes.ts";
import { findPageCharactersMax, findPageMax, findPageMin } from "./limits.ts";
import type { Rows } from "./rows.ts";
import { createWays } from "./ways.ts";

/** Answers queries; `newest` is the last version used. */
export type Find = (query: Query, newest: number) => Generator<readonly Stored[], void, undefined>;

/** Prepares finding in an open database. */
export function createFind(db: SqliteLike, rows: Rows, indexes: Indexes): Find {
  const choose = createWays(db, indexes);
  const placeOf = createPlaces(db);

  return function* find(query, newest) {
    const start = query.after === undefined ? 0 : placeOf(query.after, query.under);
    let wanted = query.limit ?? Number.POSITIVE_INFINITY;
    if (start === undefined || wanted <= 0) return;
    const { pages, left } = choose(query);
    const filters = Object.keys(left).length > 0;
    let after = start;
    let most = findPageMin;
    for (;;) {
      const asked = filters ? most : Math.min(most, wanted);
      const answer = pages(after, newest, asked);
      const page = distinct(answer.map(rows.listed));
      const found = filters ? page.filter(({ stored }) => matches(stored.document, left)) : page;
      yield found.slice(0, Math.min(wanted, found.length)).map(({ stored }) => stored);
      wanted -= found.length;
      after = page.at(-1)?.since ?? after;
      if (wanted <= 0 || answer.length < asked) return;
      most = nextPage(most, page);
    }
  };
}

/** An entry per matching value: a document with several of them comes several times in a row. */
function distinct(page: readonly Listing[]): readonly Listing[] {
  return page.filter(({ since }, at) => since !== page[at - 1]?.since);
}

type Listing = Present & { readonly characters: number };

/** Longer pages cost less per row, but what is read in one go has to fit. */
function nextPage(most: number, page: readonly Listing[]): number {
  const characters = page.reduce((sum, one) => sum + one.characters, 0);
  const fitting = Math.floor((findPageCharactersMax * page.length) / Math.max(1, characters));
  return Math.max(1, Math.min(2 * most, findPageMax, fitting));
}

function createPlaces(db: SqliteLike): (key: string, under: string) => number | undefined {
  const byKey = db.prepare("SELECT since FROM documents WHERE key = ?");
  return (key, under) => {
    if (collectionOf(key) !== under) return undefined;
    const row = byKey.get(key);
    return typeof row === "object" && row !== null && "since" in row ? Number(row.since) : undefined;
  };
}
