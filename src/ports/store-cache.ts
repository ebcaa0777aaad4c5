/** Parsed documents that were used lately, for stores whose documents are elsewhere as text. */
import type { Present } from "./store-judge.ts";

/** How much a cache keeps: documents, and UTF-16 code units of the texts behind them. */
export interface DocumentCacheOptions {
  readonly documentsMax: number;
  readonly charactersMax: number;
}

/** Documents by key. Only what is durable may go in. */
export interface DocumentCache {
  get(key: string): Present | undefined;
  /** Keeps the document; the ones unused for longest make room. */
  put(present: Present, characters: number): void;
  /** Keeps the document if there is room, so that a long listing does not drive out what is in use. */
  offer(present: Present, characters: number): void;
  delete(key: string): void;
}

/** An empty cache. A Map remembers insertion order, so its first entries are the ones unused for longest. */
export function createDocumentCache({ documentsMax, charactersMax }: DocumentCacheOptions): DocumentCache {
  const kept = new Map<string, { present: Present; characters: number }>();
  let characters = 0;

  const drop = (key: string) => {
    characters -= kept.get(key)?.characters ?? 0;
    kept.delete(key);
  };
  const keep = (present: Present, size: number) => {
    drop(present.stored.key);
    kept.set(present.stored.key, { present, characters: size });
    characters += size;
  };
  const hasRoomFor = (size: number) => kept.size < documentsMax && characters + size <= charactersMax;

  return {
    get: (key) => {
      const found = kept.get(key);
      if (found === undefined) return undefined;
      kept.delete(key);
      kept.set(key, found);
      return found.present;
    },
    put: (present, size) => {
      keep(present, size);
      for (const key of kept.keys()) {
        if (kept.size <= documentsMax && characters <= charactersMax) return;
        drop(key);
      }
    },
    offer: (present, size) => {
      if (kept.has(present.stored.key) || hasRoomFor(size)) keep(present, size);
    },
    delete: drop,
  };
}
