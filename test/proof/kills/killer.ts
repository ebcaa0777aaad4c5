// Kills processes of a house at moments of a plan that a seed gives, and starts them again.
import { setTimeout as pause } from "node:timers/promises";
import type { KeptProcess } from "./process-keeper.ts";

/** A killer at work. */
export interface Killer {
  /** Resolves when nothing is killed any more and everything that was killed has been started again. */
  stop(): Promise<void>;
}

/** Calls that are acknowledged between two kills: a busy machine, where starting takes long, has fewer kills and not less load. */
const acknowledgedMax = 50;
/** When nothing is acknowledged for so long, the next kill comes all the same. */
const patienceMs = 5_000;
/** Not always right after an answer, and not always started again at once. */
const pauseMaxMs = 300;
const awayMaxMs = 600;
/** One in so many kills takes two at once. */
const twoOneIn = 4;

/** Whom it kills, what it draws its plan from, and how much has been acknowledged so far. */
export interface KillerGround {
  readonly processes: readonly KeptProcess[];
  draw(below: number): number;
  acknowledged(): number;
}

/** Starts one. A process that is starting may be killed, too. */
export function startKiller({ processes, draw, acknowledged }: KillerGround): Killer {
  const over = new AbortController();
  const returning = new Set<Promise<void>>();
  let failure: unknown;

  const killOne = async (one: KeptProcess, awayMs: number) => {
    await one.kill();
    await pause(awayMs, undefined, { signal: over.signal }).catch(() => undefined);
    await one.start();
  };
  const kill = (one: KeptProcess) => {
    const back = killOne(one, draw(awayMaxMs))
      .catch((problem) => {
        failure ??= problem;
      })
      .finally(() => returning.delete(back));
    returning.add(back);
  };
  const answered = async (more: number) => {
    const wanted = acknowledged() + more;
    for (let waitedMs = 0; acknowledged() < wanted && waitedMs < patienceMs; waitedMs += 10)
      await pause(10, undefined, { signal: over.signal });
  };
  const killing = async () => {
    for (;;) {
      await answered(draw(acknowledgedMax));
      await pause(draw(pauseMaxMs), undefined, { signal: over.signal });
      const victims = draw(twoOneIn) === 0 ? 2 : 1;
      const first = draw(processes.length);
      for (let at = 0; at < victims; at += 1) {
        const one = processes[(first + at) % processes.length];
        if (one !== undefined) kill(one);
      }
    }
  };
  const going = killing().catch(() => undefined);
  return {
    stop: async () => {
      over.abort();
      await going;
      while (returning.size > 0) await Promise.all(returning);
      if (failure !== undefined) throw failure;
    },
  };
}
