/**
 * Cheap checks of what callers send. They run on every call, so they are hand-written; the same shapes as schemas are in
 * src/wire/schemas.ts. The first problem found is kept, later ones do not matter.
 */
import { type Outcome, type Refusal, refuse } from "../errors/refusal.ts";
import { contentBytesMax, instantMsMax, requestBytesMax } from "../limits.ts";
import { isId } from "../model/ids.ts";
import { instantOf, msOf } from "../model/instant.ts";
import { isInstantText } from "../model/iso-date.ts";
import type { Json, JsonObject } from "../model/json.ts";

/** Reads members of one body. A failed read gives an empty value and sets `problem`. */
export interface Fields {
  readonly problem: Refusal | undefined;
  text(name: string, max?: number): string;
  textOrNull(name: string, max?: number): string | null;
  /** Base64 in either alphabet, given back as base64url without padding. The bound is in bytes. */
  base64(name: string, bound?: { readonly min?: number; readonly max?: number }): string;
  base64OrNull(name: string, bound?: { readonly min?: number; readonly max?: number }): string | null;
  integer(name: string, min: number): number;
  integerOrNull(name: string, min: number): number | null;
  /** An instant after `nowMs`, given back in the protocol's spelling. */
  future(name: string, nowMs: number): string;
  futureOrNull(name: string, nowMs: number): string | null;
  id(name: string, prefix: string): string;
  objects(name: string, max: number): readonly JsonObject[];
  fail(name: string, expected: string): void;
}

/** The reader of a body. */
export function fieldsOf(body: JsonObject): Fields {
  let problem: Refusal | undefined;
  const fail = (name: string, expected: string) => {
    problem ??= invalid(`The member "${name}" must be ${expected}.`).refusal;
  };
  const failing = <T>(name: string, expected: string, empty: T): T => {
    fail(name, expected);
    return empty;
  };
  const isUnset = (name: string) => body[name] === undefined || body[name] === null;

  const text = (name: string, max = 1_000) => {
    const value = body[name];
    const fits = typeof value === "string" && value.length > 0 && value.length <= max;
    return fits ? value : failing(name, `a text of 1 to ${max} characters`, "");
  };
  const base64 = (name: string, { min = 1, max = contentBytesMax }: { min?: number; max?: number } = {}) => {
    const found = normalBase64(body[name]);
    const size = found === undefined ? -1 : Math.floor((found.length * 3) / 4);
    return found !== undefined && size >= min && size <= max
      ? found
      : failing(name, `base64url of ${min} to ${max} bytes`, "");
  };
  const integer = (name: string, min: number) => {
    const value = body[name];
    const fits = typeof value === "number" && Number.isSafeInteger(value) && value >= min;
    return fits ? value : failing(name, `an integer of at least ${min}`, min);
  };
  const future = (name: string, nowMs: number) => {
    const value = body[name];
    const ms = typeof value === "string" && isInstantText(value) ? msOf(value) : Number.NaN;
    const fits = ms > nowMs && ms <= instantMsMax;
    return fits ? instantOf(ms) : failing(name, "an instant in the future (ISO 8601 with a time zone)", "");
  };
  const objects = (name: string, max: number): readonly JsonObject[] => {
    const value = body[name];
    const fits = Array.isArray(value) && value.length <= max && value.every(isObject);
    return fits ? value : failing(name, `a list of at most ${max} objects`, []);
  };

  return {
    get problem() {
      return problem;
    },
    text,
    textOrNull: (name, max) => (isUnset(name) ? null : text(name, max)),
    base64,
    base64OrNull: (name, bound) => (isUnset(name) ? null : base64(name, bound)),
    integer,
    integerOrNull: (name, min) => (isUnset(name) ? null : integer(name, min)),
    future,
    futureOrNull: (name, nowMs) => (isUnset(name) ? null : future(name, nowMs)),
    id: (name, prefix) => {
      const value = body[name];
      return isId(value, prefix) ? value : failing(name, `an id that begins with ${prefix}`, "");
    },
    objects,
    fail,
  };
}

/** The refusal for a value that is not allowed. */
export function invalid(message: string): { ok: false; refusal: Refusal } {
  return refuse("error.platform.validation.invalidPropertyValue", message);
}

/** The JSON object in a body; an absent body is an empty object. */
export function parseBody(body: string | undefined): Outcome<JsonObject> {
  if (body === undefined || body === "") return { ok: true, value: {} };
  if (body.length > requestBytesMax) {
    return refuse("error.platform.requestBodyTooLarge", `A request may have at most ${requestBytesMax} bytes.`);
  }
  try {
    const value: Json = JSON.parse(body);
    if (isObject(value)) return { ok: true, value };
  } catch {
    // Answered below: the parser's own words would repeat parts of the body.
  }
  return refuse("error.platform.inputCannotBeParsed", "The body must be one JSON object.");
}

/** True for a JSON object. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Base64url without padding, from either alphabet; undefined when it is neither. */
export function normalBase64(value: Json | undefined): string | undefined {
  if (typeof value !== "string") return undefined;
  const normal = /^[A-Za-z0-9_-]*$/.test(value)
    ? value
    : value.replace(/={1,2}$/, "").replace(/[+/]/g, (letter) => (letter === "+" ? "-" : "_"));
  return /^[A-Za-z0-9_-]*$/.test(normal) && normal.length % 4 !== 1 ? normal : undefined;
}
