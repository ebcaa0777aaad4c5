import type { MutantFate, MutantsReport } from "./run.ts";

/** The report as a table of Markdown: what is wrong, who noticed, by which law, and after how many runs. */
export function mutantsTable({ mutants }: MutantsReport): string {
  const head = ["| mutant | what is wrong | noticed by | what it said | runs |", "| --- | --- | --- | --- | ---: |"];
  return [...head, ...mutants.map(rowOf)].join("\n");
}

function rowOf({ name, sentence, killedBy, problem, runs }: MutantFate): string {
  const { killer, law } = killedBy ?? { killer: "nobody", law: problem ?? "" };
  return `| ${[`\`${name}\``, sentence, killer, law, String(runs)].map(cell).join(" | ")} |`;
}

const cell = (text: string): string => text.replaceAll(/\s+/g, " ").replaceAll("|", "\\|");
