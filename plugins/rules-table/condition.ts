/**
 * One condition: a path and what is wanted there (spec/domain.md 7.3). A surprise is a value that cannot be compared with
 * what is wanted; if everything else of its entry matches, a person decides.
 */
import { isSameJson, type Json } from "rapport/core";
import type { Generation } from "./config.ts";
import { boundOf, type DateBound, instantMsOf, isDatePath, isWithin } from "./dates.ts";
import { comparedValuesMax } from "./limits.ts";

/** Whether a value is what is wanted. */
export type Match = "yes" | "no" | "surprise";

/** What an index can look up. */
export type Scalar = string | number | boolean;

/** A compiled condition. */
export interface Condition {
  readonly path: string;
  readonly wanted: Json;
  readonly kind: "date" | "tags" | "any" | "object" | "scalar";
  /** Bounds of a date condition; empty for others. */
  readonly bounds: readonly DateBound[];
  /** The values of which one must be there, when all of them can be looked up. */
  readonly values: readonly Scalar[] | undefined;
  holds(seen: Json | undefined): Match;
}

/** Compiles a condition that was checked before. */
export function conditionOf(path: string, wanted: Json, generation: Generation): Condition {
  const base = { path, wanted, bounds: [], values: undefined } as const;
  if (isDatePath(path, generation)) {
    const bounds = listOf(wanted).flatMap((text) => (typeof text === "string" ? (boundOf(text) ?? []) : []));
    return { ...base, kind: "date", bounds, holds: (seen) => holdsDate(bounds, seen) };
  }
  if (isList(wanted)) {
    const one = anyOf(wanted);
    if (!path.endsWith("tags")) return { ...base, kind: "any", values: lookedUp(wanted), holds: one };
    const values = wanted.every(isScalar) ? wanted : undefined;
    return { ...base, kind: "tags", values, holds: (seen) => (isList(seen) ? intersects(wanted, seen) : one(seen)) };
  }
  if (isScalar(wanted) || wanted === null) {
    const values = wanted === null ? undefined : [wanted];
    return { ...base, kind: "scalar", values, holds: (seen) => (seen === wanted ? "yes" : "no") };
  }
  const values = lookedUp([wanted]);
  return { ...base, kind: "object", values, holds: (seen) => (isSameJson(wanted, seen) ? "yes" : "no") };
}

// Lists and null are not looked up, so a condition that wants one of them has to be held against everything.
function lookedUp(wanted: readonly Json[]): readonly Scalar[] | undefined {
  const values: Scalar[] = [];
  for (const one of wanted) {
    if (one === null || isList(one)) return undefined;
    values.push(isScalar(one) ? one : objectKey(one));
  }
  return values;
}

const objectMark = "\u0000";

/** The same text for the same object, whatever the order of its members. A text of a Request may look the same: to an index
 * that makes one candidate more. */
function objectKey(value: Json): string {
  return `${objectMark}${orderedText(value)}`;
}

/** True for the text that stands for an object. */
export function isObjectKey(value: Scalar): boolean {
  return typeof value === "string" && value.startsWith(objectMark);
}

/** What stands for the value in an index that holds objects. */
export function keyedValue(value: Json | undefined): Json | undefined {
  return typeof value === "object" && value !== null && !isList(value) ? objectKey(value) : value;
}

/** JSON whose members are in order: the same text for the same data. */
export function orderedText(value: Json | undefined): string {
  if (isList(value)) return `[${value.map(orderedText).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "";
  const names = Object.keys(value);
  if (names.length > 1) names.sort();
  const members = names.filter((name) => value[name] !== undefined);
  return `{${members.map((name) => `${JSON.stringify(name)}:${orderedText(value[name])}`).join()}}`;
}

function holdsDate(bounds: readonly DateBound[], seen: Json | undefined): Match {
  if (seen === undefined) return "no";
  if (typeof seen !== "string") return "surprise";
  const ms = instantMsOf(seen);
  if (Number.isNaN(ms)) return "no";
  for (const bound of bounds) if (!isWithin(ms, bound)) return "no";
  return "yes";
}

function anyOf(wanted: readonly Json[]): Condition["holds"] {
  const known: ReadonlySet<Json> | undefined = wanted.length > comparedValuesMax ? new Set(wanted) : undefined;
  return (seen) => {
    if (seen === undefined) return "no";
    if (typeof seen === "number" || typeof seen === "boolean") return "surprise";
    if (typeof seen === "string" || seen === null) {
      return (known === undefined ? wanted.includes(seen) : known.has(seen)) ? "yes" : "no";
    }
    return wanted.some((one) => isSameJson(one, seen)) ? "yes" : "no";
  };
}

function intersects(wanted: readonly Json[], seen: readonly Json[]): Match {
  for (const tag of seen) if (wanted.includes(tag)) return "yes";
  return "no";
}

/** True for what an index can look up. */
export function isScalar(value: Json | undefined): value is Scalar {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

/** True for arrays, readonly ones included. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** What is wanted, as a list of alternatives. */
export function listOf(wanted: Json): readonly Json[] {
  return isList(wanted) ? wanted : [wanted];
}
