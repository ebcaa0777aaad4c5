/** Which index a query goes by, and the statement that asks for a page of it. */
import { type FieldCondition, kindOf, type Query } from "rapport/core";
import { type PostgresStatement, queryInOrder } from "./driver.ts";
import { type Exact, exactly, spanOf } from "./entries.ts";
import type { Indexes } from "./indexes.ts";
import type { Lend } from "./lend.ts";
import { candidatesCountedMax, candidatesCountedMin } from "./limits.ts";
import { type Names, textAt } from "./schema.ts";

/** What choosing works with. */
export interface WayParts {
  readonly lend: Lend;
  readonly names: Names;
  readonly indexes: Indexes;
}

/** How a query is answered: by these entries, without these others; `left` are the conditions that documents decide. */
export interface Way {
  readonly under: string;
  readonly driver: Driver | undefined;
  readonly filters: readonly Filter[];
  readonly left: NonNullable<Query["where"]>;
}

/** Where a page begins and ends: after a key at first, then after a place and up to the newest one. */
export type Bounds = { readonly afterKey: string | undefined } | { readonly after: number; readonly upTo: number };

type Filter = { readonly field: string } & Exact;

type Driver = { readonly field: string } & (
  | { readonly some: readonly string[] }
  | { readonly ranges: readonly (readonly [string, string])[] }
);

/** The way with the fewest candidates. */
export async function chooseWay(parts: WayParts, { under, where = {} }: Query): Promise<Way> {
  const kind = kindOf(under);
  const drivers: Driver[] = [];
  const filters: Filter[] = [];
  const left: { [field: string]: FieldCondition[] } = {};
  for (const [field, conditions] of Object.entries(where)) {
    const isIndexed = parts.indexes.has(kind, field);
    for (const condition of conditions) {
      const exact = isIndexed ? exactly(condition) : undefined;
      if (exact !== undefined) filters.push({ field, ...exact });
      else left[field] = [...(left[field] ?? []), condition];
      const span = isIndexed ? spanOf(condition) : undefined;
      if (span === undefined) continue;
      if ("some" in span) drivers.push({ field, some: span.some });
      else if ("from" in span) drivers.push({ field, ranges: [[span.from, span.to]] });
      else drivers.push({ field, ranges: await rangesOf(parts, { under, field }, span.letters) });
    }
  }
  const driver = await narrowest(parts, under, drivers);
  return { under, driver, filters: filters.filter((one) => !isSame(one, driver)), left };
}

function isSame(filter: Filter, driver: Driver | undefined): boolean {
  if (driver === undefined || !("some" in driver) || !filter.isWanted || filter.field !== driver.field) return false;
  return JSON.stringify(filter.some) === JSON.stringify(driver.some);
}

const last = "\u{10ffff}";

/** Goes down letter by letter through what the index has, so that of 2^n spellings only those are followed that exist. */
async function rangesOf(
  { lend, names }: WayParts,
  { under, field }: { readonly under: string; readonly field: string },
  letters: readonly (readonly string[])[],
): Promise<[string, string][]> {
  const spellings = letters.flatMap((cases, at) => cases.map((letter) => ({ at, letter })));
  const next = `((b.prefix || l.letter) COLLATE "C")`;
  const text = `WITH RECURSIVE letters AS (SELECT * FROM unnest($3::int[], $4::text[]) AS u(at, letter)),
    branches(prefix, at) AS (
      SELECT ''::text COLLATE "C", 0
      UNION ALL
      SELECT ${next}, b.at + 1 FROM branches b JOIN letters l ON l.at = b.at
      WHERE EXISTS (SELECT 1 FROM ${names.entries} e WHERE e.collection = $1 AND e.field = $2
        AND e.value BETWEEN ${next} AND ((b.prefix || l.letter || $5::text) COLLATE "C"))
    )
    SELECT prefix FROM branches WHERE at = $6::int`;
  const at = spellings.map((one) => one.at);
  const values = [under, field, at, spellings.map(({ letter }) => letter), last, letters.length];
  const [answer] = await lend((connection) => queryInOrder(connection, [{ text, values }]));
  const prefixes = (answer?.rows ?? []).map((row) => textAt(row, "prefix") ?? "");
  return prefixes.map((prefix) => [prefix, prefix + last]);
}

/** True or false: half of a collection, or all of it. */
function isCoarse(driver: Driver): boolean {
  return "some" in driver && driver.some.every((value) => value === "btrue" || value === "bfalse");
}

