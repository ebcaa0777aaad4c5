/** Which index a query goes by, and what it asks SQLite for. */
import { existingSpellings, type FieldCondition, kindOf, type Query } from "rapport/core";
import type { SqliteLike, SqliteStatement, SqliteValue } from "./driver.ts";
import { type Entry, type Exact, exactly, spanOf } from "./entries.ts";
import type { Indexes } from "./indexes.ts";
import { candidatesCountedMax, candidatesCountedMin, mergedValuesMax, statementsMax } from "./limits.ts";

/** Rows (since, key, version, body) after one place and up to another, in order; fewer than `most` means the end. */
export type Pages = (after: number, upTo: number, most: number) => unknown[];

/** How a query is answered. */
export interface Way {
  readonly pages: Pages;
  /** What the pages do not answer for: documents must be looked at. */
  readonly left: NonNullable<Query["where"]>;
}

/** Chooses ways in an open database. */
export type Choose = (query: Query) => Way;

type Driver = { readonly field: string } & (
  | { readonly some: readonly Entry[] }
  | { readonly ranges: readonly (readonly [Entry, Entry])[] }
);

interface Part {
  readonly sql: string;
  readonly values: readonly SqliteValue[];
}

const columns = "d.since, d.key, d.version, d.body";
const last = "\u{10ffff}";

/** Prepares choosing. */
export function createWays(db: SqliteLike, indexes: Indexes): Choose {
  const prepared = new Map<string, SqliteStatement>();
  const prepare = (sql: string): SqliteStatement => {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    if (prepared.size >= statementsMax) prepared.clear();
    const made = db.prepare(sql);
    prepared.set(sql, made);
    return made;
  };
  const all = ({ sql, values }: Part) => prepare(sql).all(...values);

  return (query) => {
    const { under, where = {} } = query;
    const kind = kindOf(under);
    const drivers: Driver[] = [];
    const filters: ({ field: string } & Exact)[] = [];
    const left: { [field: string]: FieldCondition[] } = {};
    for (const [field, conditions] of Object.entries(where)) {
      for (const condition of conditions) {
        const isIndexed = indexes.has(kind, field);
        const exact = isIndexed ? exactly(condition) : undefined;
        if (exact !== undefined) filters.push({ field, ...exact });
        else left[field] = [...(left[field] ?? []), condition];
        const span = isIndexed ? spanOf(condition) : undefined;
        if (span === undefined) continue;
        if ("some" in span) drivers.push({ field, some: span.some });
        else if ("from" in span) drivers.push({ field, ranges: [[span.from, span.to]] });
        else drivers.push({ field, ranges: rangesOf(all, { under, field }, span.letters) });
      }
    }
    const driver = narrowest(all, under, drivers);
    const others = filters.filter((one) => !one.isWanted || one.field !== driver?.field || !isSame(one, driver));
    return { left, pages: (after, upTo, most) => all(pageOf({ under, driver, others }, { after, upTo, most })) };
  };
}

function isSame(filter: Exact, driver: Driver): boolean {
  return "some" in driver && JSON.stringify(filter.some) === JSON.stringify(driver.some);
}

type All = (part: Part) => unknown[];

function rangesOf(
  all: All,
  { under, field }: { readonly under: string; readonly field: string },
  letters: readonly (readonly string[])[],
): [Entry, Entry][] {
  const sql = "SELECT 1 FROM entries e WHERE e.collection = ? AND e.field = ? AND e.value BETWEEN ? AND ? LIMIT 1";
  const exists = (prefix: string) => all({ sql, values: [under, field, prefix, prefix + last] }).length > 0;
  return existingSpellings(letters, exists).map((prefix) => [prefix, prefix + last]);
}

/** True or false: half of a collection, or all of it. */
function isCoarse(driver: Driver): boolean {
  return "some" in driver && driver.some.every((value) => value === "btrue" || value === "bfalse");
}

