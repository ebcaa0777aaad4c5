import { countryCodes } from "./countries.ts";
import type { Json, JsonObject } from "./json.ts";
import { languageCodes } from "./languages.ts";
import { isArray, isObject, textProblem } from "./shape.ts";

const editHelpRule = { max: 500 };
const patternRule = { max: 1000 };
const choiceRule = { max: 100, required: true } as const;

/** The first problem of value hints, starting with `at`; they are for display only (spec/domain.md 6.4). */
export function valueHintsProblem(json: Json | undefined, at = "valueHints"): string | undefined {
  if (!isObject(json)) return `${at} must be an object`;
  const problem =
    textProblem(json, "editHelp", editHelpRule) ??
    boundProblem(json, "min") ??
    boundProblem(json, "max") ??
    textProblem(json, "pattern", patternRule) ??
    valuesProblem(json["values"]) ??
    (isScalar(json["defaultValue"]) ? undefined : "defaultValue must be a text, a number or a boolean");
  return problem === undefined ? propertiesProblem(json["propertyHints"], `${at}.propertyHints`) : `${at}.${problem}`;
}

function boundProblem(hints: JsonObject, member: string): string | undefined {
  const bound = hints[member];
  return bound === undefined || typeof bound === "number" ? undefined : `${member} must be a number`;
}

function valuesProblem(values: Json | undefined): string | undefined {
  if (values === undefined) return undefined;
  if (!isArray(values)) return "values must be an array";
  for (let index = 0; index < values.length; index++) {
    const choice = values[index];
    if (!isObject(choice)) return `values[${index}] must be an object with key and displayName`;
    const { key } = choice;
    const problem =
      (typeof key === "number" || typeof key === "boolean" ? undefined : textProblem(choice, "key", choiceRule)) ??
      textProblem(choice, "displayName", choiceRule);
    if (problem !== undefined) return `values[${index}].${problem}`;
  }
  return undefined;
}

function isScalar(value: Json | undefined): boolean {
  return value === undefined || ["string", "number", "boolean"].includes(typeof value);
}

function propertiesProblem(properties: Json | undefined, at: string): string | undefined {
  if (properties === undefined) return undefined;
  if (!isObject(properties)) return `${at} must be an object`;
  for (const [property, hints] of Object.entries(properties)) {
    const problem = valueHintsProblem(hints, `${at}.${property}`);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const chosen = (keys: readonly string[]): JsonObject => ({
  values: keys.map((key) => ({ key, displayName: `i18n://attributes.values.${key}` })),
});

/** Hints for a form that asks for a value of this type; empty for a type that needs none. */
export function valueHintsOf(valueType: string): JsonObject {
  return Object.hasOwn(hintsByType, valueType) ? (hintsByType[valueType] ?? {}) : {};
}

const hintsByType: { readonly [type: string]: JsonObject } = {
  Citizenship: chosen(countryCodes),
  CommunicationLanguage: chosen(languageCodes),
};
