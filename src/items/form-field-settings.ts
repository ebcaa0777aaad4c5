import { isIsoDate } from "../model/iso-date.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { isArray, markProblem } from "../model/shape.ts";

/** One type of form field settings; every check gives the problem or undefined (spec/domain.md 5.5). */
export interface FieldSettings {
  /** Members of the settings. */
  parse(settings: JsonObject): string | undefined;
  /** What makes well-formed settings impossible to answer. */
  flaw?(settings: JsonObject): string | undefined;
  /** Why the response does not fit. */
  mismatch(response: Json, settings: JsonObject): string | undefined;
}

const optionMax = 4096;
const stringMax = 4096;
const ratingMin = 5;
const ratingMax = 10;

/** The seven types of settings. Bounds of 0 count; `allowNewlines` is advice for whoever shows the field. */
export const fieldSettings: { readonly [type: string]: FieldSettings } = {
  BooleanFormFieldSettings: {
    parse: () => undefined,
    mismatch: (response) => (typeof response === "boolean" ? undefined : "response must be true or false"),
  },
  DateFormFieldSettings: {
    parse: () => undefined,
    mismatch: (response) =>
      typeof response === "string" && isIsoDate(response) ? undefined : "response must be an ISO 8601 date",
  },
  DoubleFormFieldSettings: numberSettings("a number", (value) => typeof value === "number"),
  IntegerFormFieldSettings: numberSettings("an integer", Number.isInteger),
  RatingFormFieldSettings: {
    parse: ({ maxRating }) =>
      isWithin(maxRating, ratingMin, ratingMax)
        ? undefined
        : `maxRating must be an integer ${ratingMin} to ${ratingMax}`,
    mismatch: (response, { maxRating }) =>
      isWithin(response, 1, Number(maxRating)) ? undefined : `response must be an integer 1 to ${maxRating}`,
  },
  SelectionFormFieldSettings: { parse: parseSelection, flaw: selectionFlaw, mismatch: selectionMismatch },
  StringFormFieldSettings: {
    parse: (settings) =>
      markProblem(settings, "allowNewlines") ?? lengthProblem(settings, "min") ?? lengthProblem(settings, "max"),
    flaw: boundsFlaw,
    mismatch: (response, settings) =>
      typeof response === "string" ? outside(response.length, settings, "response.length") : "response must be a text",
  },
};

function numberSettings(noun: string, isRight: (value: Json | undefined) => boolean): FieldSettings {
  const bound = (settings: JsonObject, member: string) =>
    settings[member] === undefined || isRight(settings[member]) ? undefined : `${member} must be ${noun}`;
  return {
    parse: (settings) =>
      (settings["unit"] === undefined || typeof settings["unit"] === "string" ? undefined : "unit must be a text") ??
      bound(settings, "min") ??
      bound(settings, "max"),
    flaw: boundsFlaw,
    mismatch: (response, settings) =>
      typeof response === "number" && isRight(response)
        ? outside(response, settings, "response")
        : `response must be ${noun}`,
  };
}

function boundsFlaw({ min, max }: JsonObject): string | undefined {
  return typeof min === "number" && typeof max === "number" && max < min
    ? "settings.max must be at least settings.min"
    : undefined;
}

function outside(value: number, { min, max }: JsonObject, name: string): string | undefined {
  if (typeof min === "number" && value < min) return `${name} must be at least ${min}`;
  if (typeof max === "number" && value > max) return `${name} must be at most ${max}`;
  return undefined;
}

function lengthProblem(settings: JsonObject, member: string): string | undefined {
  const value = settings[member];
  return value === undefined || isWithin(value, 0, stringMax)
    ? undefined
    : `${member} must be an integer 0 to ${stringMax}`;
}

function parseSelection(settings: JsonObject): string | undefined {
  const { options } = settings;
  if (!isArray(options)) return "options must be an array of texts";
  const wrong = options.findIndex((option) => typeof option !== "string" || !isWithin(option.length, 1, optionMax));
  if (wrong >= 0) return `options[${wrong}] must be a text of 1 to ${optionMax} characters`;
  return markProblem(settings, "allowMultipleSelection");
}

function selectionFlaw({ options }: JsonObject): string | undefined {
  if (!isArray(options) || options.length === 0) return "settings.options must hold at least one option";
  return new Set(options).size === options.length ? undefined : "settings.options must differ from each other";
}

function selectionMismatch(response: Json, settings: JsonObject): string | undefined {
  const options = new Set(isArray(settings["options"]) ? settings["options"] : []);
  if (settings["allowMultipleSelection"] !== true)
    return typeof response === "string" && options.has(response)
      ? undefined
      : "response must be one of the options, as a text";
  if (!isArray(response) || response.length === 0) return "response must be an array with at least one option";
  if (new Set(response).size !== response.length) return "response must not repeat an option";
  return response.every((chosen) => options.has(chosen)) ? undefined : "response must hold known options only";
}

function isWithin(value: Json | undefined, min: number, max: number): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= min && value <= max;
}