/** The driver with the fewest candidates. They are counted further only as long as there are too many to tell. */
function narrowest(all: All, under: string, drivers: readonly Driver[]): Driver | undefined {
  const telling = drivers.filter((driver) => !isCoarse(driver));
  const [first = drivers[0], ...others] = telling;
  if (others.length === 0) return first;
  for (let most = candidatesCountedMin; ; most *= 16) {
    let best = first;
    let fewest = Number.POSITIVE_INFINITY;
    for (const driver of telling) {
      const count = countOf(all, { under, driver, most });
      if (count < fewest) [best, fewest] = [driver, count];
    }
    if (fewest < most || most >= candidatesCountedMax) return best;
  }
}

function countOf(
  all: All,
  { under, driver, most }: { readonly under: string; readonly driver: Driver; readonly most: number },
): number {
  const { sql, values } = entriesIn(driver);
  const counted = `SELECT count(*) AS n FROM (SELECT 1 FROM ${sql} LIMIT ?)`;
  const [row] = all({ sql: counted, values: [...values, under, driver.field, most] });
  return typeof row === "object" && row !== null && "n" in row && typeof row.n === "number" ? row.n : 0;
}

/** The entries of a driver; collection and field are still to be given. */
function entriesIn(driver: Driver): Part {
  if ("some" in driver) {
    const list = "json_each(?) r CROSS JOIN entries e WHERE e.collection = ? AND e.field = ? AND e.value = r.value";
    return { sql: list, values: [JSON.stringify(driver.some)] };
  }
  const list =
    "json_each(?) r CROSS JOIN entries e WHERE e.collection = ? AND e.field = ? AND e.value BETWEEN json_extract(r.value, '$[0]') AND json_extract(r.value, '$[1]')";
  return { sql: list, values: [JSON.stringify(driver.ranges)] };
}

interface Plan {
  readonly under: string;
  readonly driver: Driver | undefined;
  readonly others: readonly ({ readonly field: string } & Exact)[];
}

interface Window {
  readonly after: number;
  readonly upTo: number;
  readonly most: number;
}

function pageOf(plan: Plan, window: Window): Part {
  const { under, driver } = plan;
  const { after, upTo, most } = window;
  if (driver === undefined) {
    const filter = filterOf(plan, "d.since");
    const sql = `SELECT ${columns} FROM documents d WHERE d.collection = ? AND d.since > ? AND d.since <= ?${filter.sql}
      ORDER BY d.since LIMIT ?`;
    return { sql, values: [under, after, upTo, ...filter.values, most] };
  }
  const filter = filterOf(plan, "e.since");
  const inWindow = `AND e.since > ? AND e.since <= ?${filter.sql} ORDER BY e.since LIMIT ?`;
  const bounds = [after, upTo, ...filter.values, most];
  if ("some" in driver && driver.some.length <= mergedValuesMax) {
    // Of one value the places are in order, so that SQLite can stop at the limit; and so it is with the first few of several.
    const one = `SELECT e.since FROM entries e WHERE e.collection = ? AND e.field = ? AND e.value = ? ${inWindow}`;
    const sql = driver.some.map(() => `SELECT since FROM (${one})`).join(" UNION ALL ");
    const values = driver.some.flatMap((value) => [under, driver.field, value, ...bounds]);
    if (driver.some.length > 0)
      return joined(`SELECT DISTINCT since FROM (${sql}) ORDER BY since LIMIT ?`, [...values, most]);
  }
  const { sql, values } = entriesIn(driver);
  return joined(`SELECT e.since FROM ${sql} ${inWindow}`, [...values, under, driver.field, ...bounds]);
}

function joined(places: string, values: readonly SqliteValue[]): Part {
  return {
    sql: `SELECT ${columns} FROM (${places}) p CROSS JOIN documents d ON d.since = p.since ORDER BY p.since`,
    values,
  };
}

function filterOf({ under, others }: Plan, since: string): Part {
  const sql = others.map(
    ({ isWanted }) =>
      ` AND ${isWanted ? "" : "NOT "}EXISTS (SELECT 1 FROM entries x WHERE x.collection = ? AND x.field = ?
        AND x.value IN (SELECT value FROM json_each(?)) AND x.since = ${since})`,
  );
  const values = others.flatMap(({ field, some }) => [under, field, JSON.stringify(some)]);
  return { sql: sql.join(""), values };
}
