import { minimise } from "./minimising.ts";
import { runSimulation, type SimulationOptions, type SimulationReport } from "./simulation.ts";
import { rangesOf } from "./step-ranges.ts";

/** A simulation to carry out, and whether a failing one is made smaller. */
export interface SimulateOptions extends SimulationOptions {
  /** Looks for fewer steps that fail alike; default true. */
  readonly minimising?: boolean;
}

/** What came of a simulation, with the command that shows its finding again. */
export interface SimulationResult extends SimulationReport {
  /** The steps that were kept, such as `3-9,17`, and the whole command line; only with a finding. */
  readonly again?: { readonly keep: string; readonly command: string };
}

/** Runs a simulation until its end or its first finding, which is then made as small as it can be. */
export async function simulate(options: SimulateOptions): Promise<SimulationResult> {
  const report = await runSimulation(options);
  if (report.finding === undefined) return report;
  const all = Array.from({ length: report.finding.step + 1 }, (_, step) => step);
  const kept = (options.keep ?? all).filter((step) => step < all.length);
  const small = options.minimising === false ? { report, keep: kept } : await minimise(options, report);
  const keep = rangesOf(small.keep);
  const { seed, accounts } = report;
  const steps = small.report.steps;
  const command = `rapport simulate --seed ${seed} --steps ${steps} --accounts ${accounts} --keep ${keep}`;
  // What is told of the run is what was asked for; only the finding is that of the smaller one.
  const { finding = report.finding } = small.report;
  return { ...report, finding, again: { keep, command } };
}
