/**
 * Finding, page by page, because neither driver can write while a statement is being read. Documents inserted after the
 * first page are not part of the answer; each document is as it was when its page was read.
 */
import { collectionOf, kindOf, matches, type Present, type Query, type Stored } from "rapport/core";
import type { SqliteLike, SqliteValue } from "./driver.ts";
import { type Span, spanOf } from "./entries.ts";
import type { Indexes } from "./indexes.ts";
import { candidatesCountedMax, findPageMax, findPageMin } from "./limits.ts";
import type { Rows } from "./rows.ts";

/** Answers queries; `newest` is the last version used. */
export type Find = (query: Query, newest: number) => Generator<readonly Stored[], void, undefined>;

const columns = "d.since, d.key, d.version, d.body";
const inEntries = "FROM entries e WHERE e.collection = ? AND e.field = ?";
const window = "e.since > ? AND e.since <= ? ORDER BY e.since LIMIT ?";
const joined = (which: string) =>
  `SELECT ${columns} FROM (SELECT DISTINCT e.since ${inEntries} AND ${which} AND ${window}) p
   JOIN documents d ON d.since = p.since ORDER BY p.since`;
// One value gives each place once and in order, so SQLite can stop at the limit.
const joinedByOne = `SELECT ${columns} FROM entries e JOIN documents d ON d.since = e.since
   WHERE e.collection = ? AND e.field = ? AND e.value = ? AND ${window}`;
const counted = (which: string) =>
  `SELECT count(*) AS n FROM (SELECT 1 ${inEntries} AND ${which} LIMIT ${candidatesCountedMax})`;
const one = "e.value = ?";
const some = "e.value IN (SELECT value FROM json_each(?))";
const between = "e.value BETWEEN ? AND ?";

type Pages = (after: number, upTo: number, most: number) => unknown[];

/** Prepares finding in an open database. */
export function createFind(db: SqliteLike, rows: Rows, indexes: Indexes): Find {
  const scan = db.prepare(
    `SELECT ${columns} FROM documents d WHERE d.collection = ? AND d.since > ? AND d.since <= ? ORDER BY d.since LIMIT ?`,
  );
  const ways = {
    one: { page: db.prepare(joinedByOne), count: db.prepare(counted(one)) },
    some: { page: db.prepare(joined(some)), count: db.prepare(counted(some)) },
    between: { page: db.prepare(joined(between)), count: db.prepare(counted(between)) },
  };

  const pagesOf = (query: Query): Pages => {
    const spans = usableSpans(query, indexes).map(({ field, span }) => {
      const { way, values } = wayOf(span);
      return { way: ways[way], values: [query.under, field, ...values] };
    });
    const [first, ...others] = spans;
    if (first === undefined) return (...bounds) => scan.all(query.under, ...bounds);
    let best = first;
    let fewest = others.length === 0 ? 0 : countOf(first.way.count.get(...first.values));
    for (const other of others) {
      const count = countOf(other.way.count.get(...other.values));
      if (count < fewest) [best, fewest] = [other, count];
    }
    return (...bounds) => best.way.page.all(...best.values, ...bounds);
  };

  return function* find(query, newest) {
    const { where = {}, after } = query;
    const start = after === undefined ? 0 : placeOf(rows.read(after), query.under);
    let wanted = query.limit ?? Number.POSITIVE_INFINITY;
    if (start === undefined || wanted <= 0) return;
    let last = start;
    const pages = pagesOf(query);
    const filters = Object.keys(where).length > 0;
    for (let most = findPageMin; ; most = Math.min(2 * most, findPageMax)) {
      const asked = filters ? most : Math.min(most, wanted);
      const page: readonly Present[] = pages(last, newest, asked).map(rows.present);
      const found = filters ? page.filter(({ stored }) => matches(stored.document, where)) : page;
      yield found.slice(0, Math.min(wanted, found.length)).map(({ stored }) => stored);
      wanted -= found.length;
      last = page.at(-1)?.since ?? last;
      if (wanted <= 0 || page.length < asked) return;
    }
  };
}

function placeOf(present: Present | undefined, under: string): number | undefined {
  return present !== undefined && collectionOf(present.stored.key) === under ? present.since : undefined;
}

function usableSpans(query: Query, indexes: Indexes): { field: string; span: Span }[] {
  const kind = kindOf(query.under);
  return Object.entries(query.where ?? {}).flatMap(([field, conditions]) => {
    if (!indexes.has(kind, field)) return [];
    return conditions.flatMap((condition) => {
      const span = spanOf(condition);
      return span === undefined ? [] : [{ field, span }];
    });
  });
}

function wayOf(span: Span): { way: "one" | "some" | "between"; values: SqliteValue[] } {
  if ("from" in span) return { way: "between", values: [span.from, span.to] };
  const [only, ...others] = span.some;
  if (only !== undefined && others.length === 0) return { way: "one", values: [only] };
  return { way: "some", values: [JSON.stringify(span.some)] };
}

function countOf(row: unknown): number {
  return typeof row === "object" && row !== null && "n" in row && typeof row.n === "number" ? row.n : 0;
}
