// Lists: the query grammar of spec/connector-api.md 1.13 over stored documents, in insertion order.

import type { Account } from "../engine/context.ts";
import { refuse, unwrap } from "../errors/refusal.ts";
import { listMax } from "../limits.ts";
import type { Condition } from "../model/condition.ts";
import { extended } from "../model/extended.ts";
import type { JsonObject } from "../model/json.ts";
import { type Kind, keyOf, pathOf } from "../model/keys.ts";
import { matches } from "../model/matches.ts";
import { type Conditions, type Fields, parseQuery } from "../model/query.ts";
import type { Document, Found, FoundPage, Stored } from "../ports/store.ts";
import { settleTimers } from "./deadlines.ts";

/** What embedders ask with: public field names with values or expressions of the grammar. */
export type Query = { readonly [field: string]: string | number | boolean | readonly (string | number | boolean)[] };

/** Which part of a list. */
export interface ListOptions {
  /** Without it `each` gives everything, `find` the first ten thousand. */
  readonly limit?: number;
  /** An id of the same list: what comes after it. An id that is not there (any more) is `error.runtime.recordNotFound`. */
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
}

/** The same in pages, as the store reads them: less work where a list is long. */
export function pagesOf<V>(entries: AsyncIterable<Listed<V>>): AsyncIterable<readonly Listed<V>[]> {
  const { pages } = entries as Partial<Listing<V>>;
  return pages === undefined ? singly(entries) : pages();
}

/** The views as JSON texts, in pages, where that costs less than making them. */
export function textsOf(entries: AsyncIterable<Listed<unknown>>): AsyncIterable<readonly string[]> | undefined {
  return (entries as Partial<Listing<unknown>>).texts?.();
}

/** A list that is read one by one or in pages. */
export interface Listing<V> extends AsyncIterable<Listed<V>> {
  pages(): AsyncIterable<readonly Listed<V>[]>;
  texts?(): AsyncIterable<readonly string[]> | undefined;
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
  const texts = () => textsIn(account, list, asked);
  return { pages, ...(list.isWhole ? { texts } : {}), [Symbol.asyncIterator]: () => oneByOne(pages()) };
}

async function* inPages<D extends Document, V>(
  account: Account,
  list: List<D, V>,
  asked: Asked,
): AsyncGenerator<readonly Listed<V>[], void, undefined> {
  for await (const page of storedIn(account, list, asked)) yield page.entries().map((stored) => listed(stored, list));
}

async function* textsIn<D extends Document, V>(
  account: Account,
  list: List<D, V>,
  asked: Asked,
): AsyncGenerator<readonly string[], void, undefined> {
  for await (const page of storedIn(account, list, asked)) {
    const texts = page.texts();
    // Some stores have none, and some documents were stored by a version that did not part them.
    yield texts.every((text) => text !== undefined)
      ? texts
      : await Promise.all(page.entries().map(async ({ document }) => JSON.stringify(await list.view(document))));
  }
}

async function* storedIn<D extends Document>(
  account: Account,
  list: List<D, unknown>,
  { query = {}, options = {} }: Asked,
): AsyncGenerator<FoundPage<D>, void, undefined> {
  const { after, lenient = false } = options;
  let wanted = options.limit ?? Number.POSITIVE_INFINITY;
  const asked = unwrap(parseQuery(query, list.fields, { lenient }));
  const where = allOf(inside(asked, list), list.always ?? {});
  const keeps = keeping(list, asked);
  if (list.hasDeadlines) await settleTimers(account);
  if (after !== undefined) await assertKept(account, list.kind, after);
  const under = pathOf(account.id, list.kind);
  const part = {
    ...(wanted === Number.POSITIVE_INFINITY || keeps !== undefined ? {} : { limit: wanted }),
    ...(after === undefined ? {} : { after: keyOf(account.id, list.kind, after) }),
  };
  const found: Found<D> = account.store.find<D>({ under, where, ...part });
  if (keeps === undefined) {
    yield* found.pages?.() ?? pagesOfOne(found);
    return;
  }
  for await (const stored of found) {
    if (!(await keeps(stored.document))) continue;
    yield pageOf([stored]);
    wanted -= 1;
    if (wanted <= 0) return;
  }
}

// Nobody knows where in the list an id was that is not there, and an empty answer would look like the end of the list.
async function assertKept(account: Account, kind: Kind, id: string): Promise<void> {
  if ((await account.store.get(keyOf(account.id, kind, id))) !== undefined) return;
  unwrap(
    refuse("error.runtime.recordNotFound", `There is no ${id} in this list to go on after. Begin again without it.`),
  );
}

function pageOf<D extends Document>(entries: readonly Stored<D>[]): FoundPage<D> {
  return { entries: () => entries, texts: () => entries.map(({ text }) => text) };
}

async function* pagesOfOne<D extends Document>(found: AsyncIterable<Stored<D>>): AsyncGenerator<FoundPage<D>> {
  for await (const stored of found) yield pageOf([stored]);
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

/** A document as an entry of its list. */
// Not spread: reading the document is what parses it.
export function listed<D extends Document, V>(stored: Stored<D>, { view }: List<D, V>): Listed<V> {
  return {
    id: stored.key.slice(stored.key.lastIndexOf("/") + 1),
    version: stored.version,
    view: () => view(stored.document),
  };
}
