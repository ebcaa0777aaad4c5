// The killers that several mutants share; sharing keeps the number of proofs small that must pass on unspoiled code.
import type { Crashes, Histories, Laws } from "./mutant.ts";

/** Two people, everything they can do, half of it disturbed. */
export const histories: Histories = { kind: "histories", people: 2, commandsMax: 40, seed: 20301122, runs: 100 };

/** One path of the crash story, with an engine that is killed or loses its relay. */
export const engineCrashes = (path: string): Crashes => ({ kind: "crashes", path, ways: ["kill", "silence"] });

/** One path of the crash story, with a relay that is killed, or calls that fail once. */
export const relayCrashes = (path: string): Crashes => ({ kind: "crashes", path, ways: ["relay", "fail"] });

/** The tests of one file, or those whose sentence has this in it. */
export const laws = (file: string, sentence?: string): Laws => ({
  kind: "laws",
  file,
  ...(sentence === undefined ? {} : { sentence }),
});
