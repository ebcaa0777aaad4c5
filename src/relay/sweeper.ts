/**
 * What should be gone goes when somebody writes beside it:
 *
 * W1. After a write to a collection of things that expire, and at most once in `sweepEveryMs` for each collection, the
 *     oldest `sweptDocumentsMax` documents are read and the expired ones deleted. Nobody relies on it: what has expired is
 *     treated as absent everywhere.
 * W2. What a commit left to do (leftovers.ts) is looked for at the first opportunity, since an earlier process
 *     may have ended in between, and whenever a call left some. After a failure it is looked for again in `sweepEveryMs`.
 * W3. The bytes of a File go with the call that ended it. If they do not, or an upload did not come to its end, they are
 *     looked for as in W2, and again every `sweepEveryMs`, since other processes of the relay end, too.
 */
import { Bug } from "../errors/bug.ts";
import { sweepEveryMs, sweptCollectionsMax, sweptDocumentsMax } from "../limits.ts";
import type { Document, Store } from "../ports/store.ts";
import type { NewsDesk } from "./desk.ts";
import { eraseBlob, sweepBlobs } from "./file-bytes.ts";
import { finishLeftovers } from "./leftovers.ts";
import { usageEndOf } from "./notice-documents.ts";

/** Deletes what has expired, and what was left to erase. */
export interface Sweeper {
  /** `path` was just written to. */
  sweep(path: string): Promise<void>;
  /** Erases what is left, if something may be: `isMoreLeft` says that something was left just now. */
  eraseLeft(isMoreLeft?: boolean): Promise<void>;
  /** Deletes bytes whose Files have just ended. */
  eraseBlobs(names: readonly string[]): Promise<void>;
}

/**
 * A sweeper that remembers in memory when it last looked. `failed` hears of a failure while erasing, which is nothing to
 * the call that it happens after.
 */
export function createSweeper(desk: NewsDesk, failed: (error: unknown) => void): Sweeper {
  const { store, clock, blobs } = desk;
  const dueMsByPath = new Map<string, number>();
  let leftDueMs = 0;
  const erasing = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      if (error instanceof Bug) throw error;
      leftDueMs = clock.now() + sweepEveryMs;
      failed(error);
    }
  };
  return {
    sweep: async (path) => {
      const nowMs = clock.now();
      const dueMs = dueMsByPath.get(path);
      if (dueMs !== undefined && dueMs > nowMs) return;
      if (dueMsByPath.size >= sweptCollectionsMax) dueMsByPath.clear();
      dueMsByPath.set(path, nowMs + sweepEveryMs);
      await erasing(async () => {
        await sweepExpired(store, path, nowMs);
      });
    },
    eraseLeft: async (isMoreLeft = false) => {
      if (!isMoreLeft && leftDueMs > clock.now()) return;
      leftDueMs = Number.POSITIVE_INFINITY;
      await erasing(async () => {
        await finishLeftovers(desk);
        if (blobs === undefined) return;
        await sweepBlobs(desk, blobs);
        leftDueMs = clock.now() + sweepEveryMs;
      });
    },
    eraseBlobs: async (names) => {
      if (blobs === undefined) return;
      await erasing(async () => {
        for (const name of names) await eraseBlob(desk, blobs, name);
      });
    },
  };
}

/** Deletes the expired ones among the oldest documents of a collection; true when that were as many as it looks at. */
export async function sweepExpired(store: Store, path: string, nowMs: number): Promise<boolean> {
  const deletes: { key: string; expect: number }[] = [];
  for await (const { key, version, document } of store.find({ under: path, limit: sweptDocumentsMax })) {
    if (isExpired(document, nowMs) || usageEndOf(key) <= nowMs) deletes.push({ key, expect: version });
  }
  // Losing to another writer leaves them to the next time.
  if (deletes.length > 0) await store.commit({ deletes });
  return deletes.length === sweptDocumentsMax;
}

function isExpired({ expiresAtMs, forgetAtMs }: Document, nowMs: number): boolean {
  const endsMs = expiresAtMs ?? forgetAtMs;
  return typeof endsMs === "number" && endsMs <= nowMs;
}
