import type { Json } from "rapport/core";

/** A text or several as a list; anything else as a list of itself. */
export function listOf<T>(given: T | readonly T[]): readonly T[] {
  return Array.isArray(given) ? given : [given as T];
}

/** Values as they are written in JSON, with "or" between them. */
export function quoted(given: Json): string {
  return listOf(given)
    .map((one) => JSON.stringify(one))
    .join(" or ");
}

/** The noun with its article. */
export function withArticle(noun: string): string {
  return `${/^[aeiou]/i.test(noun) ? "an" : "a"} ${noun}`;
}
