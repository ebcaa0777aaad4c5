/**
 * The documents of a store that holds them all in memory, with their indexes. Pure and synchronous; what makes it
 * durable, if anything does, is around it.
 *
 * T1. A slot keeps its place from the creation of its key to its deletion; a key that comes back gets a new one.
 * T2. A running `find` sees no slot made after it began, each slot at most once, and the documents as they are when it
 *     reaches them. Writing while it runs is safe.
 */
import { matches } from "../model/matches.ts";
import type { Collection, Document, Query, Stored, Version } from "./store.ts";
import { createFieldIndex, type FieldIndex, type Groups } from "./store-index.ts";
import { collectionOf, kindOf, type Present, type Writes } from "./store-judge.ts";

/** Documents by key and by declared index. */
export interface DocumentTable {
  /** Declares the indexes, and builds them over what is there. */
  declare(collections: readonly Collection[]): void;
  read(key: string): Present | undefined;
  write(writes: Writes): void;
  find(query: Query): Generator<Stored, void, undefined>;
  /** Every document, oldest place first. */
  all(): Present[];
}

interface Slot {
  readonly since: Version;
  readonly place: Place;
  present: Present | undefined;
}

interface Place {
  slots: Slot[];
  gone: number;
  readonly indexes: ReadonlyMap<string, FieldIndex<Slot>>;
}

/** A table that holds the given documents, which must be in the order of their places. */
export function createDocumentTable(documents: readonly Present[] = []): DocumentTable {
  const slotByKey = new Map<string, Slot>();
  const placeByPath = new Map<string, Place>();
  let fieldsByKind: ReadonlyMap<string, readonly string[]> = new Map();

  const placeOf = (path: string): Place => {
    const known = placeByPath.get(path);
    if (known !== undefined) return known;
    const fields = fieldsByKind.get(kindOf(path)) ?? [];
    const indexes = new Map(fields.map((field) => [field, createFieldIndex<Slot>(field)]));
    const place = { slots: [], gone: 0, indexes };
    placeByPath.set(path, place);
    return place;
  };
  const insert = (key: string, present: Present) => {
    const place = placeOf(collectionOf(key));
    const slot = { since: present.since, place, present };
    slotByKey.set(key, slot);
    place.slots.push(slot);
    reindex(slot, undefined, present.stored.document);
  };
  const remove = (key: string, slot: Slot) => {
    const before = slot.present?.stored.document;
    slotByKey.delete(key);
    slot.present = undefined;
    reindex(slot, before, undefined);
    forgetOne(slot.place);
  };
  const writeOne = (key: string, now: Present | undefined) => {
    const slot = slotByKey.get(key);
    if (slot !== undefined && slot.since === now?.since) {
      const before = slot.present?.stored.document;
      slot.present = now;
      return reindex(slot, before, now.stored.document);
    }
    if (slot !== undefined) remove(key, slot);
    if (now !== undefined) insert(key, now);
  };
  const all = () => [...slotByKey.values()].flatMap(({ present }) => present ?? []).sort((a, b) => a.since - b.since);

  for (const present of documents) insert(present.stored.key, present);

  return {
    declare: (collections) => {
      const kept = all();
      fieldsByKind = new Map(collections.map(({ kind, indexes }) => [kind, indexes]));
      slotByKey.clear();
      placeByPath.clear();
      for (const present of kept) insert(present.stored.key, present);
    },
    read: (key) => slotByKey.get(key)?.present,
    write: (writes) => {
      for (const [key, now] of inOrder(writes)) writeOne(key, now);
    },
    find: (query) => findIn(placeByPath.get(query.under), query, slotByKey),
    all,
  };
}

function reindex(slot: Slot, before: Document | undefined, after: Document | undefined): void {
  for (const index of slot.place.indexes.values()) index.change(slot, before, after);
}

/** A key written twice in one flush keeps its first position in the map, so places are put in order here. */
function inOrder(writes: Writes): Iterable<[string, Present | undefined]> {
  if (writes.size < 2) return writes;
  return [...writes].sort(([, left], [, right]) => (left?.since ?? 0) - (right?.since ?? 0));
}

/** Drops the empty slots once they are the majority. Running finds keep the list they began with (T2). */
function forgetOne(place: Place): void {
  place.gone += 1;
  if (place.gone * 2 <= place.slots.length) return;
  place.slots = place.slots.filter(({ present }) => present !== undefined);
  place.gone = 0;
}

function* findIn(
  place: Place | undefined,
  query: Query,
  slotByKey: ReadonlyMap<string, Slot>,
): Generator<Stored, void, undefined> {
  if (place === undefined) return;
  const { where, after } = query;
  const mark = after === undefined ? undefined : slotByKey.get(after);
  if (after !== undefined && mark?.place !== place) return;
  const start = mark?.since ?? 0;
  let wanted = query.limit ?? Number.POSITIVE_INFINITY;
  if (wanted <= 0) return;

  const { slots } = place;
  const end = slots.length;
  const newest = slots.at(-1)?.since ?? 0;
  const best = narrowest(place, where);
  // Where many match, those wanted are soon found by looking at one after the other.
  const looks = best === undefined ? end : Math.min(end, looksFor(wanted, best.count, end));
  let at = firstAfter(slots, start);
  for (const last = Math.min(end, at + looks); at < last; at += 1) {
    const stored = slots[at]?.present?.stored;
    if (stored === undefined || (where !== undefined && !matches(stored.document, where))) continue;
    yield stored;
    wanted -= 1;
    if (wanted <= 0) return;
  }
  if (at >= end || best === undefined) return;
  const seen = slots[at - 1]?.since ?? start;
  const more = inPlaces(best.sets());
  for (let next = firstAfter(more, Math.max(seen, start)); next < more.length; next += 1) {
    const slot = more[next];
    const stored = slot?.present?.stored;
    if (slot === undefined || stored === undefined || slot.since > newest) continue;
    if (where !== undefined && !matches(stored.document, where)) continue;
    yield stored;
    wanted -= 1;
    if (wanted <= 0) return;
  }
}

/** Slots to look at before the index is asked: none when it names few. */
function looksFor(wanted: number, count: number, all: number): number {
  const expected = (4 * wanted * all) / Math.max(1, count);
  return expected < count ? Math.ceil(expected) : 0;
}

/** The fewest slots that some index can name for the question; nothing when a scan is as good. */
function narrowest(place: Place, where: Query["where"]): Groups<Slot> | undefined {
  let best: Groups<Slot> | undefined;
  let fewest = place.slots.length - place.gone;
  for (const [field, conditions] of Object.entries(where ?? {})) {
    for (const condition of conditions) {
      const groups = place.indexes.get(field)?.groups(condition);
      if (groups === undefined || groups.count >= fewest) continue;
      fewest = groups.count;
      best = groups;
    }
  }
  return best;
}

/** The slots of these groups, in order. */
function inPlaces(groups: readonly ReadonlySet<Slot>[]): Slot[] {
  const slots = groups.length === 1 ? groups.flatMap((group) => [...group]) : [...union(groups)];
  return slots.sort((left, right) => left.since - right.since);
}

function union(groups: readonly ReadonlySet<Slot>[]): Set<Slot> {
  const all = new Set<Slot>();
  for (const group of groups) for (const slot of group) all.add(slot);
  return all;
}

function firstAfter(slots: readonly Slot[], since: Version): number {
  let low = 0;
  let high = slots.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((slots[middle]?.since ?? 0) <= since) low = middle + 1;
    else high = middle;
  }
  return low;
}
