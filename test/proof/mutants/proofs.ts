// The killers that several mutants share; sharing keeps the number of proofs small that must pass on unspoiled code.
import type { Check, Crashes, Histories, Laws, Simulation } from "./mutant.ts";

/** Two people, everything they can do, half of it disturbed. */
export const histories: Histories = { kind: "histories", people: 2, commandsMax: 40, seed: 20301122, runs: 100 };

/** One path of the crash story, with an engine that is killed or loses its relay. */
export const engineCrashes = (path: string): Crashes => ({ kind: "crashes", path, ways: ["kill", "silence"] });

/** The tests of one file, or those whose sentence has this in it. */
export const laws = (file: string, sentence?: string): Laws => ({
  kind: "laws",
  file,
  ...(sentence === undefined ? {} : { sentence }),
});

/** A scene of the model checker, as far as a mutant's budget goes; every state of it is what `rapport check` looks at. */
export const check = (scene: string): Check => ({ kind: "check", scene, statesMax: 800 });

/** Whole engines under faults. */
export const simulation: Simulation = { kind: "simulation", from: 1, to: 3, steps: 300 };
