// RAPPORT_HISTORIES sets the number of histories, for example 5000 for a night; a failure is run again by the line that it prints.
// In CI the seed stands still, so that a change is judged by what it changed; everywhere else every run tries new histories.
import fc from "fast-check";
import { historyProperty } from "rapport/testkit";
import { test } from "vitest";
import { count } from "../proof/figures.ts";

const { RAPPORT_HISTORIES = "200", RAPPORT_HISTORY_PATH, RAPPORT_HISTORY_REPLAY } = process.env;
const { RAPPORT_HISTORY_SEED = process.env["CI"] === undefined ? undefined : "20301122" } = process.env;
const minutes = 60_000;

test.for([2, 3] as const)(
  "%i people, whatever they do and whatever gets lost, keep every promise",
  { timeout: 30 * minutes },
  async (people) => {
    const property = historyProperty({
      people,
      commandsMax: 40,
      heard: () => count("historyCommands"),
      ...(RAPPORT_HISTORY_REPLAY === undefined ? {} : { replayPath: RAPPORT_HISTORY_REPLAY }),
    });

    await fc.assert(property, {
      numRuns: Math.ceil(Number(RAPPORT_HISTORIES) / 2),
      ...(RAPPORT_HISTORY_SEED === undefined ? {} : { seed: Number(RAPPORT_HISTORY_SEED) }),
      ...(RAPPORT_HISTORY_PATH === undefined ? {} : { path: RAPPORT_HISTORY_PATH }),
      reporter: (run) => {
        console.log(`Histories of ${people} people: ${run.numRuns} runs with seed ${run.seed}.`);
        if (!run.failed) return;
        const [, replay = ""] = /replayPath="([^"]*)"/.exec(fc.stringify(run.counterexample?.[1])) ?? [];
        const again =
          `RAPPORT_HISTORY_SEED=${run.seed} RAPPORT_HISTORY_PATH="${run.counterexamplePath}" ` +
          `RAPPORT_HISTORY_REPLAY="${replay}" npm test -- test/stories/histories.test.ts -t "${people} people"`;
        const why = run.errorInstance instanceof Error ? run.errorInstance.message : String(run.errorInstance);
        throw new Error(`${why}\n\n${fc.defaultReportMessage(run)}\n\nAgain:\n${again}`);
      },
    });
  },
);
