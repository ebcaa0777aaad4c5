// IQL, the small language that describes wanted IdentityAttributes (spec/domain.md 6.5):
//   or     = and { "||" and }
//   and    = not { "&&" not }
//   not    = "!" not | "(" or ")" | "#" word | type [ [ "." field ] "=" word ]
//   word   = characters up to a blank, a bracket, "&&" or "||", or any in single quotes
// Inside quotes `\'` stands for a quote and `\\` for a backslash.
import { iqlCharactersMax, iqlDepthMax } from "../limits.ts";
import type { Json, JsonObject } from "./json.ts";
import { isArray, isObject } from "./shape.ts";

/** A parsed query. */
export type Iql =
  | { readonly is: "type"; readonly type: string; readonly field?: string; readonly value?: string }
  | { readonly is: "tag"; readonly tag: string }
  | { readonly is: "not"; readonly of: Iql }
  | { readonly is: "and" | "or"; readonly of: readonly Iql[] };

/** A query, or what is wrong with its text and where. */
export type ParsedIql =
  | { readonly ok: true; readonly query: Iql }
  | { readonly ok: false; readonly message: string; readonly offset: number };

/** Parses a text of IQL. */
export function parseIql(text: string): ParsedIql {
  if (text.length > iqlCharactersMax)
    return {
      ok: false,
      message: `The query must have at most ${iqlCharactersMax} characters.`,
      offset: iqlCharactersMax,
    };
  const reading: Reading = { text, offset: 0, depth: 0 };
  const query = readChain(reading, 0);
  if (query.ok && skip(reading) < text.length) return wrong(reading, "&& or || or the end of the query was expected");
  return query;
}

/** How far a text was read; moves on while it is parsed. */
interface Reading {
  readonly text: string;
  offset: number;
  depth: number;
}

const chains = [
  { is: "or", sign: /\|\|/y },
  { is: "and", sign: /&&/y },
] as const;

/** One or more parts with the sign of this level between them; below the last level stand single terms. */
function readChain(reading: Reading, level: number): ParsedIql {
  const chain = chains[level];
  if (chain === undefined) return readTerm(reading);
  const parts: Iql[] = [];
  do {
    const part = readChain(reading, level + 1);
    if (!part.ok) return part;
    parts.push(part.query);
  } while (take(reading, chain.sign) !== undefined);
  const [only, second] = parts;
  return { ok: true, query: only !== undefined && second === undefined ? only : { is: chain.is, of: parts } };
}

function readTerm(reading: Reading): ParsedIql {
  if (take(reading, /!/y) !== undefined) {
    const part = nested(reading, readTerm);
    return part.ok ? { ok: true, query: { is: "not", of: part.query } } : part;
  }
  if (take(reading, /\(/y) !== undefined) {
    const part = nested(reading, (inner) => readChain(inner, 0));
    if (!part.ok) return part;
    return take(reading, /\)/y) === undefined ? wrong(reading, "a closing bracket was expected") : part;
  }
  if (take(reading, /#/y) !== undefined) {
    const tag = readWord(reading);
    return tag === undefined ? wrong(reading, "a tag was expected after #") : { ok: true, query: { is: "tag", tag } };
  }
  return readType(reading);
}

function nested(reading: Reading, read: (reading: Reading) => ParsedIql): ParsedIql {
  if (reading.depth === iqlDepthMax) return wrong(reading, `at most ${iqlDepthMax} brackets and negations may nest`);
  reading.depth++;
  const part = read(reading);
  reading.depth--;
  return part;
}

const name = /[A-Za-z][A-Za-z0-9_]*/y;

function readType(reading: Reading): ParsedIql {
  const type = take(reading, name);
  if (type === undefined) return wrong(reading, "a value type, #, ! or an opening bracket was expected");
  const field = take(reading, /\./y) === undefined ? undefined : (take(reading, name) ?? "");
  if (field === "") return wrong(reading, "the name of a member was expected after the dot");
  if (take(reading, /=/y) === undefined)
    return field === undefined ? { ok: true, query: { is: "type", type } } : wrong(reading, "= was expected");
  const value = readWord(reading);
  if (value === undefined) return wrong(reading, "a value was expected after =; one with blanks needs single quotes");
  return { ok: true, query: field === undefined ? { is: "type", type, value } : { is: "type", type, field, value } };
}

const quoted = /'(?:[^'\\]|\\.)*'/sy;
const bare = /(?!')(?:(?!&&|\|\|)[^\s()])+/y;

function readWord(reading: Reading): string | undefined {
  const found = take(reading, quoted);
  return found === undefined ? take(reading, bare) : found.slice(1, -1).replace(/\\(['\\])/g, "$1");
}

/** What the pattern finds after blanks, exactly there. */
function take(reading: Reading, pattern: RegExp): string | undefined {
  pattern.lastIndex = skip(reading);
  const found = pattern.exec(reading.text)?.[0];
  reading.offset += found?.length ?? 0;
  return found;
}

function skip(reading: Reading): number {
  while (/\s/.test(reading.text.charAt(reading.offset))) reading.offset++;
  return reading.offset;
}

function wrong(reading: Reading, expectation: string): ParsedIql {
  const offset = skip(reading);
  return { ok: false, message: `At character ${offset + 1}: ${expectation}.`, offset };
}

/** True when the content of an attribute is what the query describes. */
export function iqlMatches(query: Iql, content: JsonObject): boolean {
  switch (query.is) {
    case "or":
      return query.of.some((part) => iqlMatches(part, content));
    case "and":
      return query.of.every((part) => iqlMatches(part, content));
    case "not":
      return !iqlMatches(query.of, content);
    case "tag":
      return isArray(content["tags"]) && content["tags"].includes(query.tag);
    case "type":
      return hasValue(content["value"], query);
  }
}

function hasValue(value: Json | undefined, query: Extract<Iql, { is: "type" }>): boolean {
  if (!isObject(value) || value["@type"] !== query.type) return false;
  if (query.value === undefined) return true;
  const member = query.field ?? "value";
  const found = Object.hasOwn(value, member) ? value[member] : undefined;
  return found !== undefined && typeof found !== "object" && String(found) === query.value;
}
