import type { Json, JsonObject } from "./json.ts";
import { isSameJson } from "./same-json.ts";
import { isArray, isObject } from "./shape.ts";

/** The same value with all its texts trimmed, at any depth. */
export function trimmedValue(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([member, inner]) => [member, inner && trimmed(inner)]));
}

function trimmed(json: Json): Json {
  if (typeof json === "string") return json.trim();
  if (isArray(json)) return json.map(trimmed);
  return isObject(json) ? trimmedValue(json) : json;
}

/** True when both are the same once trimmed; the order of members does not matter. */
export function isSameValue(one: JsonObject, other: JsonObject): boolean {
  return isSameJson(trimmedValue(one), trimmedValue(other));
}

/**
 * A short text, fit for a document key, that is the same for same values. Different values may share one, by chance or
 * on purpose: it narrows a search, and `isSameValue` decides.
 */
export function valueBucket(value: JsonObject): string {
  const canonical = canonicalText(trimmedValue(value));
  return `${encodeURIComponent(String(value["@type"]))}~${hashOf(canonical).toString(36)}`;
}

/** JSON with sorted members and without absent ones. */
function canonicalText(json: Json): string {
  if (isArray(json)) return `[${json.map(canonicalText).join(",")}]`;
  if (!isObject(json)) return JSON.stringify(json);
  const members = Object.keys(json).sort();
  const written = members.flatMap((member) => {
    const inner = json[member];
    return inner === undefined ? [] : [`${JSON.stringify(member)}:${canonicalText(inner)}`];
  });
  return `{${written.join(",")}}`;
}

/** Two multiplicative hashes of 32 bits, mixed into 53 bits, which a number holds exactly. */
function hashOf(text: string): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  const mixedHigh = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  const mixedLow = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (mixedLow & 0x1fffff) * 2 ** 32 + (mixedHigh >>> 0);
}
