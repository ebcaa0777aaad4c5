// What can be told about conditions without any Request: which imply others, which exclude each other or everything.
import { isSameJson, type Json, type JsonObject } from "rapport/core";
import { type Condition, isList, listOf } from "./condition.ts";
import type { DateBound } from "./dates.ts";
import { readerOf } from "./paths.ts";

/** What an entry wants, by path. */
export type Wants = ReadonlyMap<string, Condition>;

/** True when everything that satisfies the one side satisfies the other, too. May be false where nobody can tell. */
export function implies(one: Wants, other: Wants): boolean {
  for (const [path, condition] of other) {
    const same = one.get(path);
    const isImplied = same === undefined ? isImpliedFromAbove(one, condition) : impliesCondition(same, condition);
    if (!isImplied) return false;
  }
  return true;
}

function impliesCondition(one: Condition, other: Condition): boolean {
  if (one.kind === "date" || other.kind === "date") {
    if (one.kind !== other.kind) return false;
    return other.bounds.every((bound) => isImpliedByInterval(intervalOf(one.bounds), bound));
  }
  if (other.kind === "tags" && one.kind !== "tags") return false;
  const wanted = listOf(other.wanted);
  return alternatives(one).every((value) => wanted.some((candidate) => isSameJson(candidate, value)));
}

// {"content.metadata": {"a": 1}} implies {"content.metadata.a": 1}.
function isImpliedFromAbove(one: Wants, condition: Condition): boolean {
  for (const [path, above] of one) {
    if (!condition.path.startsWith(`${path}.`) || above.kind === "date" || above.kind === "tags") continue;
    const read = readerOf(condition.path.slice(path.length + 1));
    return alternatives(above).every((value) => condition.holds(read(value)) === "yes");
  }
  return false;
}

/** The values of which one must be there. Of tags, at least one. */
export function alternatives({ wanted }: Condition): readonly Json[] {
  return listOf(wanted);
}

/** From and to, both exclusive unless they are the same instant. */
export interface Interval {
  readonly afterMs: number;
  readonly beforeMs: number;
  readonly atMs?: number;
  readonly isEmpty: boolean;
}

/** The instants that all bounds allow. */
export function intervalOf(bounds: readonly DateBound[]): Interval {
  let afterMs = Number.NEGATIVE_INFINITY;
  let beforeMs = Number.POSITIVE_INFINITY;
  const points = new Set<number>();
  for (const { sense, ms } of bounds) {
    if (sense === "after") afterMs = Math.max(afterMs, ms);
    else if (sense === "before") beforeMs = Math.min(beforeMs, ms);
    else points.add(ms);
  }
  const [atMs] = points;
  const isOutside = atMs !== undefined && (atMs <= afterMs || atMs >= beforeMs);
  // Instants have milliseconds: between two neighbours there is nothing.
  const isEmpty = points.size > 1 || isOutside || beforeMs - afterMs <= 1;
  return { afterMs, beforeMs, ...(atMs === undefined ? {} : { atMs }), isEmpty };
}

function isImpliedByInterval({ afterMs, beforeMs, atMs }: Interval, { sense, ms }: DateBound): boolean {
  if (atMs !== undefined) return sense === "at" ? atMs === ms : sense === "after" ? atMs > ms : atMs < ms;
  if (sense === "after") return afterMs >= ms;
  return sense === "before" ? beforeMs <= ms : afterMs === ms - 1 && beforeMs === ms + 1;
}

/** Both sides' conditions at once; undefined when nothing can satisfy both. */
export function together(one: Wants, other: Wants): Wants | undefined {
  const both = new Map(one);
  for (const [path, condition] of other) {
    const same = both.get(path);
    const merged = same === undefined ? condition : mergeConditions(same, condition);
    if (merged === undefined) return undefined;
    both.set(path, merged);
  }
  return both;
}

function mergeConditions(one: Condition, other: Condition): Condition | undefined {
  if (one.kind === "date" && other.kind === "date") {
    const bounds = [...one.bounds, ...other.bounds];
    return intervalOf(bounds).isEmpty ? undefined : { ...one, bounds };
  }
  if (one.kind === "tags" && other.kind === "tags")
    return { ...one, wanted: [...listOf(one.wanted), ...listOf(other.wanted)] };
  const shared = listOf(one.wanted).filter((value) => listOf(other.wanted).some((wanted) => isSameJson(wanted, value)));
  return shared.length === 0 ? undefined : { ...one, wanted: shared };
}

/** Why a condition can never hold; undefined when it can. */
export function impossible(condition: Condition): string | undefined {
  const { kind, wanted, bounds } = condition;
  if (kind === "date")
    return intervalOf(bounds).isEmpty && bounds.length > 0 ? "no instant is in that interval" : undefined;
  return isList(wanted) && wanted.length === 0 ? "an empty list holds nothing" : undefined;
}

/** Answers that say the opposite: one accepts what the other rejects or ignores, or they accept with different things. */
export function isOpposite(one: JsonObject, other: JsonObject): boolean {
  return one["accept"] !== other["accept"] || (one["accept"] === true && !isSameJson(one, other));
}
