import {
  assertBatch,
  assertBlobName,
  type BlobsPort,
  createDocumentTable,
  type DocumentTable,
  fault,
  judge,
  type Present,
  type Stored,
  type StorePort,
  storeKeyFrom,
  type Version,
  type Writes,
} from "rapport/core";
import type { SimulatedDisk } from "./disk.ts";
import { decodeFrames, encodeFrame, type Frame } from "./journal.ts";

/** Hears what a store found when it opened, and of every commit that is in the journal. */
export interface CommitEar {
  opened(documents: readonly Present[]): void;
  committed(writes: Writes): void;
}

/**
 * A store that is a journal on a simulated disk: a commit is one frame, opening replays the frames and drops a torn end.
 * Opening a disk takes it away from the store that had it, as a restart does with a process that died.
 */
export function createJournalStore(disk: SimulatedDisk, ear?: CommitEar): StorePort {
  const self = {};
  let table: DocumentTable = createDocumentTable();
  let version: Version = 0;

  const opened = () => {
    if (disk.owner === self) return table;
    throw fault("store.closed", "This journal is not open, was closed, or its disk was opened by another store.");
  };
  return {
    open: async (collections) => {
      disk.owner = self;
      const found = replayed(disk);
      version = found.version;
      table = createDocumentTable(found.documents);
      table.declare(collections);
      ear?.opened(found.documents);
    },
    // The engine knows what it keeps under a key; the store does not.
    get: async <D>(key: string) => opened().read(key)?.stored as (Stored & { document: D }) | undefined,
    find: async function* <D>(query: Parameters<StorePort["find"]>[0]) {
      for (const stored of opened().find(query)) {
        yield stored as Stored & { document: D };
        opened();
      }
    },
    commit: async (batch) => {
      const documents = opened();
      assertBatch(batch);
      const judgement = judge([batch], documents.read, version);
      const [result] = judgement.results;
      if (result === undefined) throw fault("store.unavailable", "The batch was not judged.");
      if (!result.ok || judgement.writes.size === 0) return result;
      disk.append(encodeFrame({ version: judgement.version, writes: judgement.writes }));
      version = judgement.version;
      documents.write(judgement.writes);
      ear?.committed(judgement.writes);
      return result;
    },
    sealKey: async (make) =>
      storeKeyFrom({
        environment: undefined,
        read: async () => disk.key,
        create: async (text) => {
          opened();
          disk.key = text;
        },
        hasDocuments: async () => opened().all().length > 0,
        make,
      }),
    [Symbol.asyncDispose]: async () => {
      if (disk.owner !== self) return;
      disk.owner = undefined;
      disk.replace(compacted(table.all(), version));
    },
  };
}

/** The documents that are on a disk, in the order of their creation. */
export function documentsOn(disk: SimulatedDisk): readonly Present[] {
  return presentsIn(decodeFrames(disk.bytes()).frames);
}

function presentsIn(frames: readonly Frame[]): readonly Present[] {
  const presents = new Map<string, Present>();
  for (const { writes } of frames) {
    for (const [key, now] of writes) {
      if (now === undefined) presents.delete(key);
      else presents.set(key, now);
    }
  }
  return [...presents.values()].sort((one, other) => one.since - other.since);
}

/** The documents of a journal and the last version it used. A torn end is cut off. */
function replayed(disk: SimulatedDisk): { readonly documents: readonly Present[]; readonly version: Version } {
  const { frames, end } = decodeFrames(disk.bytes());
  const documents = presentsIn(frames);
  const version = frames.at(-1)?.version ?? 0;
  if (frames.length > framesMax) disk.replace(compacted(documents, version));
  else if (end < disk.bytes().length) disk.replace(disk.bytes().slice(0, end));
  return { documents, version };
}

/** Frames that are replayed before a journal is written anew. */
const framesMax = 1_000;

// What was erased is in no journal that was written anew.
function compacted(documents: readonly Present[], version: Version): Uint8Array {
  return encodeFrame({ version, writes: new Map(documents.map((present) => [present.stored.key, present])) });
}

/** Blobs on the same disk. */
export function createDiskBlobs(disk: SimulatedDisk): BlobsPort {
  const named = (name: string) => {
    assertBlobName(name);
    return disk.blobs;
  };
  return {
    open: async () => undefined,
    put: async (name, bytes) => {
      if (disk.isFull) throw fault("store.full", "The simulated disk is full.");
      if (!named(name).has(name)) disk.blobs.set(name, bytes.slice());
    },
    get: async (name) => named(name).get(name)?.slice(),
    delete: async (name) => {
      named(name).delete(name);
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}
