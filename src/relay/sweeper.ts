/**
 * Expired documents go when somebody writes beside them:
 *
 * W1. After a write to a collection of things that expire, and at most once in `sweepEveryMs` for each collection, the
 *     oldest `sweptDocumentsMax` documents are read and the expired ones deleted. Nobody relies on it: what has expired is
 *     treated as absent everywhere.
 */
import { sweepEveryMs, sweptCollectionsMax, sweptDocumentsMax } from "../limits.ts";
import type { Document } from "../ports/store.ts";
import type { Desk } from "./desk.ts";

/** Deletes what has expired. */
export interface Sweeper {
  /** `path` was just written to. */
  sweep(path: string): Promise<void>;
}

/** A sweeper that remembers in memory when it last looked. */
export function createSweeper({ store, clock }: Desk): Sweeper {
  const dueMsByPath = new Map<string, number>();
  return {
    sweep: async (path) => {
      const nowMs = clock.now();
      const dueMs = dueMsByPath.get(path);
      if (dueMs !== undefined && dueMs > nowMs) return;
      if (dueMsByPath.size >= sweptCollectionsMax) dueMsByPath.clear();
      dueMsByPath.set(path, nowMs + sweepEveryMs);
      const deletes: { key: string; expect: number }[] = [];
      for await (const { key, version, document } of store.find({ under: path, limit: sweptDocumentsMax })) {
        if (isExpired(document, nowMs)) deletes.push({ key, expect: version });
      }
      // Losing to another writer leaves them to the next time.
      if (deletes.length > 0) await store.commit({ deletes });
    },
  };
}

function isExpired({ expiresAtMs, forgetAtMs }: Document, nowMs: number): boolean {
  const endsMs = expiresAtMs ?? forgetAtMs;
  return typeof endsMs === "number" && endsMs <= nowMs;
}
