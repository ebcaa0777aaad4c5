/**
 * Decides about Requests (spec/domain.md 7.4) without looking at every entry: for each item the first entry, in the order of
 * the table, whose conditions hold and whose answer fits. That is the same as filling empty places entry by entry.
 */
import type { JsonObject, RequestFacts } from "rapport/core";
import { createCandidates, type Key, keyOf, walkMerged } from "./candidates.ts";
import { isObjectKey, keyedValue, type Match } from "./condition.ts";
import type { Settings } from "./config.ts";
import { allHold, and, type CompiledEntry, groupItems } from "./entries.ts";
import { type Read, readerOf } from "./paths.ts";

/** What became of a Request: for every item in order the entry that answers it, -1 where none does. */
export type Decided =
  | { readonly kind: "filled"; readonly slots: readonly number[] }
  /** A person must decide, because of the item (a type, a demand) or of a value that cannot be compared. */
  | { readonly kind: "person"; readonly why: string };

/** Decides about Requests by a table. */
export type Decide = (facts: RequestFacts) => Decided;

// These read from anything: facts that are no facts are for a person, too.
const typeReader = readerOf("@type");
const demandReader = readerOf("requireManualDecision");
const itemsReader = readerOf("content.items");

/** Compiles a table. */
export function createDecide(entries: readonly CompiledEntry[], settings: Settings): Decide {
  const places = placesOf(entries);
  const candidates = createCandidates(entries.map((entry) => keysOf(entry, places)));
  const mustStop = stopper(settings);
  const firstMatch = matcher(entries);
  const values: unknown[] = new Array(places.general.length + places.item.length);

  const slotOf = (facts: RequestFacts, item: JsonObject): number => {
    for (let at = 0; at < places.item.length; at += 1) values[places.general.length + at] = places.item[at]?.read(item);
    const lists: (readonly number[])[] = [];
    candidates.collect(values, lists);
    return firstMatch(lists, facts, item);
  };

  return (facts) => {
    const items = itemsOf(facts);
    if (items.length === 0) return { kind: "person", why: "The Request has no items." };
    // As when they could not be looked up (spec/domain.md 7.3).
    if (!Array.isArray(facts.relationships))
      return { kind: "person", why: "It is not known which Relationships there are." };
    const why = mustStop(items);
    if (why !== undefined) return { kind: "person", why };
    firstMatch.begin();
    for (let at = 0; at < places.general.length; at += 1) values[at] = places.general[at]?.read(facts);
    const slots: number[] = [];
    for (const item of items) {
      const slot = slotOf(facts, item);
      if (slot === surprised)
        return { kind: "person", why: "A value of the Request cannot be compared with what an entry wants." };
      slots.push(slot);
    }
    return { kind: "filled", slots };
  };
}

/** Walks the entries that may match a Request of one item, in the order of the table, until `visit` says that it is enough. */
export function createWalk(
  entries: readonly CompiledEntry[],
): (facts: RequestFacts, visit: (index: number) => boolean) => void {
  const places = placesOf(entries);
  const candidates = createCandidates(entries.map((entry) => keysOf(entry, places)));
  return (facts, visit) => {
    const [item = {}] = itemsOf(facts);
    const values = [...places.general.map(({ read }) => read(facts)), ...places.item.map(({ read }) => read(item))];
    const lists: (readonly number[])[] = [];
    candidates.collect(values, lists);
    walkMerged(lists, visit);
  };
}

/** No entry answers the item. */
export const open = -1;
const surprised = -2;

/** All items of a Request, those of groups in their place. */
export function itemsOf({ request }: RequestFacts): readonly JsonObject[] {
  const items = itemsReader(request);
  if (!Array.isArray(items)) return [];
  const all: JsonObject[] = [];
  for (const item of items as readonly JsonObject[]) {
    const inner = groupItems(item);
    if (inner === undefined) all.push(item);
    else for (const child of inner) all.push(child);
  }
  return all;
}

