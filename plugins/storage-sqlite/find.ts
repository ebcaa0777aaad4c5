/**
 * Finding, page by page, because neither driver can write while a statement is being read. Documents inserted after the
 * first page are not part of the answer; each document is as it was when its page was read.
 */
import { collectionOf, type FoundPage, matches, type Query, type Stored } from "rapport/core";
import type { SqliteLike } from "./driver.ts";
import type { Indexes } from "./indexes.ts";
import { findPageCharactersMax, findPageMax, findPageMin } from "./limits.ts";
import type { Columns, Rows } from "./rows.ts";
import { createWays } from "./ways.ts";

/** Answers queries; `newest` is the last version used. */
export type Find = (query: Query, newest: number) => Generator<FoundPage, void, undefined>;

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
      const page = distinct(answer.map(rows.columns));
      if (filters) {
        const found = page.map(rows.listed).filter(({ document }) => matches(document, left));
        yield entriesOf(found.slice(0, Math.min(wanted, found.length)));
        wanted -= found.length;
      } else {
        yield rowsOf(page.slice(0, Math.min(wanted, page.length)), rows);
        wanted -= page.length;
      }
      after = page.at(-1)?.since ?? after;
      if (wanted <= 0 || answer.length < asked) return;
      most = nextPage(most, page);
    }
  };
}

function entriesOf(found: readonly Stored[]): FoundPage {
  return { entries: () => found, texts: () => found.map(({ text }) => text) };
}

function rowsOf(page: readonly Columns[], rows: Rows): FoundPage {
  return { entries: () => page.map(rows.listed), texts: () => page.map(rows.textOf) };
}

/** An entry per matching value: a document with several of them comes several times in a row. */
function distinct(page: readonly Columns[]): readonly Columns[] {
  return page.filter(({ since }, at) => since !== page[at - 1]?.since);
}

/** Longer pages cost less per row, but what is read in one go has to fit. */
function nextPage(most: number, page: readonly Columns[]): number {
  const characters = page.reduce((sum, { body }) => sum + body.length, 0);
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
