// Properties read: data strictly, functions as they are.

import { type Conditions, conditionsOf, invalid, type Level } from "./conditions.ts";
import type { JudgedRequest, Outcome } from "./judging.ts";
import type { Subject } from "./predicates.ts";
import type { Held, Property, PropertyConfig, PropertyFunction } from "./property.ts";
import { listOf } from "./wording.ts";

/** The properties of a property file (docs/prove-rules.md); each of them is read when it is proved. Fault: `input.invalid`. */
export function readPropertyFile(json: unknown): readonly PropertyConfig[] {
  const { properties, ...more } = isObject(json) ? json : {};
  const [odd] = Object.keys(more);
  if (odd !== undefined) throw invalid(`A property file has properties, but no "${odd}"`);
  if (!Array.isArray(properties) || properties.length === 0)
    throw invalid('A property file must be an object such as {"properties": [{"never": "accept", "when": {...}}]}');
  return properties;
}

/** Reads properties, among which no two are of one name; `types` are those that items have. Fault: `input.invalid`. */
export function readAll(given: readonly unknown[], types: readonly string[]): readonly Property[] {
  const properties = given.map((one, index) => readProperty(one, index, types));
  const names = properties.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw invalid(`Two properties are called "${twice}". Give them different names`);
  return properties;
}

function readProperty(given: unknown, index: number, types: readonly string[]): Property {
  if (isFunction(given)) return functionProperty(given);
  const path = isObject(given) && typeof given["name"] === "string" ? `"${given["name"]}"` : `properties[${index}]`;
  if (!isObject(given)) throw invalid(`${path} must be an object`);
  const odd = Object.keys(given).find((member) => !members.includes(member));
  if (odd !== undefined) throw invalid(`${path} has no "${odd}"; a property has ${members.join(", ")}`);
  const { name, of = "item", when = {} } = given;
  if (name !== undefined && (typeof name !== "string" || name === "")) throw invalid(`${path}: name must be a text`);
  if (of !== "item" && of !== "request") throw invalid(`${path}: of must be "item" or "request"`);
  const { isNever, outcomes } = demandOf(given, path);
  const conditions = conditionsOf(when, { path: `${path}: when`, level: of, types });
  const sentence = sentenceOf(isNever, outcomes, conditions.noun);
  return {
    name: typeof name === "string" ? name : sentence,
    sentence,
    hold: (judged) => held(judged, { level: of, conditions, isNever, outcomes }),
    scenes: conditions.scenes,
  };
}

const members = ["name", "never", "always", "of", "when"];
const outcomesAllowed: readonly Outcome[] = ["accept", "reject", "manual", "ignore"];

function demandOf(given: { readonly [member: string]: unknown }, path: string) {
  const { never, always } = given;
  if ((never === undefined) === (always === undefined)) throw invalid(`${path} must have either never or always`);
  const outcomes = listOf(never ?? always);
  const odd = outcomes.find((one) => !outcomesAllowed.includes(one as Outcome));
  if (odd !== undefined || outcomes.length === 0) {
    const allowed = outcomesAllowed.map((one) => `"${one}"`).join(", ");
    throw invalid(`${path}: ${never === undefined ? "always" : "never"} must be of ${allowed}, or a list of these`);
  }
  return { isNever: always === undefined, outcomes: outcomes as readonly Outcome[] };
}

interface Demand {
  readonly level: Level;
  readonly conditions: Conditions;
  readonly isNever: boolean;
  readonly outcomes: readonly Outcome[];
}

function held(judged: JudgedRequest, { level, conditions, isNever, outcomes }: Demand): Held {
  const subjects: readonly Subject[] = level === "item" ? judged.items.map((item) => ({ judged, item })) : [{ judged }];
  const about = subjects.filter((one) => conditions.holds(one));
  const isBroken = ({ item }: Subject) => outcomes.includes((item ?? judged).verdict) === isNever;
  const broken = about.filter(isBroken);
  const result = about.length === 0 ? "silent" : broken.length > 0 ? "broken" : "holds";
  const told = broken.length > 0 ? broken : about;
  return { result, places: told.flatMap(({ item }) => (item === undefined ? [] : [item.place])) };
}

const verbs: { readonly [outcome in Outcome]: string } = {
  accept: "accepts",
  reject: "rejects",
  ignore: "ignores",
  manual: "leaves",
};

function sentenceOf(isNever: boolean, outcomes: readonly Outcome[], noun: string): string {
  const how = isNever ? "never" : "always";
  const own = outcomes.filter((one) => one !== "manual").map((one) => verbs[one]);
  if (own.length === outcomes.length) return `${how} ${own.join(" or ")} ${noun}`;
  if (own.length === 0) return `${how} leaves to a person: ${noun}`;
  return `${how} ${own.join(" or ")}, or leaves to a person: ${noun}`;
}

function functionProperty({ name, sentence = name, holds }: PropertyFunction): Property {
  return {
    name,
    sentence,
    hold: (judged) => {
      const answer: unknown = holds(judged);
      if (answer === undefined) return { result: "silent", places: [] };
      if (typeof answer !== "boolean")
        throw invalid(`The property "${name}" must answer true, false or undefined, not ${JSON.stringify(answer)}`);
      return { result: answer ? "holds" : "broken", places: [] };
    },
    scenes: [],
  };
}

function isFunction(given: unknown): given is PropertyFunction {
  return isObject(given) && typeof given["holds"] === "function" && typeof given["name"] === "string";
}

function isObject(given: unknown): given is { readonly [member: string]: unknown } {
  return typeof given === "object" && given !== null && !Array.isArray(given);
}
