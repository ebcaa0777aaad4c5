// The documents of one store at one moment. A commit makes a new snapshot that shares everything it did not write, so keeping
// thousands of them costs little.
import { hash } from "node:crypto";
import {
  type Batch,
  type CommitResult,
  collectionOf,
  type Document,
  type Found,
  judge,
  matches,
  type Present,
  type Query,
  type Stored,
  type StorePort,
} from "rapport/core";
import { essence } from "./essence.ts";

/** Documents by collection path and key. `sum` adds up the hashes of all documents that tell one state from another. */
export interface Snapshot {
  readonly places: ReadonlyMap<string, ReadonlyMap<string, Present>>;
  readonly sum: Sum;
}

/** 128 bits as four numbers; the order of adding does not matter. */
export type Sum = readonly [number, number, number, number];

/** No document at all. */
export const emptySnapshot: Snapshot = { places: new Map(), sum: [0, 0, 0, 0] };

/** The name of a sum; snapshots with the same name are the same state. */
export const nameOfSum = ([a, b, c, d]: Sum): string => `${a}.${b}.${c}.${d}`;

/** The document under a key. */
export function documentAt<D extends Document>(snapshot: Snapshot, key: string): D | undefined {
  return presentAt(snapshot, key)?.stored.document as D | undefined;
}

/** The documents of a collection. */
export function documentsIn<D extends Document>(snapshot: Snapshot, path: string): D[] {
  return [...(snapshot.places.get(path)?.values() ?? [])].map(({ stored }) => stored.document as D);
}

/** A document that two snapshots do not share. */
export interface Changed {
  readonly key: string;
  readonly before: Document | undefined;
  readonly after: Document | undefined;
}

/** What became of the documents between two snapshots. */
export function changesBetween(before: Snapshot, after: Snapshot): Changed[] {
  const changes: Changed[] = [];
  for (const path of new Set([...before.places.keys(), ...after.places.keys()])) {
    const old = before.places.get(path);
    const now = after.places.get(path);
    if (old === now) continue;
    for (const key of new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])) {
      const one = old?.get(key);
      const other = now?.get(key);
      if (one !== other) changes.push({ key, before: one?.stored.document, after: other?.stored.document });
    }
  }
  return changes;
}

/** Something that holds the snapshot a store reads and writes. */
export interface Held {
  snapshot: Snapshot;
}

/** What happens around the commits of a store. `before` may throw: the process ends there. */
export interface Watch {
  before(): void;
  after(): void;
}

let versions = 0;

/** A store over whatever snapshot is held. Documents are found in the order of their keys, which some history has. */
export function createSnapshotStore(held: Held, watch: Watch): StorePort {
  return {
    open: async () => undefined,
    get: async <D extends Document>(key: string) => {
      watch.before();
      return presentAt(held.snapshot, key)?.stored as Stored<D> | undefined;
    },
    find: <D extends Document>(query: Query): Found<D> => ({
      [Symbol.asyncIterator]: () => findIn<D>(held, query),
    }),
    commit: async (batch) => {
      watch.before();
      const result = commitTo(held, batch);
      if (result.ok) watch.after();
      return result;
    },
    sealKey: async () => storeKey,
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** The key of every store; what is sealed under it never leaves its store. */
export const storeKey = Uint8Array.from({ length: 32 }, (_, at) => at);

async function* findIn<D extends Document>({ snapshot }: Held, query: Query): AsyncGenerator<Stored<D>> {
  let left = query.limit ?? Number.POSITIVE_INFINITY;
  const { after, where } = query;
  let isPast = after === undefined;
  for (const { stored } of snapshot.places.get(query.under)?.values() ?? []) {
    if (left <= 0) return;
    if (!isPast) {
      isPast = stored.key === after;
      continue;
    }
    if (where !== undefined && !matches(stored.document, where)) continue;
    left -= 1;
    yield stored as Stored<D>;
  }
}

/** Commits a batch as every store of one process does. */
export function commitTo(held: Held, batch: Batch): CommitResult {
  const { results, writes, version } = judge([batch], (key) => presentAt(held.snapshot, key), versions);
  const [result] = results;
  if (result === undefined) throw new Error("A batch was not judged.");
  if (!result.ok) return result;
  versions = version;
  held.snapshot = written(held.snapshot, writes);
  return result;
}

function presentAt({ places }: Snapshot, key: string): Present | undefined {
  return places.get(collectionOf(key))?.get(key);
}

function written(before: Snapshot, writes: ReadonlyMap<string, Present | undefined>): Snapshot {
  const places = new Map(before.places);
  const fresh = new Map<string, Map<string, Present>>();
  const sum: [number, number, number, number] = [...before.sum];
  for (const [key, present] of writes) {
    const path = collectionOf(key);
    const place = fresh.get(path) ?? new Map(places.get(path));
    fresh.set(path, place);
    const old = place.get(key);
    if (old !== undefined) take(sum, hashOf(old), -1);
    if (present !== undefined) take(sum, hashOf(present), 1);
    if (present === undefined) place.delete(key);
    else place.set(key, present);
    if (present !== undefined && old === undefined) fresh.set(path, inOrder(place));
  }
  for (const [path, place] of fresh) {
    if (place.size === 0) places.delete(path);
    else places.set(path, place);
  }
  return { places, sum };
}

function inOrder(place: Map<string, Present>): Map<string, Present> {
  return new Map([...place].sort(([one], [other]) => (one < other ? -1 : 1)));
}

function take(sum: [number, number, number, number], [a, b, c, d]: Sum, sign: 1 | -1): void {
  sum[0] = (sum[0] + sign * a) >>> 0;
  sum[1] = (sum[1] + sign * b) >>> 0;
  sum[2] = (sum[2] + sign * c) >>> 0;
  sum[3] = (sum[3] + sign * d) >>> 0;
}

const hashes = new WeakMap<Present, Sum>();

function hashOf(present: Present): Sum {
  const known = hashes.get(present);
  if (known !== undefined) return known;
  const { key, document } = present.stored;
  const text = essence(key, document);
  const made: Sum = text === undefined ? [0, 0, 0, 0] : sumOf(`${key}\n${text}`);
  hashes.set(present, made);
  return made;
}

/** The 128 bits of a text. */
export function sumOf(text: string): Sum {
  const bytes = hash("sha256", text, "buffer");
  return [bytes.readUInt32LE(0), bytes.readUInt32LE(4), bytes.readUInt32LE(8), bytes.readUInt32LE(12)];
}
