// Lists: the query grammar of spec/connector-api.md 1.13 over stored documents, in insertion order.

import type { Account } from "../engine/context.ts";
import { unwrap } from "../errors/refusal.ts";
import { listMax } from "../limits.ts";
import type { Condition } from "../model/condition.ts";
import { extended } from "../model/extended.ts";
import type { JsonObject } from "../model/json.ts";
import { type Kind, keyOf, pathOf } from "../model/keys.ts";
import { matches } from "../model/matches.ts";
import { type Conditions, type Fields, parseQuery } from "../model/query.ts";
import type { Document, Found, Stored } from "../ports/store.ts";
import { settleTimers } from "./deadlines.ts";

/** What embedders ask with: public field names with values or expressions of the grammar. */
export type Query = { readonly [field: string]: string | number | boolean | readonly (string | number | boolean)[] };

/** Which part of a list. */
export interface ListOptions {
  /** Without it `each` gives everything, `find` the first ten thousand. */
  readonly limit?: number;
  /** An id of the same list: what comes after it. */
  readonly after?: string;
  /** Unknown fields of the query are ignored and not refused. */
  readonly lenient?: boolean;
}

/** One entry of a list. Whoever has kept what was made of its view for this id and version need not ask for the view. */
export interface Listed<V> {
  readonly id: string;
  readonly version: number;
  /** The entry as it was when the list came to it. */
  view(): Promise<V> | V;
  /** The view as JSON text, where a store has it without work. */
  readonly text?: string | undefined;
}

/** The same in pages, as the store reads them: less work where a list is long. */
export function pagesOf<V>(entries: AsyncIterable<Listed<V>>): AsyncIterable<readonly Listed<V>[]> {
  const { pages } = entries as Partial<Listing<V>>;
  return pages === undefined ? singly(entries) : pages();
}

/** A list that is read one by one or in pages. */
export interface Listing<V> extends AsyncIterable<Listed<V>> {
  pages(): AsyncIterable<readonly Listed<V>[]>;
}

/** What a list is made from. */
export interface List<D extends Document, V> {
  readonly kind: Kind;
  /** Public field names and where they are in the document. */
  readonly fields: Fields;
  /** Conditions that always hold. */
  readonly always?: { readonly [path: string]: readonly Condition[] };
  /** Members that are not in the document, and how to get them: only asked for when a query names one of them. */
  readonly beside?: { readonly members: readonly string[]; of(record: D): Promise<JsonObject> | JsonObject };
  /** What else must hold of a document, where conditions cannot say it. */
  readonly keeps?: (record: D) => Promise<boolean> | boolean;
  /** Deadlines change its documents: those that have passed are dealt with first. */
  readonly hasDeadlines?: true;
  readonly view: (record: D) => Promise<V> | V;
  /** The view is the document without the inner members of its collection. */
  readonly isWhole?: true;
}

/** What somebody asks of a list. */
export interface Asked {
  readonly query?: Query | undefined;
  readonly options?: ListOptions | undefined;
}

/** The entries that match, in insertion order, as the store comes to them; nothing is kept of what was passed. */
export function each<D extends Document, V>(account: Account, list: List<D, V>, asked: Asked): Listing<V> {
  const pages = () => inPages(account, list, asked);
  return { pages, [Symbol.asyncIterator]: () => oneByOne(pages()) };
}

async function* inPages<D extends Document, V>(
  account: Account,
  list: List<D, V>,
  { query = {}, options = {} }: Asked,
): AsyncGenerator<readonly Listed<V>[], void, undefined> {
  const { after, lenient = false } = options;
  let wanted = options.limit ?? Number.POSITIVE_INFINITY;
  const asked = unwrap(parseQuery(query, list.fields, { lenient }));
  const where = allOf(inside(asked, list), list.always ?? {});
  const keeps = keeping(list, asked);
  if (list.hasDeadlines) await settleTimers(account);
  const under = pathOf(account.id, list.kind);
  const part = {
    ...(wanted === Number.POSITIVE_INFINITY || keeps !== undefined ? {} : { limit: wanted }),
    ...(after === undefined ? {} : { after: keyOf(account.id, list.kind, after) }),
  };
  const found: Found<D> = account.store.find<D>({ under, where, ...part });
  for await (const page of found.pages?.() ?? singly(found)) {
    const kept = keeps === undefined ? page : await keptOf(page, keeps);
    yield (kept.length > wanted ? kept.slice(0, wanted) : kept).map((stored) => listed(stored, list));
    wanted -= kept.length;
    if (wanted <= 0) return;
  }
}

async function keptOf<D extends Document>(page: readonly Stored<D>[], keeps: NonNullable<List<D, unknown>["keeps"]>) {
  const kept: Stored<D>[] = [];
  for (const stored of page) if (await keeps(stored.document)) kept.push(stored);
  return kept;
}

async function* singly<T>(entries: AsyncIterable<T>): AsyncGenerator<readonly T[], void, undefined> {
  for await (const entry of entries) yield [entry];
}

async function* oneByOne<T>(pages: AsyncIterable<readonly T[]>): AsyncGenerator<T, void, undefined> {
  for await (const page of pages) yield* page;
}

/** The views of what matches, in insertion order; without a limit as many as fit a list. */
export async function found<D extends Document, V>(account: Account, list: List<D, V>, asked: Asked): Promise<V[]> {
  const entries: Listed<V>[] = [];
  const options = extended({ limit: listMax }, asked.options ?? {});
  for await (const entry of each(account, list, { query: asked.query, options })) entries.push(entry);
  return Promise.all(entries.map((entry) => entry.view()));
}

/** A map of public names that are also the stored paths. */
export function same(...names: readonly string[]): { [field: string]: string } {
  return Object.fromEntries(names.map((name) => [name, name]));
}

function allOf(one: Conditions, other: Conditions): Conditions {
  const all: { [path: string]: readonly Condition[] } = { ...one };
  for (const [path, conditions] of Object.entries(other)) all[path] = [...(all[path] ?? []), ...conditions];
  return all;
}

function isBeside<D extends Document>({ beside }: List<D, unknown>, path: string): boolean {
  return beside?.members.includes(path.split(".", 1)[0] ?? "") === true;
}

function inside<D extends Document>(asked: Conditions, list: List<D, unknown>): Conditions {
  return Object.fromEntries(Object.entries(asked).filter(([path]) => !isBeside(list, path)));
}

function keeping<D extends Document>(list: List<D, unknown>, asked: Conditions): List<D, unknown>["keeps"] {
  const { beside, keeps } = list;
  const outside = Object.entries(asked).filter(([path]) => isBeside(list, path));
  if (beside === undefined || outside.length === 0) return keeps;
  const where = Object.fromEntries(outside);
  return async (record) => (keeps === undefined || (await keeps(record))) && matches(await beside.of(record), where);
}

// Not spread: reading the document is what parses it.
function listed<D extends Document, V>(stored: Stored<D>, { view, isWhole }: List<D, V>): Listed<V> {
  return {
    id: stored.key.slice(stored.key.lastIndexOf("/") + 1),
    version: stored.version,
    view: () => view(stored.document),
    get text() {
      return isWhole ? stored.text : undefined;
    },
  };
}
