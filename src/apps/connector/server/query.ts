// The query of a request: known names only, repeated ones as lists. No name ever becomes a key of an ordinary object.
import { RapportError } from "rapport/core";
import type { Ask, QueryTexts } from "../handler.ts";
import { echoedCharsMax, queryPairsMax } from "../limits.ts";
import type { Operation } from "../operation.ts";

/** A query, taken apart. */
export interface ParsedQuery {
  readonly query: QueryTexts;
  readonly filter: QueryTexts;
  readonly page: Ask["page"];
  /** The first name that the operation does not know. */
  readonly unknown: string | undefined;
}

const nothingAsked: ParsedQuery = Object.freeze({
  query: Object.freeze({}),
  filter: Object.freeze({}),
  page: Object.freeze({}),
  unknown: undefined,
});

/** Makes the reader of an operation's query. */
export function queryReaderOf({ query: shape, filter }: Operation): (url: string) => ParsedQuery {
  const homes = new Map<string, "query" | "filter" | "page">();
  if (filter !== undefined) for (const name of ["limit", "after"]) homes.set(name, "page");
  for (const name of filter?.fields ?? []) homes.set(name, "filter");
  for (const name of Object.keys(shape?.shape ?? {})) homes.set(name, "query");
  return (url) => {
    const at = url.indexOf("?");
    if (at < 0 || at === url.length - 1) return nothingAsked;
    const found = { query: empty(), filter: empty(), page: empty() };
    let unknown: string | undefined;
    for (const [name, value] of pairsOf(url.slice(at + 1))) {
      const key = homes.has(name) ? name : name.replace(indexSuffix, "");
      const home = homes.get(key);
      if (home === undefined) unknown ??= name;
      else add(found[home], key, value);
    }
    return { query: found.query, filter: found.filter, page: pageOf(found.page), unknown };
  };
}

type Texts = Record<string, string | string[]>;

/** Clients write the elements of a list inside an object as `tags.0`, `tags.1`; some write `tags[]`. */
const indexSuffix = /(?:\.\d+|\[\d*\])$/;

const empty = (): Texts => Object.create(null);

function add(texts: Texts, key: string, value: string): void {
  const known = texts[key];
  if (known === undefined) texts[key] = value;
  else if (typeof known === "string") texts[key] = [known, value];
  else known.push(value);
}

/** The pairs of a query or of a form in the same notation; a plus is a space. */
export function pairsOf(text: string): readonly (readonly [name: string, value: string])[] {
  const pairs = text.split("&", queryPairsMax + 1);
  if (pairs.length > queryPairsMax) throw malformed(`A query may have at most ${queryPairsMax} values.`);
  return pairs
    .filter((pair) => pair !== "")
    .map((pair) => {
      const at = pair.indexOf("=");
      return at < 0 ? [decoded(pair), ""] : [decoded(pair.slice(0, at)), decoded(pair.slice(at + 1))];
    });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw malformed("The query must be percent-encoded UTF-8.");
  }
}

function malformed(message: string): RapportError {
  return new RapportError("error.connector.http.malformedRequest", message);
}

function pageOf({ limit, after }: Texts): Ask["page"] {
  if (limit !== undefined && (typeof limit !== "string" || !/^[1-9]\d{0,8}$/.test(limit))) {
    throw new RapportError("error.runtime.validation.invalidPropertyValue", "limit must be a whole number above 0");
  }
  if (after !== undefined && typeof after !== "string") {
    throw new RapportError("error.runtime.validation.invalidPropertyValue", "after must be one id");
  }
  return { ...(limit === undefined ? {} : { limit: Number(limit) }), ...(after === undefined ? {} : { after }) };
}

/** What is said of a name that an operation does not know. */
export function unknownName(name: string): RapportError {
  const shown = name.slice(0, echoedCharsMax);
  const message = `query must NOT have additional properties: '${shown}'`;
  return new RapportError("error.runtime.validation.invalidPropertyValue", message);
}
