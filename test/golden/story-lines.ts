// A story as data: it is recorded with what it led to, so that a later release can play the very same lines.
import type { Json, JsonObject } from "rapport/core";

/** One thing that happens. `with` may hold `{ "$": "name.member" }`, which stands for what an earlier line gave. */
export type StoryLine =
  /** A person commands, for example `templates.create`; `refused` is the code that the command must end with. */
  | {
      readonly who: string;
      readonly do: string;
      readonly with?: readonly Json[];
      readonly as?: string;
      readonly refused?: string;
    }
  /** The operator of the relay, for example `announcements.create`. */
  | { readonly operator: string; readonly with: readonly Json[] }
  /** The line of a house to the relay: cut is before the relay hears, deaf is after it heard. */
  | { readonly house: string; readonly line: LineState }
  /** Time passes. */
  | { readonly passMs: number };

/** How a house's line to the relay is. */
export type LineState = "up" | "cut" | "deaf";

/** One engine in the story, with the accounts that it hosts. */
export interface HousePlan {
  readonly name: string;
  readonly people: readonly string[];
  /** The rules of the house, as data. */
  readonly rules?: JsonObject;
  /** Events that somebody wants to hear of: those that are always refused, and those that are never answered. */
  readonly bell?: { readonly refuses: readonly string[]; readonly keeps: readonly string[] };
}

/** Everything that a story needs to be told again. */
export interface Story {
  readonly seed: number;
  readonly startsAt: string;
  readonly houses: readonly HousePlan[];
  readonly lines: readonly StoryLine[];
}

/** What the story's lines gave so far, by name. */
export type Given = Map<string, unknown>;

/** The arguments with everything that they refer to put in its place. */
export function resolved(value: Json | undefined, given: Given): unknown {
  if (Array.isArray(value)) return value.map((inner) => resolved(inner, given));
  if (typeof value !== "object" || value === null) return value;
  const object = value as JsonObject;
  if (typeof object["$"] === "string") return lookUp(object["$"], given);
  if (typeof object["$text"] === "string") return new TextEncoder().encode(object["$text"]);
  return Object.fromEntries(Object.entries(object).map(([name, inner]) => [name, resolved(inner, given)]));
}

function lookUp(path: string, given: Given): unknown {
  const [name = "", ...members] = path.split(".");
  let value: unknown = given.get(name);
  for (const member of members) {
    value = typeof value === "object" && value !== null ? Reflect.get(value, member) : undefined;
  }
  if (value === undefined) throw new Error(`The story refers to "${path}", which nothing gave.`);
  return value;
}
