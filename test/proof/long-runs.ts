// The parts of the proof as they run at length, each with its figures and with what it found wrong.
import type { JsonObject } from "rapport/core";
import { checkProtocol, simulateSeeds } from "rapport/proof";
import { countedTests } from "./counted-tests.ts";
import { runKills } from "./kills/run-kills.ts";
import { mutants } from "./mutants/mutants.ts";
import { runMutants } from "./mutants/run.ts";
import type { Part } from "./results.ts";

/** What a part gives. */
export interface Found {
  readonly figures: JsonObject;
  /** Sentences; empty when all is well. */
  readonly wrong: readonly string[];
}

const { RAPPORT_PROOF_SEEDS = "10000", RAPPORT_KILLS_SECONDS = "300" } = process.env;
const stepsPerSeed = 200;
const days = { from: 1, to: 10, steps: 5_000 };

/** Every part by its name. */
export const runs: { readonly [part in Part]: () => Promise<Found> } = {
  tests: countedTests,

  async check() {
    const { violation, coverage, scenes, ...sums } = await checkProtocol({ deep: true });
    const shown = scenes.map(({ rows: _rows, ...scene }) => scene);
    const wrong = violation === undefined ? [] : [`${violation.sentence}\n${violation.diagram}`];
    const uncovered = coverage.missing.map((row) => `No scene takes ${row}.`);
    return { figures: plain({ ...sums, coverage, scenes: shown }), wrong: [...wrong, ...uncovered] };
  },

  async simulation() {
    let done = 0;
    const many = await simulateSeeds({
      from: 1,
      to: Number(RAPPORT_PROOF_SEEDS),
      steps: stepsPerSeed,
      threads: 2,
      heard: () => {
        done += 1;
        if (done % 500 === 0) console.log(`${done} seeds`);
      },
    });
    const usedBefore = process.cpuUsage();
    let simulatedHours = 0;
    const heard = (result: { readonly simulatedHours: number }) => {
      simulatedHours += result.simulatedHours;
    };
    const long = await simulateSeeds({ ...days, threads: 1, heard });
    const used = process.cpuUsage(usedBefore);
    const cpuMinutes = (used.user + used.system) / 60e6;
    const wrong = [many, long].flatMap(({ failed }) => (failed === undefined ? [] : [JSON.stringify(failed)]));
    return { figures: plain({ stepsPerSeed, many, long: { ...days, ...long, simulatedHours, cpuMinutes } }), wrong };
  },

  async mutants() {
    const report = await runMutants({ mutants, told: console.log });
    const alive = report.mutants.filter(({ killedBy }) => killedBy === undefined);
    const noisy = report.killers.filter(({ passed }) => !passed);
    const wrong = [
      ...alive.map(({ name, problem = "it survived" }) => `${name}: ${problem}`),
      ...noisy.map(({ killer }) => `${killer} complains about the code as it is.`),
    ];
    return { figures: plain(report), wrong };
  },

  async kills() {
    const seconds = Number(RAPPORT_KILLS_SECONDS);
    const houses = [];
    for (const store of ["sqlite", "postgres"] as const) houses.push(await runKills({ store, seconds, seed: 1 }));
    return { figures: plain({ houses }), wrong: houses.flatMap(({ complaints }) => complaints) };
  },
};

// What has members that are undefined loses them.
function plain(value: unknown): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
