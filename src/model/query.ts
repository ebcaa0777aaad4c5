import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import type { Condition, Scalar } from "./condition.ts";

/** What one field of a query may be given: texts follow the value grammar, other scalars mean equality. */
export type QueryValue = Scalar | readonly Scalar[] | undefined;

/** A query as users write it: public field names to values; all of them must hold. */
export type QueryInput = { readonly [field: string]: QueryValue };

/** Conditions by store path, as `Store.find` takes them. */
export type Conditions = { readonly [path: string]: readonly Condition[] };

/** Where a public field is in the document, and how its values are read if not by the value grammar. */
export type Field =
  | string
  | { readonly path: string; readonly read: (values: readonly Scalar[]) => Outcome<readonly Condition[]> };

/** The public fields of a list. */
export type Fields = { readonly [field: string]: Field };

/** Lenient queries ignore unknown fields; the others refuse them. */
export interface QueryRules {
  readonly lenient?: boolean;
}

/**
 * Turns a query into conditions (spec/connector-api.md 1.13). `fields` maps the public names to store paths. A key with a
 * trailing `.N` gives one more value of its field. Paging (`limit`, `after`) is no field: take it out before.
 *
 * A store does not know the types of its fields, so equality with a text that looks like a boolean or a number holds for
 * both: `0123` finds the number 123 and the text "0123". Comparisons with such a text compare numbers.
 */
export function parseQuery(query: QueryInput, fields: Fields, rules: QueryRules = {}): Outcome<Conditions> {
  const values = new Map<string, Scalar[]>();
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined) continue;
    const name = nameOf(key, fields);
    if (name === undefined) {
      if (rules.lenient) continue;
      return refuse(
        "error.runtime.validation.invalidPropertyValue",
        `query must not have the additional property ${key.slice(0, 100)}. Use ${Object.keys(fields).join(", ")}.`,
      );
    }
    const collected = values.get(name) ?? [];
    if (isList(value)) collected.push(...value);
    else collected.push(value);
    values.set(name, collected);
  }
  const conditions: { [path: string]: readonly Condition[] } = {};
  for (const [name, given] of values) {
    const field = fields[name] ?? name;
    const { path, read } = typeof field === "string" ? { path: field, read: grammar } : field;
    const own = read(given);
    if (!own.ok) return own;
    conditions[path] = [...(conditions[path] ?? []), ...own.value];
  }
  return allow(conditions);
}

const grammar = (values: readonly Scalar[]) => allow(conditionsOf(values));

function isList(value: Scalar | readonly Scalar[]): value is readonly Scalar[] {
  return Array.isArray(value);
}

const trailingIndex = /\.\d+$/;

function nameOf(key: string, fields: Fields): string | undefined {
  if (Object.hasOwn(fields, key)) return key;
  const name = key.replace(trailingIndex, "");
  return Object.hasOwn(fields, name) ? name : undefined;
}

/** Plain values collect into "any of", negated ones into "none of"; of each other operator the last one counts. */
export function conditionsOf(values: readonly Scalar[]): readonly Condition[] {
  const anyOf = new Set<Scalar>();
  const noneOf = new Set<Scalar>();
  const others = new Map<string, Condition>();
  for (const value of values) {
    const operator = typeof value === "string" ? operatorOf(value) : undefined;
    if (operator !== undefined) others.set(...operator);
    else if (typeof value === "string" && value.startsWith("!"))
      for (const meant of meanings(value.slice(1))) noneOf.add(meant);
    else for (const meant of typeof value === "string" ? meanings(value) : [value]) anyOf.add(meant);
  }
  return [
    ...(anyOf.size === 0 ? [] : [{ anyOf: [...anyOf] }]),
    ...(noneOf.size === 0 ? [] : [{ noneOf: [...noneOf] }]),
    ...others.values(),
  ];
}

/** The operator of a text and its condition; a text that is an operator and nothing else is taken literally. */
function operatorOf(text: string): [operator: string, condition: Condition] | undefined {
  if (text === "") return ["exists", { exists: true }];
  if (text === "!") return ["exists", { exists: false }];
  const operator = /^(?:>=|<=|[><^$~])/.exec(text)?.[0];
  const operand = text.slice(operator?.length);
  if (operator === undefined || operand === "") return undefined;
  switch (operator) {
    case ">":
      return [operator, { above: comparable(operand) }];
    case ">=":
      return [operator, { above: comparable(operand), orEqual: true }];
    case "<":
      return [operator, { below: comparable(operand) }];
    case "<=":
      return [operator, { below: comparable(operand), orEqual: true }];
    case "^":
      return [operator, { startsWith: operand }];
    case "$":
      return [operator, { endsWith: operand }];
    default:
      return [operator, { contains: operand }];
  }
}

const numeric = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

function comparable(text: string): string | number {
  return numberOf(text) ?? text;
}

/** Every value that a text may stand for. */
function meanings(text: string): readonly Scalar[] {
  const lower = text.toLowerCase();
  if (lower === "true" || lower === "false") return [lower === "true", text];
  const number = numberOf(text);
  return number === undefined ? [text] : [number, text];
}

function numberOf(text: string): number | undefined {
  const number = numeric.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}
