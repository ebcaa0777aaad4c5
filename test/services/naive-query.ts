// Section 1.13 of the studied API, read aloud: which objects does a query find? Written from its tables alone.
import type { Json } from "rapport/core";

/** What a query gives a field. */
export type Given = string | number | boolean | null;

/** A query of the generated proofs. */
export type NaiveQuery = { readonly [key: string]: Given | readonly Given[] };

/** Whether the object is found. Keys are dotted paths; different keys are combined with AND. */
export function isFound(object: Json, query: NaiveQuery): boolean {
  const given = new Map<string, Given[]>();
  for (const [key, value] of Object.entries(query)) {
    // An array inside a nested object arrives as one key per element: `content.tags.0`, `content.tags.1`.
    const field = key.replace(/\.[0-9]+$/, "");
    given.set(field, [...(given.get(field) ?? []), ...(Array.isArray(value) ? value : [value as Given])]);
  }
  return [...given].every(([field, values]) => holds(object, field, values));
}

function holds(object: Json, field: string, values: readonly Given[]): boolean {
  const ends = endsOf(object, field.split("."));
  const scalars = ends.flatMap((end) => (Array.isArray(end) ? end : [end])).flat(9);
  const plain: Given[] = [];
  const negated: Given[] = [];
  const rules = new Map<string, (value: Json) => boolean>();
  let exists: boolean | undefined;
  for (const value of values) {
    if (typeof value !== "string") plain.push(value);
    else if (value === "") exists = true;
    else if (value === "!") exists = false;
    else if (value.startsWith("!")) negated.push(value.slice(1));
    else {
      const rule = ruleOf(value);
      if (rule === undefined) plain.push(value);
      else rules.set(rule.operator, rule.test);
    }
  }
  if (exists !== undefined && exists !== ends.length > 0) return false;
  if (plain.length > 0 && !scalars.some((scalar) => plain.some((one) => equals(scalar, one)))) return false;
  if (scalars.some((scalar) => negated.some((one) => equals(scalar, one)))) return false;
  return [...rules.values()].every((test) => scalars.some(test));
}

/** What is at the end of a path. Inside an array of objects every element is looked at. */
function endsOf(node: Json | undefined, path: readonly string[]): Json[] {
  const [member, ...rest] = path;
  if (member === undefined) return node === undefined ? [] : [node];
  if (Array.isArray(node)) return node.flatMap((element: Json) => endsOf(element, path));
  if (typeof node !== "object" || node === null) return [];
  const next = Object.entries(node).find(([name]) => name === member)?.[1];
  return endsOf(next, rest);
}

/** Text stands for a boolean or a number where the object has one. */
function equals(value: Json, given: Given): boolean {
  if (typeof given !== "string") return value === given;
  if (typeof value === "boolean") return given.toLowerCase() === String(value);
  if (typeof value === "number") return looksLikeNumber(given) && Number(given) === value;
  return value === given;
}

/** An operator and its operand. An operator alone, or `=` in front, is no operator. */
function ruleOf(text: string): { operator: string; test: (value: Json) => boolean } | undefined {
  const operator = [">=", "<=", ">", "<", "^", "$", "~"].find((sign) => text.startsWith(sign));
  const operand = text.slice(operator?.length);
  if (operator === undefined || operand === "") return undefined;
  const wanted = operand.toLowerCase();
  const inText = (test: (text: string) => boolean) => (value: Json) =>
    typeof value === "string" && test(value.toLowerCase());
  if (operator === "^") return { operator, test: inText((value) => value.slice(0, wanted.length) === wanted) };
  if (operator === "$") return { operator, test: inText((value) => value.endsWith(wanted)) };
  if (operator === "~") return { operator, test: inText((value) => value.split(wanted).length > 1) };
  const bound = looksLikeNumber(operand) ? Number(operand) : operand;
  return { operator, test: (value) => typeof value === typeof bound && compares(operator, value, bound) };
}

function compares(operator: string, value: Json, bound: string | number): boolean {
  const [left, right] = [value as string, bound as string];
  if (operator.includes("=") && left === right) return true;
  return operator.startsWith(">") ? left > right : left < right;
}

function looksLikeNumber(text: string): boolean {
  return /^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$/.test(text) && Math.abs(Number(text)) < Number.POSITIVE_INFINITY;
}
