/**
 * What embedders hand in, checked before anything else looks at it: a call whose arguments do not have their shape is
 * refused with a code, changes nothing, and never reaches the code behind. What does reach it are the copies that the
 * checks gave, so that nobody can change them while the call is at work.
 */
import { allow, type Outcome, refuse, unwrap } from "../errors/refusal.ts";
import { instantOf, isInstant } from "../model/instant.ts";
import { isInstantText } from "../model/iso-date.ts";
import type { Json } from "../model/json.ts";
import { isObject } from "../model/shape.ts";
import { snapshot } from "../model/snapshot.ts";
import { type Listed, type Listing, pagesOf, textsOf } from "./listing.ts";

/** What must hold of one argument; gives what the method gets for it, or what is wrong with it. */
export type Check = (argument: unknown) => Outcome<unknown>;

/** The checks of every method, in the order of its arguments. */
export type Checks<S> = { readonly [method in keyof S]: readonly Check[] };

type Method = (...given: never[]) => Promise<unknown> | AsyncIterable<unknown>;

/**
 * The service, with every method behind its checks. What a check refuses is thrown like any other refusal. Methods whose
 * names begin with `each` give what comes one by one: they refuse when somebody begins to read.
 */
export function atTheDoor<S extends { readonly [method in keyof S]: Method }>(service: S, checks: Checks<S>): S {
  const guarded = Object.entries<Method>(service).map(([name, method]) => {
    const own = checks[name as keyof S];
    // What the checks of a method give has the types of its arguments.
    const pass = (given: never[]) =>
      method(...(own.map((check, position) => unwrap(check(given[position]))) as never[]));
    const call = name.startsWith("each")
      ? (...given: never[]) => throughDoor(() => pass(given) as AsyncIterable<Listed<unknown>>)
      : async (...given: never[]) => pass(given);
    return [name, call] as const;
  });
  return Object.freeze(Object.fromEntries(guarded)) as S;
}

function throughDoor(begin: () => AsyncIterable<Listed<unknown>>): Listing<unknown> {
  return {
    async *pages() {
      yield* pagesOf(begin());
    },
    texts: () => {
      try {
        return textsOf(begin());
      } catch {
        // The same refusal waits for whoever reads the entries.
        return undefined;
      }
    },
    async *[Symbol.asyncIterator]() {
      yield* begin();
    },
  };
}

const payload = "error.runtime.validation.invalidPayload";
const value = "error.runtime.validation.invalidPropertyValue";
const textMax = 10_000;

/** A text, of a length that an id or a name can have. */
export const text =
  (name: string): Check =>
  (argument) =>
    isText(argument) ? allow(argument) : refuse(value, `${name} must be a text.`);

/** The id of something. */
export const id = text("id");

/** One of a few texts. */
export const oneOf =
  (name: string, choices: readonly string[]): Check =>
  (argument) =>
    typeof argument === "string" && choices.includes(argument)
      ? allow(argument)
      : refuse(value, `${name} must be one of ${choices.join(", ")}.`);

/** An object whose members, as far as they are named here and given, have these shapes. The others are kept as they are. */
export const object =
  (name: string, members: { readonly [member: string]: Check } = {}): Check =>
  (argument) => {
    if (!isRecord(argument)) return refuse(payload, `${name} must be an object.`);
    const copied: { [member: string]: unknown } = { ...argument };
    for (const [member, check] of Object.entries(members)) {
      const checked = check(argument[member]);
      if (!checked.ok) return checked;
      if (copied[member] !== checked.value) copied[member] = checked.value;
    }
    return allow(copied);
  };

/** The same, or nothing. */
export const optional =
  (check: Check): Check =>
  (argument) =>
    argument === undefined ? allow(argument) : check(argument);

/** A plain JSON object. */
export const jsonObject =
  (name: string): Check =>
  (argument) => {
    const copied = snapshot(argument, name);
    if (!copied.ok) return copied;
    return isObject(copied.value) ? copied : refuse(payload, `${name} must be an object.`);
  };

/** Any plain JSON, which must be there. */
export const json =
  (name: string): Check =>
  (argument) =>
    snapshot(argument, name);

/** True or false. */
export const flag =
  (name: string): Check =>
  (argument) =>
    typeof argument === "boolean" ? allow(argument) : refuse(value, `${name} must be a boolean.`);

const commandIdCharsMax = 200;

const commandId: Check = (argument) =>
  isText(argument) && argument.length >= 1 && argument.length <= commandIdCharsMax
    ? allow(argument)
    : refuse(value, `commandId must be a text of 1 to ${commandIdCharsMax} characters.`);

/** The options of a command. */
export const options = optional(object("options", { commandId: optional(commandId) }));

/** The options of accept and reject, which may carry content. */
export const answerOptions = optional(
  object("options", { commandId: optional(commandId), content: optional(jsonObject("content")) }),
);

/** A query of the grammar: names with scalars, or lists of them. */
export const query = optional((argument) => {
  if (!isRecord(argument)) return refuse(payload, "query must be an object.");
  const copied: [string, unknown][] = [];
  for (const [field, given] of Object.entries(argument)) {
    const wanted: unknown = Array.isArray(given) ? [...given] : given;
    if (wanted !== undefined && !isScalar(wanted) && !(Array.isArray(wanted) && wanted.every(isScalar)))
      return refuse(value, `query.${field.slice(0, 100)} must be a text, a number, a boolean, or a list of them.`);
    copied.push([field, wanted]);
  }
  return allow(Object.fromEntries(copied));
});

const limit: Check = (argument) =>
  typeof argument === "number" && Number.isSafeInteger(argument) && argument >= 1
    ? allow(argument)
    : refuse(value, "limit must be a whole number of at least 1.");

const part = { limit: optional(limit), after: optional(text("after")), lenient: optional(flag("lenient")) };

/** Which part of a list. */
export const listOptions = optional(object("options", part));

/** Which part of a list of attributes, and which versions. */
export const attributeListOptions = optional(
  object("options", {
    query,
    onlyLatestVersions: optional(flag("onlyLatestVersions")),
    hideTechnical: optional(flag("hideTechnical")),
    ...part,
  }),
);

/** An instant in the future, in UTC with milliseconds. Clients look for the words of its refusal (spec/connector-api.md 2.2). */
export function futureInstant(argument: unknown, nowMs: number): Outcome<string> {
  const ms = typeof argument === "string" && isInstantText(argument) ? Date.parse(argument) : Number.NaN;
  const instant = Number.isNaN(ms) ? undefined : instantOf(ms);
  if (!isInstant(instant))
    return refuse(value, "expiresAt must be a date in ISO 8601 with its time, for example 2030-01-01T00:00:00.000Z.");
  return ms > nowMs ? allow(instant) : refuse(value, "'expiresAt' must be in the future");
}

/** True for texts that are neither endless nor have half a character in them, which no store could keep. */
export function isText(argument: unknown): argument is string {
  return typeof argument === "string" && argument.length <= textMax && !/[\ud800-\udfff]/u.test(argument);
}

function isRecord(argument: unknown): argument is { readonly [member: string]: unknown } {
  return typeof argument === "object" && argument !== null && !Array.isArray(argument);
}

function isScalar(argument: unknown): argument is Exclude<Json, object> {
  return argument === null || typeof argument === "boolean" || isText(argument) || Number.isFinite(argument);
}
