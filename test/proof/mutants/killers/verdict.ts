// How a killer hears what to do and says what came of it: one line of JSON each way.
import type { Killer, Verdict } from "../mutant.ts";

/** What the process was asked to run. */
export function asked<K extends Killer["kind"]>(kind: K): Extract<Killer, { kind: K }> {
  const killer: Killer = JSON.parse(process.env["RAPPORT_KILLER"] ?? "{}");
  if (killer.kind !== kind) throw new Error(`This process runs "${kind}" and was asked for "${killer.kind}".`);
  return killer as Extract<Killer, { kind: K }>;
}

/** Says the verdict and ends the process, whatever may still be open in it. */
export function tell(verdict: Verdict): void {
  process.stdout.write(`\n${JSON.stringify(verdict)}\n`, () => process.exit(0));
}

/** The law that an Error names: its first line that tells one, without what was found. */
export function lawIn(problem: unknown): string {
  const text = problem instanceof Error ? problem.message : String(problem);
  const lines = text
    .replaceAll(escapes, "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const law =
    lines.find((line) => /^[A-Z]\d+\b/.test(line)) ?? lines.find((line) => !line.endsWith(":")) ?? lines[0] ?? "";
  const told = law.replace(/: found .*/, ".").replace(/ \/\/ Object\.is equality$/, "");
  return told.length > lawCharsMax ? `${told.slice(0, lawCharsMax)}…` : told;
}

const lawCharsMax = 240;
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours for terminals are control characters.
const escapes = /\u001b\[\d+m/g;
