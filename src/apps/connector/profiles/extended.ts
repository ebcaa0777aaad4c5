// Objects as they go out.
import type { JsonObject } from "rapport/core";

/** A copy with further members. */
export function extended(view: object, more: object): JsonObject {
  return { ...view, ...more } as JsonObject;
}
