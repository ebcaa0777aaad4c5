import type { Json, JsonObject } from "./json.ts";

/** The first problem of value hints, which are for display only (spec/domain.md 6.4). */
export function valueHintsProblem(_json: Json | undefined): string | undefined {
  return undefined;
}

/** Hints for a form that asks for a value of this type; empty for a type that is not known. */
export function valueHintsOf(_valueType: string): JsonObject {
  return {};
}
