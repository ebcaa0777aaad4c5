// Objects as they go out: made of the members of views, never of a view as a whole where the generation is closed.
import type { JsonObject } from "rapport/core";

/** A copy with further members; what is undefined is left out. */
export function extended(view: object, more: object): JsonObject {
  const both = Object.entries({ ...view, ...more });
  return Object.fromEntries(both.filter(([, value]) => value !== undefined)) as JsonObject;
}

/** A copy with these members alone, as far as it has them. */
export function picked<V extends object>(view: V, ...names: readonly (keyof V & string)[]): JsonObject {
  const chosen = names.map((name) => [name, view[name]] as const);
  return Object.fromEntries(chosen.filter(([, value]) => value !== undefined)) as JsonObject;
}

/** A copy without these members. */
export function without<V extends object>(view: V, ...names: readonly (keyof V & string)[]): JsonObject {
  const left = Object.entries(view).filter(([name]) => !(names as readonly string[]).includes(name));
  return Object.fromEntries(left.filter(([, value]) => value !== undefined)) as JsonObject;
}
