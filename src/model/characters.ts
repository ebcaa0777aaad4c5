import type { JsonObject } from "./json.ts";

/** The path of the first text with a character that attributes may not have. */
export function forbiddenCharacters(_content: JsonObject): string | undefined {
  return undefined;
}
