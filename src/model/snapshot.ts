import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import type { Json } from "./json.ts";

/** How deep content may nest; real content stays under ten, and deeper text would exhaust the stack of every reader. */
export const jsonDepthMax = 100;

/**
 * A frozen copy of plain JSON, so that nobody can change content after it was judged. Members that are undefined are
 * left out, as JSON does; anything JSON cannot carry is refused with its path.
 */
export function snapshot(value: unknown, path = "content"): Outcome<Json> {
  const trail: (string | number)[] = [];
  const copied = copy(value, trail);
  if (copied !== notJson) return allow(copied);
  const place = trail.length === 0 ? path : pathOf(trail.reverse());
  return refuse(
    "error.runtime.validation.invalidPayload",
    `${place} must be plain JSON, nested at most ${jsonDepthMax} deep: give texts, finite numbers, booleans, null, arrays and plain objects.`,
  );
}

const notJson = Symbol("not JSON");

function copy(value: unknown, trail: (string | number)[], depth = 0): Json | typeof notJson {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      // Adding 0 turns -0 into the 0 that JSON writes.
      return Number.isFinite(value) ? value + 0 : notJson;
    case "object":
      if (value === null) return null;
      if (depth >= jsonDepthMax) return notJson;
      return Array.isArray(value) ? copyArray(value, trail, depth) : copyObject(value, trail, depth);
    default:
      return notJson;
  }
}

function copyArray(value: readonly unknown[], trail: (string | number)[], depth: number): Json | typeof notJson {
  const copied: Json[] = [];
  for (let index = 0; index < value.length; index++) {
    const element = copy(value[index], trail, depth + 1);
    if (element === notJson) {
      trail.push(index);
      return notJson;
    }
    copied.push(element);
  }
  return Object.freeze(copied);
}

function copyObject(value: object, trail: (string | number)[], depth: number): Json | typeof notJson {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null && !isForeignPlain(prototype)) return notJson;
  const copied: { [member: string]: Json } = {};
  for (const member of Object.keys(value)) {
    const inner = (value as Record<string, unknown>)[member];
    if (inner === undefined) continue;
    const element = copy(inner, trail, depth + 1);
    if (element === notJson) {
      trail.push(member);
      return notJson;
    }
    // Plain assignment of this one name would set the prototype instead of a member.
    if (member === "__proto__")
      Object.defineProperty(copied, member, { value: element, enumerable: true, configurable: true, writable: true });
    else copied[member] = element;
  }
  return Object.freeze(copied);
}

/** Plain objects made in another realm (a worker, a vm) have another Object.prototype. */
function isForeignPlain(prototype: unknown): boolean {
  return typeof prototype === "object" && prototype !== null && Object.getPrototypeOf(prototype) === null;
}

function pathOf(steps: readonly (string | number)[]): string {
  let path = "";
  for (const step of steps) path += typeof step === "number" ? `[${step}]` : path === "" ? step : `.${step}`;
  return path;
}
