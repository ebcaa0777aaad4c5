import type { Json } from "./json.ts";

/** The value types of RelationshipAttributes (spec/domain.md 6.4). */
export const relationshipValueTypes: readonly string[] = Object.freeze([]);

/** The first problem of the value of a RelationshipAttribute. */
export function relationshipValueProblem(_value: Json | undefined): string | undefined {
  return undefined;
}
