/**
 * Finding, page by page, with no cursor between pages. Documents inserted after the first page are not part of the
 * answer; each document is as it was when its page was read.
 */
import { kindOf, matches, type Query, type Stored } from "rapport/core";
import { type PostgresStatement, queryInOrder } from "./driver.ts";
import { type Span, spanOf } from "./entries.ts";
import type { Indexes } from "./indexes.ts";
import type { Lend } from "./lend.ts";
import { candidatesCountedMax, findPageMax, findPageMin, versionsPerStep } from "./limits.ts";
import type { Rows } from "./rows.ts";
import { type Names, textAt } from "./schema.ts";

/** What finding works with. */
export interface FindParts {
  readonly lend: Lend;
  readonly names: Names;
  readonly rows: Rows;
  readonly indexes: Indexes;
}

/** Where the next page begins and ends: after a key at first, then after a place and up to the newest one. */
type Bounds = { readonly afterKey: string | undefined } | { readonly after: number; readonly upTo: number };

type Way = { readonly field: string; readonly span: Span };

/** Everything that the query finds, in pages. */
export async function* findPages(parts: FindParts, query: Query): AsyncGenerator<readonly Stored[], void, undefined> {
  const { where = {} } = query;
  const filters = Object.keys(where).length > 0;
  let wanted = query.limit ?? Number.POSITIVE_INFINITY;
  let bounds: Bounds = { afterKey: query.after };
  const way = await chooseWay(parts, query);
  for (let most = findPageMin; wanted > 0; most = Math.min(2 * most, findPageMax)) {
    // Nearly all that an index gives matches; what a scan gives may not.
    const isPlain = !filters || (way !== undefined && "afterKey" in bounds);
    const asked: number = isPlain ? Math.min(most, wanted) : most;
    const statement: PostgresStatement = pageOf(parts.names, { under: query.under, way, bounds, asked });
    const [answered] = await parts.lend((connection) => queryInOrder(connection, [statement]));
    const answer: readonly unknown[] = answered?.rows ?? [];
    const page = answer.map(parts.rows.listed);
    const found = filters ? page.filter(({ stored }) => matches(stored.document, where)) : page;
    yield found.slice(0, Math.min(wanted, found.length)).map(({ stored }) => stored);
    wanted -= found.length;
    if (page.length < asked) return;
    const upTo: number = "upTo" in bounds ? bounds.upTo : Number(textAt(answer[0], "newest")) + versionsPerStep - 1;
    bounds = { after: page.at(-1)?.since ?? 0, upTo };
  }
}

/** The index with the fewest candidates, if there is one that helps. */
async function chooseWay({ lend, names, indexes }: FindParts, query: Query): Promise<Way | undefined> {
  const ways = usableWays(query, indexes);
  if (ways.length < 2) return ways[0];
  const counts = await lend((connection) =>
    queryInOrder(
      connection,
      ways.map((way) => countOf(names, query.under, way)),
    ),
  );
  let best: Way | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const [at, way] of ways.entries()) {
    const count = Number(textAt(counts[at]?.rows[0], "n"));
    if (count < fewest) [best, fewest] = [way, count];
  }
  return best;
}

function countOf(names: Names, under: string, way: Way): PostgresStatement {
  const values: unknown[] = [under];
  const text = `SELECT count(*)::text AS n FROM (
    SELECT 1 FROM ${names.entries} e WHERE e.collection = $1 AND ${within(way, values)} LIMIT ${candidatesCountedMax}
  ) AS candidates`;
  return { text, values };
}

function usableWays(query: Query, indexes: Indexes): readonly Way[] {
  const kind = kindOf(query.under);
  return Object.entries(query.where ?? {}).flatMap(([field, conditions]) => {
    if (!indexes.has(kind, field)) return [];
    return conditions.flatMap((condition) => {
      const span = spanOf(condition);
      return span === undefined ? [] : [{ field, span }];
    });
  });
}

/** The condition on entries; its values are added to the list. */
function within({ field, span }: Way, values: unknown[]): string {
  const value = (one: unknown) => `$${values.push(one)}`;
  const ofField = `e.field = ${value(field)}`;
  if ("from" in span) return `${ofField} AND e.value BETWEEN ${value(span.from)} AND ${value(span.to)}`;
  const [only, ...others] = span.some;
  if (only !== undefined && others.length === 0) return `${ofField} AND e.value = ${value(only)}`;
  return `${ofField} AND e.value = ANY(${value(span.some)}::text[])`;
}

interface Page {
  readonly under: string;
  readonly way: Way | undefined;
  readonly bounds: Bounds;
  readonly asked: number;
}

function pageOf(names: Names, { under, way, bounds, asked }: Page): PostgresStatement {
  const values: unknown[] = [under];
  const columns = "d.key, d.since::text, d.version::text, d.body";
  const newest = `(SELECT last_value FROM ${names.versions})::text AS newest`;
  const limit = `LIMIT $${values.push(asked)}::int`;
  if (way === undefined) {
    const text = `SELECT ${columns}, ${newest} FROM ${names.documents} d
      WHERE d.collection = $1 AND ${windowOf(names, "d.since", { bounds, values })} ORDER BY d.since ${limit}`;
    return { text, values };
  }
  const chosen = `FROM ${names.entries} e WHERE e.collection = $1 AND ${within(way, values)}
    AND ${windowOf(names, "e.since", { bounds, values })}`;
  const text = `SELECT ${columns}, ${newest} FROM (SELECT DISTINCT e.since ${chosen} ORDER BY e.since ${limit}) p
    JOIN ${names.documents} d ON d.collection = $1 AND d.since = p.since ORDER BY p.since`;
  return { text, values };
}

function windowOf(names: Names, since: string, { bounds, values }: { bounds: Bounds; values: unknown[] }): string {
  if ("upTo" in bounds) return `${since} > $${values.push(bounds.after)} AND ${since} <= $${values.push(bounds.upTo)}`;
  if (bounds.afterKey === undefined) return `${since} > 0`;
  const place = `SELECT a.since FROM ${names.documents} a WHERE a.key = $${values.push(bounds.afterKey)}`;
  return `${since} > (${place} AND a.collection = $1)`;
}