/** Says why a person must decide before any entry is read (spec/domain.md 7.1, 7.6); undefined when nothing forbids it. */
export function stopper({
  neverAutomatic,
  generation,
}: Settings): (items: readonly JsonObject[]) => string | undefined {
  const never = new Set<unknown>(neverAutomatic);
  return (items) => {
    for (const item of items) {
      const type = typeReader(item);
      if (never.has(type)) return `Items of the type ${String(type)} are never decided automatically.`;
      if (generation === "O" && demandReader(item) === true) return "An item asks for a decision by hand.";
    }
    return undefined;
  };
}

/** Whether the entry answers the item; a simple answer to an item of another type is none. */
export function answers(entry: CompiledEntry, item: JsonObject): Match {
  if (entry.fits !== undefined && !entry.fits.includes(typeReader(item) as string)) return "no";
  return allHold(entry.item, item);
}

// Finds the first match; what is general about an entry is looked at once for all items of a Request.
function matcher(entries: readonly CompiledEntry[]) {
  const seenIn = new Uint32Array(entries.length);
  const known = new Array<Match>(entries.length).fill("no");
  let round = 0;

  const general = (index: number, entry: CompiledEntry, facts: RequestFacts): Match => {
    if (entry.general.length === 0) return "yes";
    if (seenIn[index] === round) return known[index] ?? "no";
    seenIn[index] = round;
    const match = allHold(entry.general, facts);
    known[index] = match;
    return match;
  };

  const first = (lists: readonly (readonly number[])[], facts: RequestFacts, item: JsonObject): number => {
    let found = open;
    walkMerged(lists, (index) => {
      const entry = entries[index];
      if (entry === undefined) return false;
      const match = and(general(index, entry, facts), answers(entry, item));
      if (match === "no") return false;
      found = match === "yes" ? index : surprised;
      return true;
    });
    return found;
  };

  const begin = () => {
    round = (round + 1) >>> 0;
    if (round === 0) {
      seenIn.fill(0);
      round = 1;
    }
  };
  return Object.assign(first, { begin });
}

// The places that entries want equalities in: each path once, those of the Request before those of the item.
interface Places {
  readonly general: readonly { readonly path: string; read(facts: RequestFacts): unknown }[];
  readonly item: readonly { readonly path: string; readonly read: Read }[];
  readonly slotOf: ReadonlyMap<string, number>;
}

const typePath = "content.item.@type";

function placesOf(entries: readonly CompiledEntry[]): Places {
  const general = new Map<string, Pick<CompiledEntry["general"][number], "path" | "read">>();
  const item = new Map<string, { path: string; read: Read }>();
  const wantsObjects = new Set<string>();
  for (const entry of entries) {
    for (const one of [...entry.general, ...entry.item]) if (one.values?.some(isObjectKey)) wantsObjects.add(one.path);
    for (const one of entry.general) if (one.values !== undefined) general.set(one.path, one);
    for (const one of entry.item)
      if (one.values !== undefined) item.set(one.path, { path: one.path, read: one.read as Read });
    if (entry.fits !== undefined) item.set(typePath, { path: typePath, read: typeReader });
  }
  for (const path of wantsObjects) {
    const [here, there] = [general.get(path), item.get(path)];
    if (here !== undefined) general.set(path, { path, read: (facts) => keyedValue(here.read(facts)) });
    if (there !== undefined) item.set(path, { path, read: (root) => keyedValue(there.read(root)) });
  }
  const all = [...general.keys(), ...item.keys()];
  const slotOf = new Map(all.map((path, slot) => [path, slot] as const));
  return { general: [...general.values()], item: [...item.values()], slotOf };
}

function keysOf(entry: CompiledEntry, { slotOf }: Places): readonly Key[] {
  const keys: Key[] = [];
  for (const condition of [...entry.general, ...entry.item]) {
    const slot = slotOf.get(condition.path);
    const key = slot === undefined ? undefined : keyOf(condition, slot);
    if (key !== undefined) keys.push(key);
  }
  const type = slotOf.get(typePath);
  if (entry.fits !== undefined && type !== undefined) keys.push({ slot: type, values: entry.fits, isList: false });
  return keys;
}
