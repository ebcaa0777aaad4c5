import type { Json } from "./json.ts";

/** True when both are the same JSON value; the order of members does not matter, absent members are left out. */
export function isSameJson(one: Json | undefined, other: Json | undefined): boolean {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  if (Array.isArray(one) || Array.isArray(other)) {
    if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false;
    return one.every((element, index) => isSameJson(element, other[index]));
  }
  const mine = Object.entries(one).filter(([, value]) => value !== undefined);
  const theirs = new Map(Object.entries(other).filter(([, value]) => value !== undefined));
  return (
    mine.length === theirs.size && mine.every(([key, value]) => theirs.has(key) && isSameJson(value, theirs.get(key)))
  );
}
