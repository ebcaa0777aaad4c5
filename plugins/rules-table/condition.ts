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
    const values = wanted.every(isScalar) ? wanted : undefined;
    if (!path.endsWith("tags")) return { ...base, kind: "any", values, holds: one };
    return { ...base, kind: "tags", values, holds: (seen) => (isList(seen) ? intersects(wanted, seen) : one(seen)) };
  }
  if (isScalar(wanted) || wanted === null) {
    const values = wanted === null ? undefined : [wanted];
    return { ...base, kind: "scalar", values, holds: (seen) => (seen === wanted ? "yes" : "no") };
  }
  return { ...base, kind: "object", holds: (seen) => (isSameJson(wanted, seen) ? "yes" : "no") };
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
