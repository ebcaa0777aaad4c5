import type { RequestView } from "rapport";

/** A JSON object as the engine takes it. */
export type JsonObject = RequestView["content"];

/** Any JSON value. */
export type Json = NonNullable<JsonObject[string]>;

/** True for JSON objects, not for arrays or null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The member if it is a text. */
export function textOf(object: JsonObject, member: string): string | undefined {
  const value = object[member];
  return typeof value === "string" ? value : undefined;
}

/** The member's objects if it is an array. */
export function objectsOf(object: JsonObject, member: string): readonly JsonObject[] {
  const value: unknown = object[member];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Every text in it that somebody wrote: long enough to be told from chance, and no type name. */
export function textsIn(json: unknown): readonly string[] {
  if (typeof json === "string") return json.length >= textLengthMin ? [json] : [];
  if (Array.isArray(json)) return json.flatMap(textsIn);
  if (!isObject(json)) return [];
  return Object.entries(json).flatMap(([member, value]) => (writtenByMachines.has(member) ? [] : textsIn(value)));
}

const textLengthMin = 8;
const writtenByMachines = new Set(["@type", "id", "requestId", "expiresAt", "result"]);
