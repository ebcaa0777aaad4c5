import type { Json } from "./json.ts";

/** The value types of IdentityAttributes that stand alone (spec/domain.md 6.3). */
export const identityValueTypes: readonly string[] = Object.freeze([]);

/** The first problem of the value of an IdentityAttribute. */
export function identityValueProblem(_value: Json | undefined): string | undefined {
  return undefined;
}
