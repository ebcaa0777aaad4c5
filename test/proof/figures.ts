// What tests have tried, counted while they run: `npm run proof -- tests` gathers it for docs/proof.md.
import { appendFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What is counted, and the words of the page for it. */
export const figures = {
  crashPoints:
    "places at which a process was killed, a port failed, the relay fell silent, or another process came in between",
  badInputs: "wrong arguments that had to be refused with a code, nothing written",
  historyCommands: "commands of random histories held against a model",
  rulePairs: "pairs of a rule table and a Request judged by two implementations",
} as const;

/** The name of a figure. */
export type Figure = keyof typeof figures;

/** The folder to which counts are written; nothing is counted without it. */
export const folderVariable = "RAPPORT_PROOF_FIGURES";

/** Adds to a figure. */
export function count(figure: Figure, by = 1): void {
  const folder = process.env[folderVariable];
  if (folder === undefined) return;
  appendFileSync(join(folder, `${process.pid}.txt`), `${figure} ${by}\n`);
}

/** The sums of all that was counted in a folder. */
export function gathered(folder: string): { readonly [figure in Figure]: number } {
  const sums = { crashPoints: 0, badInputs: 0, historyCommands: 0, rulePairs: 0 };
  for (const name of readdirSync(folder)) {
    for (const line of readFileSync(join(folder, name), "utf8").split("\n")) {
      const [figure = "", by] = line.split(" ");
      if (isFigure(figure)) sums[figure] += Number(by);
    }
  }
  return sums;
}

function isFigure(name: string): name is Figure {
  return Object.hasOwn(figures, name);
}
