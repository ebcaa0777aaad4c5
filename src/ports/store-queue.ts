/**
 * Group commit: the commits of one turn of the event loop share one flush.
 *
 * G1. Commits are flushed in the order in which they arrived.
 * G2. A promise resolves after the flush that holds its batch is durable; a failed flush rejects all of them.
 * G3. Where a flush takes time, at most one runs; what arrives meanwhile shares the next one.
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

/** What a queue needs whose flushes take time. A flush that holds one batch may be heavier than `weightPerFlushMax`. */
export interface AsyncCommitQueueOptions extends Omit<CommitQueueOptions, "flush"> {
  /** Judges the batches and makes the winners durable, or rejects and leaves nothing. */
  readonly flush: (batches: readonly Batch[]) => Promise<readonly CommitResult[]>;
  readonly weightOf: (batch: Batch) => number;
  readonly weightPerFlushMax: number;
}

/** Collects commits for the next flush, while one runs. */
export interface AsyncCommitQueue {
  /** Faults: `store.unavailable` when too many commits wait, and whatever the flush rejects with. */
  add(batch: Batch): Promise<CommitResult>;
  /** Resolves when everything that waits now has its answer. */
  finish(): Promise<void>;
}

/** An empty queue. */
export function createCommitQueue({ flush, later, perFlushMax, waitingMax }: CommitQueueOptions): CommitQueue {
  const waiting: Waiting[] = [];
  let scheduled = false;

  const flushSome = () => {
    const taken = waiting.splice(0, perFlushMax);
    try {
      answer(taken, flush(taken.map(({ batch }) => batch)));
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
    add: (batch) => join(waiting, { batch, waitingMax, joined: schedule }),
    finish: () => {
      while (waiting.length > 0) flushSome();
    },
  };
}

/** An empty queue for flushes that take time. */
export function createAsyncCommitQueue(options: AsyncCommitQueueOptions): AsyncCommitQueue {
  const { flush, later, perFlushMax, waitingMax, weightOf, weightPerFlushMax } = options;
  const waiting: Waiting[] = [];
  let running: Promise<void> | undefined;

  const take = (): Waiting[] => {
    let weight = 0;
    const tooMuch = waiting.findIndex(({ batch }, at) => {
      weight += weightOf(batch);
      return at >= perFlushMax || (at > 0 && weight > weightPerFlushMax);
    });
    return waiting.splice(0, tooMuch < 0 ? waiting.length : tooMuch);
  };
  const flushAll = async () => {
    await new Promise<void>(later);
    while (waiting.length > 0) {
      const taken = take();
      try {
        answer(taken, await flush(taken.map(({ batch }) => batch)));
      } catch (problem) {
        for (const { reject } of taken) reject(problem);
      }
    }
    running = undefined;
  };
  const start = () => {
    running ??= flushAll();
  };

  return {
    add: (batch) => join(waiting, { batch, waitingMax, joined: start }),
    finish: async () => running,
  };
}

function join(
  waiting: Waiting[],
  { batch, waitingMax, joined }: { batch: Batch; waitingMax: number; joined: () => void },
): Promise<CommitResult> {
  return new Promise((resolve, reject) => {
    if (waiting.length >= waitingMax) {
      reject(fault("store.unavailable", `${waitingMax} commits are waiting already; repeat this one later.`));
      return;
    }
    waiting.push({ batch, resolve, reject });
    joined();
  });
}

function answer(taken: readonly Waiting[], results: readonly CommitResult[]): void {
  taken.forEach(({ resolve, reject }, at) => {
    const result = results[at];
    if (result === undefined) reject(fault("store.unavailable", "The flush gave no answer to this commit."));
    else resolve(result);
  });
}
