// What rules look for, as wishes: lines of a table path by path; of other rules the texts that stand in them.
import type { Json, JsonObject, RulePort } from "rapport/core";
import { valueUnder } from "./leaves.ts";
import type { Wish } from "./property.ts";
import { listOf } from "./wording.ts";
import { wordLines } from "./words.ts";

/** What a search is directed by: what each line of a table wants, or what other rules may look for. */
export type Lines = readonly (readonly Wish[])[];

/** Lines of tables that are looked at; more of them would make every single one rare. */
const linesMax = 20_000;

/** Reads what the rules look for out of their source, as far as they show one, and out of the text they were written in. */
export function linesOf(rules: readonly RulePort[], text = ""): Lines {
  const tables = rules.map(({ source }) => valueUnder(source, "config.requests")).filter((one) => Array.isArray(one));
  const lines = (tables.flat() as readonly JsonObject[]).slice(0, linesMax).map(lineWishes);
  const others = rules.filter(({ source }) => !Array.isArray(valueUnder(source, "config.requests")));
  const texts = others.map(({ source, judgeRequest }) =>
    source === undefined ? String(judgeRequest) : textsIn(source as Json).join("\n"),
  );
  return [...lines, ...wordLines([text, ...texts].join("\n"))];
}

function lineWishes({ requestConfig, responseConfig }: JsonObject): readonly Wish[] {
  const wishes = Object.entries(requestConfig as JsonObject).map(([path, wanted]) => wishOf(path, wanted ?? null));
  const given = valueUnder(responseConfig, "newAttribute") ?? valueUnder(responseConfig, "attribute");
  const type = valueUnder(given, "value.@type");
  if (type === undefined) return wishes;
  const key = valueUnder(given, "key");
  const fitting: readonly Wish[] = [
    { path: "*valueType", hits: [type], misses: [] },
    ...(key === undefined ? [] : [{ path: "*key", hits: [key], misses: [] }]),
  ];
  return [...wishes, ...fitting.filter(({ path }) => wishes.every((one) => aliasOf(one.path) !== path))];
}

const aliases: { readonly [path: string]: string } = {
  "attribute.value.@type": "*valueType",
  "query.valueType": "*valueType",
  "query.attributeCreationHints.valueType": "*valueType",
  "attribute.key": "*key",
  "query.key": "*key",
  "attribute.tags": "*tags",
  "query.tags": "*tags",
  "query.attributeCreationHints.tags": "*tags",
};

/** The one name of what may lie under several paths. */
export function aliasOf(path: string): string {
  return aliases[path.replace(/^content\.item\./, "")] ?? path;
}

/** What fulfils one condition of a line, and what just does not. */
export function wishOf(path: string, wanted: Json): Wish {
  const list = listOf(wanted);
  if (isDates(path, list)) return dateWish(path, list.map(String));
  if (path.endsWith("tags")) {
    const each = list.map((one): Json => [one]);
    return { path, hits: list.length > 1 ? [...each, list] : each, misses: [["x:other"]] };
  }
  return { path, hits: list, misses: missesOf(path, list) };
}

function missesOf(path: string, list: readonly Json[]): readonly Json[] {
  if (path === "source.type") return ["RelationshipTemplate", "Message"].filter((one) => !list.includes(one));
  if (path.endsWith("@type")) return [];
  const [first] = list;
  if (typeof first === "boolean") return [!first];
  if (typeof first === "number") return [first + 1, first - 1];
  return typeof first === "string" ? [`${first}?`, `${first} and more`] : [{ other: true }];
}

const isDates = (path: string, list: readonly Json[]) =>
  /(At|From|To)$/.test(path) &&
  list.length > 0 &&
  list.every((one) => typeof one === "string" && !Number.isNaN(Date.parse(dayOf(one))));

const dayOf = (text: string) => {
  const day = text.replace(/^[<>]/, "");
  return /T/.test(day) && !/(Z|[+-]\d{2}:?\d{2})$/.test(day) ? `${day}Z` : day;
};

const dayMs = 24 * 60 * 60 * 1000;

// All bounds must hold: around each of them is where that changes.
function dateWish(path: string, bounds: readonly string[]): Wish {
  const read = bounds.map((text) => ({ sense: text[0], ms: Date.parse(dayOf(text)) }));
  const near = read.flatMap(({ ms }) => [ms + dayMs, ms - dayMs, ms, ms + 1, ms - 1]);
  const holds = (at: number) =>
    read.every(({ sense, ms }) => (sense === "<" ? at < ms : sense === ">" ? at > ms : at === ms));
  const written = (chosen: readonly number[]) => chosen.map((ms) => new Date(ms).toISOString());
  return { path, hits: written(near.filter(holds)), misses: written(near.filter((at) => !holds(at))) };
}

function textsIn(source: Json): readonly string[] {
  if (typeof source === "string") return [source];
  if (typeof source !== "object" || source === null) return [];
  return Object.values(source).flatMap((one) => textsIn(one ?? null));
}
