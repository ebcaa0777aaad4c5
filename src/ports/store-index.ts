/** One declared index of one collection, in memory. It finds candidates; `matches` has the last word. */
import type { Condition, Scalar } from "../model/condition.ts";
import { pathsOfField, valuesIn } from "../model/matches.ts";
import { existingSpellings, spellingsOf } from "../model/spellings.ts";
import type { Document } from "./store.ts";

/** The slots of a collection by the values of one field. */
export interface FieldIndex<Slot> {
  change(slot: Slot, before: Document | undefined, after: Document | undefined): void;
  /** The slots that may satisfy the condition; nothing when the index cannot tell. */
  groups(condition: Condition): Groups<Slot> | undefined;
}

/** Slots in groups by value. `count` is how many there are, or how many values where those are many. */
export interface Groups<Slot> {
  readonly count: number;
  sets(): readonly ReadonlySet<Slot>[];
}

/** An empty index over a field. */
export function createFieldIndex<Slot>(field: string): FieldIndex<Slot> {
  const paths = pathsOfField(field);
  const groupByValue = new Map<Scalar, Set<Slot>>();
  const order = createOrder();

  const add = (slot: Slot, value: Scalar) => {
    const group = groupByValue.get(value);
    if (group !== undefined) group.add(slot);
    else {
      groupByValue.set(value, new Set([slot]));
      order.add(value);
    }
  };
  const remove = (slot: Slot, value: Scalar) => {
    const group = groupByValue.get(value);
    if (group === undefined || !group.delete(slot) || group.size > 0) return;
    groupByValue.delete(value);
    order.remove(value);
  };
  const pick = (values: Iterable<Scalar>) => [...values].flatMap((value) => groupByValue.get(value) ?? []);

  return {
    change: (slot, before, after) => {
      const old = before === undefined ? [] : valuesIn(before, paths);
      const now = after === undefined ? [] : valuesIn(after, paths);
      if (old.length === 1 && now.length === 1 && old[0] === now[0]) return;
      for (const value of old) remove(slot, value);
      for (const value of now) add(slot, value);
    },
    groups: (condition) => {
      if ("anyOf" in condition) {
        const sets = pick(new Set(condition.anyOf));
        return { count: sets.reduce((sum, { size }) => sum + size, 0), sets: () => sets };
      }
      const runs = runsOf(order, condition, groupByValue.keys());
      return (
        runs && { count: runs.reduce((sum, { from, to }) => sum + to - from, 0), sets: () => pick(valuesOf(runs)) }
      );
    },
  };
}

type Ordered = string | number;

/** Neighbours among sorted values. */
interface Run {
  readonly sorted: readonly Ordered[];
  readonly from: number;
  readonly to: number;
}

function runsOf(
  order: ReturnType<typeof createOrder>,
  condition: Condition,
  all: Iterable<Scalar>,
): readonly Run[] | undefined {
  if ("above" in condition) return [order.from(condition.above, all)];
  if ("below" in condition) return [order.upTo(condition.below, all)];
  const letters = "startsWith" in condition ? spellingsOf(condition.startsWith) : undefined;
  return letters && order.startingLike(letters, all);
}

function valuesOf(runs: readonly Run[]): Ordered[] {
  return runs.flatMap(({ sorted, from, to }) => sorted.slice(from, to));
}

/** Sorted values, built by the first range that asks for them and kept up to date from then on. */
function createOrder() {
  const sortedByType = new Map<string, Ordered[]>();

  const sortedFor = (bound: Ordered, all: Iterable<Scalar>): Ordered[] => {
    const known = sortedByType.get(typeof bound);
    if (known !== undefined) return known;
    const made = [...all].filter((value): value is Ordered => typeof value === typeof bound).sort(byOrder);
    sortedByType.set(typeof bound, made);
    return made;
  };
  const place = (value: Scalar): { sorted: Ordered[]; at: number; value: Ordered } | undefined => {
    if (typeof value !== "string" && typeof value !== "number") return undefined;
    const sorted = sortedByType.get(typeof value);
    return sorted === undefined ? undefined : { sorted, at: firstNotBelow(sorted, value), value };
  };

  return {
    add: (value: Scalar) => {
      const found = place(value);
      if (found !== undefined) found.sorted.splice(found.at, 0, found.value);
    },
    remove: (value: Scalar) => {
      const found = place(value);
      if (found !== undefined && found.sorted[found.at] === value) found.sorted.splice(found.at, 1);
    },
    from: (bound: Ordered, all: Iterable<Scalar>): Run => {
      const sorted = sortedFor(bound, all);
      return { sorted, from: firstNotBelow(sorted, bound), to: sorted.length };
    },
    upTo: (bound: Ordered, all: Iterable<Scalar>): Run => {
      const sorted = sortedFor(bound, all);
      const at = firstNotBelow(sorted, bound);
      return { sorted, from: 0, to: sorted[at] === bound ? at + 1 : at };
    },
    startingLike: (letters: readonly (readonly string[])[], all: Iterable<Scalar>): readonly Run[] => {
      const sorted = sortedFor("", all);
      const run = (prefix: string) => ({
        sorted,
        from: firstNotBelow(sorted, prefix),
        to: firstNotBelow(sorted, justAfter(prefix)),
      });
      const exists = (prefix: string) => run(prefix).from < run(prefix).to;
      return existingSpellings(letters, exists).map(run);
    },
  };
}

/** The first text after all those with this prefix, whose last character is not the last one there is. */
function justAfter(prefix: string): string {
  return prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
}

function byOrder(left: Ordered, right: Ordered): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function firstNotBelow(sorted: readonly Ordered[], bound: Ordered): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const value = sorted[middle];
    if (value !== undefined && value < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