/** The driver with the fewest candidates. They are counted further only as long as there are too many to tell. */
async function narrowest({ lend, names }: WayParts, under: string, drivers: readonly Driver[]) {
  const telling = drivers.filter((driver) => !isCoarse(driver));
  const [first = drivers[0], ...others] = telling;
  if (others.length === 0) return first;
  for (let most = candidatesCountedMin; ; most *= 16) {
    const statements = telling.map((driver) => countOf(names, under, { driver, most }));
    const counts = await lend((connection) => queryInOrder(connection, statements));
    let best = first;
    let fewest = Number.POSITIVE_INFINITY;
    for (const [at, driver] of telling.entries()) {
      const count = Number(textAt(counts[at]?.rows[0], "n"));
      if (count < fewest) [best, fewest] = [driver, count];
    }
    if (fewest < most || most >= candidatesCountedMax) return best;
  }
}

function countOf(
  names: Names,
  under: string,
  { driver, most }: { readonly driver: Driver; readonly most: number },
): PostgresStatement {
  const values: unknown[] = [under];
  const text = `SELECT count(*)::text AS n FROM (SELECT 1 FROM ${entriesIn(names, driver, values)} LIMIT ${most}) AS c`;
  return { text, values };
}

/** The entries of a driver; `$1` is the collection, and the values are added to the list. */
function entriesIn(names: Names, driver: Driver, values: unknown[]): string {
  const value = (one: unknown) => `$${values.push(one)}`;
  const ofField = `e.collection = $1 AND e.field = ${value(driver.field)}`;
  if ("some" in driver) {
    const [only, ...others] = driver.some;
    const isOne = only !== undefined && others.length === 0;
    const which = isOne ? `= ${value(only)}` : `= ANY(${value(driver.some)}::text[])`;
    return `${names.entries} e WHERE ${ofField} AND e.value ${which}`;
  }
  const [range, ...more] = driver.ranges;
  if (range !== undefined && more.length === 0)
    return `${names.entries} e WHERE ${ofField} AND e.value BETWEEN ${value(range[0])} AND ${value(range[1])}`;
  const lows = value(driver.ranges.map(([low]) => low));
  const highs = value(driver.ranges.map(([, high]) => high));
  return `unnest(${lows}::text[], ${highs}::text[]) AS r(low, high) JOIN ${names.entries} e
    ON e.value BETWEEN (r.low COLLATE "C") AND (r.high COLLATE "C") WHERE ${ofField}`;
}

/** The statement for a page; a document may come several times in a row. */
export function pageOf(
  names: Names,
  way: Way,
  { bounds, asked }: { bounds: Bounds; asked: number },
): PostgresStatement {
  const { under, driver } = way;
  const values: unknown[] = [under];
  const columns = "d.key, d.since::text, d.version::text, d.body";
  const newest = `(SELECT last_value FROM ${names.versions})::text AS newest`;
  const limit = `LIMIT $${values.push(asked)}::int`;
  const within = (since: string) =>
    `${windowOf(names, since, { bounds, values })}${filtersOf(names, way, { since, values })} ORDER BY ${since} ${limit}`;
  if (driver === undefined) {
    const text = `SELECT ${columns}, ${newest} FROM ${names.documents} d WHERE d.collection = $1 AND ${within("d.since")}`;
    return { text, values };
  }
  let places: string;
  if ("some" in driver && driver.some.length > 1) {
    // The first places of each value, merged: no list has to be read to its end.
    const field = `$${values.push(driver.field)}`;
    const some = `$${values.push(driver.some)}`;
    places = `SELECT DISTINCT c.since FROM unnest(${some}::text[]) AS r(value) CROSS JOIN LATERAL (
      SELECT e.since FROM ${names.entries} e WHERE e.collection = $1 AND e.field = ${field}
        AND e.value = r.value COLLATE "C" AND ${within("e.since")}
    ) c ORDER BY c.since ${limit}`;
  } else places = `SELECT e.since FROM ${entriesIn(names, driver, values)} AND ${within("e.since")}`;
  const text = `SELECT ${columns}, ${newest} FROM (${places}) p
    JOIN ${names.documents} d ON d.collection = $1 AND d.since = p.since ORDER BY p.since`;
  return { text, values };
}

function filtersOf(names: Names, { filters }: Way, { since, values }: { since: string; values: unknown[] }): string {
  const value = (one: unknown) => `$${values.push(one)}`;
  const all = filters.map(
    ({ field, some, isWanted }) =>
      ` AND ${isWanted ? "" : "NOT "}EXISTS (SELECT 1 FROM ${names.entries} x WHERE x.collection = $1
        AND x.field = ${value(field)} AND x.value = ANY(${value(some)}::text[]) AND x.since = ${since})`,
  );
  return all.join("");
}

function windowOf(names: Names, since: string, { bounds, values }: { bounds: Bounds; values: unknown[] }): string {
  if ("upTo" in bounds) return `${since} > $${values.push(bounds.after)} AND ${since} <= $${values.push(bounds.upTo)}`;
  if (bounds.afterKey === undefined) return `${since} > 0`;
  const place = `SELECT a.since FROM ${names.documents} a WHERE a.key = $${values.push(bounds.afterKey)}`;
  return `${since} > (${place} AND a.collection = $1)`;
}
