// `npm run proof` runs the proofs at length and ends with 1 when one of them found something; `npm run proof -- check mutants`
// runs parts of it; `--write` keeps the figures in test/proof/results.json, from which `npm run docs` makes docs/proof.md.
import { runs } from "./long-runs.ts";
import { keepResult, type Part, parts } from "./results.ts";

const words = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const asked = words.length === 0 ? parts : words.map(partOf);

for (const part of asked) {
  console.log(`${part} ...`);
  const startedMs = performance.now();
  const { figures, wrong } = await runs[part]();
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  console.log(`${part}: ${seconds} s`);
  for (const finding of wrong) console.error(`${part}: ${finding}`);
  if (wrong.length > 0) process.exitCode = 1;
  else if (process.argv.includes("--write")) {
    keepResult(part, { on: new Date().toISOString().slice(0, 10), node: process.version, seconds, figures });
  }
}

function partOf(word: string): Part {
  const part = parts.find((name) => name === word);
  if (part === undefined) throw new Error(`There is no part "${word}"; there are ${parts.join(", ")}.`);
  return part;
}
