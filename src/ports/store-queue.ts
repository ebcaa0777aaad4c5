/**
 * Group commit: the commits of one turn of the event loop share one flush.
 *
 * G1. Commits are flushed in the order in which they arrived.
 * G2. A promise resolves after the flush that holds its batch is durable; a failed flush rejects all of them.
 */
import { fault } from "../errors/rapport-error.ts";
import type { Batch, CommitResult } from "./store.ts";

/** What a queue needs: the flush, a way to run something at the end of this turn, and its bounds. */
export interface CommitQueueOptions {
  /** Judges the batches and makes the winners durable, or throws and leaves nothing. */
  readonly flush: (batches: readonly Batch[]) => readonly CommitResult[];
  readonly later: (run: () => void) => void;
  readonly perFlushMax: number;
  readonly waitingMax: number;
}

/** Collects commits for the next flush. */
export interface CommitQueue {
  /** Faults: `store.unavailable` when too many commits wait, and whatever the flush throws. */
  add(batch: Batch): Promise<CommitResult>;
  /** Flushes everything that waits, now. */
  finish(): void;
}

interface Waiting {
  readonly batch: Batch;
  readonly resolve: (result: CommitResult) => void;
  readonly reject: (problem: unknown) => void;
}

/** An empty queue. */
export function createCommitQueue({ flush, later, perFlushMax, waitingMax }: CommitQueueOptions): CommitQueue {
  const waiting: Waiting[] = [];
  let scheduled = false;

  const flushSome = () => {
    const taken = waiting.splice(0, perFlushMax);
    try {
      const results = flush(taken.map(({ batch }) => batch));
      taken.forEach(({ resolve, reject }, at) => {
        const result = results[at];
        if (result === undefined) reject(fault("store.unavailable", "The flush gave no answer to this commit."));
        else resolve(result);
      });
    } catch (problem) {
      for (const { reject } of taken) reject(problem);
    }
  };
  const run = () => {
    scheduled = false;
    if (waiting.length > 0) flushSome();
    if (waiting.length > 0) schedule();
  };
  const schedule = () => {
    if (scheduled) return;
    scheduled = true;
    later(run);
  };

  return {
    add: (batch) =>
      new Promise((resolve, reject) => {
        if (waiting.length >= waitingMax) {
          reject(fault("store.unavailable", `${waitingMax} commits are waiting already; repeat this one later.`));
          return;
        }
        waiting.push({ batch, resolve, reject });
        schedule();
      }),
    finish: () => {
      while (waiting.length > 0) flushSome();
    },
  };
}
