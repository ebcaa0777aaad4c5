import type { Json, JsonObject } from "./json.ts";

// Checks of single members. Each gives the problem, starting with the member's name so that a path can be put in front,
// or undefined. Lengths count UTF-16 code units, as every peer written in JavaScript does: a text that one side allows
// must not be refused by the other.

/** Bounds of a text; a text that is not required may be absent. */
export interface TextRule {
  readonly min?: number;
  readonly max: number;
  readonly required?: true;
}

/** True for JSON objects, not for arrays or null. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** True for JSON arrays. */
export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** The problem with a text member. */
export function textProblem(object: JsonObject, member: string, { min = 0, max, required }: TextRule) {
  const value = object[member];
  if (value === undefined && required === undefined) return undefined;
  if (typeof value === "string" && value.length >= min && value.length <= max) return undefined;
  return `${member} must be a text of ${min === 0 ? "at most" : `${min} to`} ${max} characters`;
}

/** The problem with a boolean member. */
export function flagProblem(object: JsonObject, member: string, required?: true) {
  const value = object[member];
  if (typeof value === "boolean" || (value === undefined && required === undefined)) return undefined;
  return `${member} must be a boolean: true or false, without quotes`;
}

/** The problem with a member that may only be true or absent. */
export function markProblem(object: JsonObject, member: string) {
  const value = object[member];
  return value === undefined || value === true ? undefined : `${member} must be true, or left out`;
}

/** The problem with an optional free object. */
export function objectProblem(object: JsonObject, member: string) {
  const value = object[member];
  return value === undefined || isObject(value) ? undefined : `${member} must be an object`;
}

/** The problem with a member that must be one of a few texts. */
export function choiceProblem(object: JsonObject, member: string, choices: readonly string[]) {
  const value = object[member];
  return typeof value === "string" && choices.includes(value)
    ? undefined
    : `${member} must be one of ${choices.join(", ")}`;
}
