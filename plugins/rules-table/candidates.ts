/**
 * Which entries of a table can match at all. Every entry is filed under one of its equality conditions, the one that fewest
 * entries share; where many are left in one place they are divided again by what else they want.
 *
 * 1. Every entry that matches is among the candidates; some candidates may not match.
 * 2. Every list of candidates is in the order of the table.
 */
import { type Condition, isList, type Scalar } from "./condition.ts";
import { deeperValuesMax, indexDepthMax, leafEntriesMax } from "./limits.ts";

/** An equality that an entry wants: the number of a place, and the values of which one must be there. */
export interface Key {
  readonly slot: number;
  readonly values: readonly Scalar[];
  /** Wanted as a list, to which a number or a flag in the place is a surprise instead of a mismatch. */
  readonly isList: boolean;
}

/** Finds candidates for the values that are in the places now. */
export interface Candidates {
  /** Adds the lists of candidates to `found`. */
  collect(values: readonly unknown[], found: (readonly number[])[]): void;
}

/** What a condition can be filed under, if anything. */
export function keyOf(condition: Pick<Condition, "values" | "wanted">, slot: number): Key | undefined {
  const { values, wanted } = condition;
  return values === undefined ? undefined : { slot, values, isList: isList(wanted) };
}

interface Filed {
  readonly index: number;
  readonly keys: readonly Key[];
}

interface Branch {
  readonly slot: number;
  readonly byValue: Map<unknown, Node>;
  readonly surprised: number[];
}

interface Node {
  readonly rest: readonly number[];
  readonly branches: readonly Branch[];
}

/** Files entries, each given as the keys that it can be filed under. */
export function createCandidates(entries: readonly (readonly Key[])[]): Candidates {
  const root = nodeOf(
    entries.map((keys, index) => ({ index, keys })),
    0,
  );
  return { collect: (values, found) => collect(root, values, found) };
}

function collect({ rest, branches }: Node, values: readonly unknown[], found: (readonly number[])[]): void {
  if (rest.length > 0) found.push(rest);
  for (const { slot, byValue, surprised } of branches) {
    const value = values[slot];
    if (value === undefined) continue;
    if (typeof value === "object") {
      if (!Array.isArray(value)) continue;
      for (const one of value) {
        const node = byValue.get(one);
        if (node !== undefined) collect(node, values, found);
      }
      continue;
    }
    const node = byValue.get(value);
    if (node !== undefined) collect(node, values, found);
    if (surprised.length > 0 && typeof value !== "string") found.push(surprised);
  }
}

function nodeOf(entries: readonly Filed[], depth: number): Node {
  if (entries.length <= leafEntriesMax || depth === indexDepthMax) return leafOf(entries);
  const counts = countValues(entries, depth);
  const rest: number[] = [];
  const filed = new Map<number, Map<Scalar, Filed[]>>();
  const surprised = new Map<number, number[]>();
  for (const entry of entries) {
    const key = rarest(entry, counts, depth);
    if (key === undefined) {
      rest.push(entry.index);
      continue;
    }
    const left = { index: entry.index, keys: entry.keys.filter((one) => one !== key) };
    const byValue = at(filed, key.slot, () => new Map<Scalar, Filed[]>());
    for (const value of new Set(key.values)) at(byValue, value, () => []).push(left);
    if (key.isList) at(surprised, key.slot, () => []).push(entry.index);
  }
  const branches = [...filed].map(([slot, byValue]) => ({
    slot,
    byValue: new Map([...byValue].map(([value, list]) => [value as unknown, nodeOf(list, depth + 1)] as const)),
    surprised: surprised.get(slot) ?? [],
  }));
  return { rest, branches };
}

function leafOf(entries: readonly Filed[]): Node {
  return { rest: entries.map(({ index }) => index), branches: [] };
}

type Counts = ReadonlyMap<number, ReadonlyMap<Scalar, number>>;

function countValues(entries: readonly Filed[], depth: number): Counts {
  const counts = new Map<number, Map<Scalar, number>>();
  for (const { keys } of entries) {
    for (const { slot, values } of keys) {
      if (!mayFile(values, depth)) continue;
      const bySlot = at(counts, slot, () => new Map<Scalar, number>());
      for (const value of values) bySlot.set(value, (bySlot.get(value) ?? 0) + 1);
    }
  }
  return counts;
}

// The key under which the fewest entries have to be looked at.
function rarest({ keys }: Filed, counts: Counts, depth: number): Key | undefined {
  let best: Key | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const key of keys) {
    if (!mayFile(key.values, depth)) continue;
    const bySlot = counts.get(key.slot);
    let most = 0;
    for (const value of key.values) most = Math.max(most, bySlot?.get(value) ?? 0);
    if (most < least) {
      best = key;
      least = most;
    }
  }
  return best;
}

function mayFile(values: readonly Scalar[], depth: number): boolean {
  return depth === 0 || values.length <= deeperValuesMax;
}

function at<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}

/** Walks several ascending lists as one, each number once, until `visit` says that it is enough. */
export function walkMerged(lists: readonly (readonly number[])[], visit: (index: number) => boolean): void {
  const [only] = lists;
  if (only === undefined) return;
  if (lists.length === 1) {
    for (const index of only) if (visit(index)) return;
    return;
  }
  const heads = new Array<number>(lists.length).fill(0);
  for (;;) {
    let next = Number.POSITIVE_INFINITY;
    for (let list = 0; list < lists.length; list += 1) {
      const index = lists[list]?.[heads[list] ?? 0];
      if (index !== undefined && index < next) next = index;
    }
    if (next === Number.POSITIVE_INFINITY) return;
    for (let list = 0; list < lists.length; list += 1) {
      if (lists[list]?.[heads[list] ?? 0] === next) heads[list] = (heads[list] ?? 0) + 1;
    }
    if (visit(next)) return;
  }
}
