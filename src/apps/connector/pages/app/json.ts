// Reading JSON that peers wrote: whatever is not as expected is as good as absent.

/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** An object of JSON. */
export interface JsonObject {
  readonly [member: string]: Json | undefined;
}

/** The value as an object; an empty one when it is none. */
export function objectIn(value: Json | undefined): JsonObject {
  return typeof value === "object" && value !== null && !isList(value) ? value : {};
}

/** The value as a list; an empty one when it is none. */
export function listIn(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : [];
}

/** The value as a text; an empty one when it is none. */
export function textIn(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

/** The value as a number, or undefined. */
export function numberIn(value: Json | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** What a table has under a name that somebody else chose; nothing of what every object has. */
export function rowOf<T>(rows: { readonly [name: string]: T }, name: string): T | undefined {
  return Object.hasOwn(rows, name) ? rows[name] : undefined;
}
