// Lists: the query grammar of spec/connector-api.md 1.13 over stored documents, in insertion order.

import type { Account } from "../engine/context.ts";
import { unwrap } from "../errors/refusal.ts";
import { listMax } from "../limits.ts";
import type { Condition } from "../model/condition.ts";
import { extended } from "../model/extended.ts";
import { type Kind, keyOf, pathOf } from "../model/keys.ts";
import { parseQuery } from "../model/query.ts";
import type { Document } from "../ports/store.ts";

/** What embedders ask with: public field names with values or expressions of the grammar. */
export type Query = { readonly [field: string]: string | number | boolean | readonly (string | number | boolean)[] };

/** Which part of a list. `after` is an id of the same list. */
export interface ListOptions {
  readonly limit?: number;
  readonly after?: string;
}

/** What a list is made from. */
export interface List {
  readonly kind: Kind;
  /** Public field names and where they are in the document. */
  readonly fields: { readonly [field: string]: string };
  /** Conditions that always hold. */
  readonly always?: { readonly [path: string]: readonly Condition[] };
  readonly query?: Query | undefined;
  readonly options?: ListOptions | undefined;
}

/** The documents that match, in insertion order. */
export async function list<D extends Document>(account: Account, asked: List): Promise<D[]> {
  const where = extended(unwrap(parseQuery(asked.query ?? {}, asked.fields)), asked.always ?? {});
  const { limit = listMax, after } = asked.options ?? {};
  const query = {
    under: pathOf(account.id, asked.kind),
    where,
    limit,
    ...(after === undefined ? {} : { after: keyOf(account.id, asked.kind, after) }),
  };
  const found: D[] = [];
  for await (const { document } of account.store.find<D>(query)) found.push(document);
  return found;
}

/** A map of public names that are also the stored paths. */
export function same(...names: readonly string[]): { [field: string]: string } {
  return Object.fromEntries(names.map((name) => [name, name]));
}
