// Many seeds on every core: each thread takes the next one, until all are done or one of them fails.
import { Worker } from "node:worker_threads";
import { type SimulationResult, simulate } from "./simulate.ts";

/** Which seeds, and how each is simulated. */
export interface SeedsOptions {
  readonly from: number;
  readonly to: number;
  readonly steps: number;
  readonly accounts?: number;
  /** Threads at the same time; 1 runs them in this one. */
  readonly threads: number;
  /** Hears what came of each seed. */
  readonly heard?: (result: SimulationResult) => void;
}

/** What came of all of them together. */
export interface SeedsReport {
  readonly seeds: number;
  readonly commands: number;
  readonly accountDays: number;
  readonly encryptions: number;
  readonly faults: { readonly [kind: string]: number };
  /** The first seed that failed. */
  readonly failed?: SimulationResult;
}

/** What a thread is asked, and what it answers. */
export type SeedJob = Pick<SeedsOptions, "steps"> & { readonly seed: number; readonly accounts?: number };

type Simulate = (job: SeedJob) => Promise<SimulationResult>;

/** Simulates the seeds in order, several at a time, and ends at the first finding. */
export async function simulateSeeds(options: SeedsOptions): Promise<SeedsReport> {
  const { from, to, threads, steps, accounts, heard } = options;
  const results: SimulationResult[] = [];
  let next = from;
  let failed: SimulationResult | undefined;
  const work = async (run: Simulate): Promise<void> => {
    while (next <= to && failed === undefined) {
      const seed = next;
      next += 1;
      const result = await run({ seed, steps, ...(accounts === undefined ? {} : { accounts }) });
      results.push(result);
      heard?.(result);
      if (result.finding !== undefined) failed ??= result;
    }
  };
  if (threads <= 1) await work(simulate);
  else await Promise.all(Array.from({ length: threads }, () => inThread(work)));
  return summaryOf(results, failed);
}

async function inThread(work: (run: Simulate) => Promise<void>): Promise<void> {
  const isSource = import.meta.url.endsWith(".ts");
  const worker = new Worker(new URL(isSource ? "./seeds-child.ts" : "./seeds-child.js", import.meta.url));
  try {
    await work(
      (job) =>
        new Promise((resolve, reject) => {
          worker.removeAllListeners().once("message", resolve).once("error", reject).postMessage(job);
        }),
    );
  } finally {
    await worker.terminate();
  }
}

function summaryOf(results: readonly SimulationResult[], failed: SimulationResult | undefined): SeedsReport {
  const faults: { [kind: string]: number } = {};
  for (const result of results) {
    for (const [kind, count] of Object.entries(result.faults)) faults[kind] = (faults[kind] ?? 0) + count;
  }
  const sum = (member: "commands" | "accountDays" | "encryptions") =>
    results.reduce((total, result) => total + result[member], 0);
  return {
    seeds: results.length,
    commands: sum("commands"),
    accountDays: sum("accountDays"),
    encryptions: sum("encryptions"),
    faults: Object.fromEntries(Object.entries(faults).sort(([one], [other]) => (one < other ? -1 : 1))),
    ...(failed === undefined ? {} : { failed }),
  };
}
