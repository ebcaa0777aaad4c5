// A failing simulation with as few steps as can be found: what is left out is left out, and every other step is as it was.
import { runSimulation, type SimulationOptions, type SimulationReport } from "./simulation.ts";

/** A simulation that fails, and the steps that it takes. */
export interface Minimised {
  readonly report: SimulationReport;
  readonly keep: readonly number[];
  /** How many runs it took. */
  readonly runs: number;
}

/** Reruns at most, and the steps that they may take together: about a minute, however long the run was. */
const minimisingRunsMax = 300;
const minimisingStepsMax = 40_000;

/**
 * Leaves steps out as long as the same kind of promise is broken (delta debugging, with halves, quarters and so on). The
 * report is that of the last run that failed.
 */
export async function minimise(options: SimulationOptions, found: SimulationReport): Promise<Minimised> {
  const kind = kindOf(found);
  const last = found.finding?.step ?? options.steps - 1;
  let keep = (options.keep ?? Array.from({ length: last + 1 }, (_, step) => step)).filter((step) => step <= last);
  let report = found;
  let runs = 0;
  let taken = 0;
  const mayGoOn = () => runs < minimisingRunsMax && taken < minimisingStepsMax;
  const steps = last + 1;
  const fails = async (kept: readonly number[]): Promise<boolean> => {
    runs += 1;
    taken += kept.length;
    const again = await runSimulation({ ...options, steps, keep: kept });
    if (kindOf(again) !== kind) return false;
    report = again;
    return true;
  };
  for (let parts = 2; keep.length > 1 && mayGoOn(); ) {
    const size = Math.ceil(keep.length / parts);
    const smaller = await firstThat(withoutParts(keep, size), (kept) =>
      mayGoOn() ? fails(kept) : Promise.resolve(false),
    );
    if (smaller !== undefined) {
      keep = [...smaller];
      parts = Math.max(2, parts - 1);
    } else if (size === 1) break;
    else parts = Math.min(keep.length, parts * 2);
  }
  return { report: { ...report, steps }, keep, runs };
}

// The promise, or the code of what went wrong: another one is another finding.
function kindOf({ finding }: SimulationReport): string | undefined {
  const sentence = finding?.sentence;
  if (sentence === undefined) return undefined;
  return /\b[A-Z]\d:/.exec(sentence)?.[0] ?? sentence.replace(/^\S+ /, "").slice(0, letters);
}

const letters = 24;

function* withoutParts(all: readonly number[], size: number): Generator<number[]> {
  // What happened last matters most, so what was first is left out first.
  for (let from = 0; from < all.length; from += size) yield all.filter((_, at) => at < from || at >= from + size);
}

async function firstThat<T>(candidates: Iterable<T>, holds: (one: T) => Promise<boolean>): Promise<T | undefined> {
  for (const one of candidates) if (await holds(one)) return one;
  return undefined;
}
