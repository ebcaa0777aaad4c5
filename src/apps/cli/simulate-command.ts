// `rapport simulate`: whole engines and a relay under faults, from one seed; what is found is shown as one command.
import { availableParallelism } from "node:os";
import { RapportError } from "rapport";
import { type SeedsReport, type SimulationResult, simulate, simulateSeeds, stepsIn } from "rapport/proof";
import { columns, wrap } from "./layout.ts";
import { foundSomething } from "./rules-command.ts";
import { readWords } from "./words.ts";

interface Screen {
  readonly width: number;
  write(line: string): void;
}

const stepsDefault = 1_000;
const stepsMax = 1_000_000;
const seedMax = 2 ** 31 - 1;
const accountsMin = 2;
const accountsMax = 50;

/** Runs a simulation, or many, and gives the exit code. */
export async function runSimulate(words: readonly string[], screen: Screen): Promise<number> {
  const { texts, switches } = readWords(words, {
    texts: ["seed", "seeds", "steps", "accounts", "keep"],
    switches: ["json"],
    names: [],
  });
  const steps = numberIn("steps", texts.steps, { min: 1, max: stepsMax }) ?? stepsDefault;
  const accounts = numberIn("accounts", texts.accounts, { min: accountsMin, max: accountsMax });
  const crowd = accounts === undefined ? {} : { accounts };
  const began = performance.now();
  if (texts.seeds !== undefined) {
    const [from, to] = seedsIn(texts.seeds);
    const report = await simulateSeeds({ from, to, steps, ...crowd, threads: Math.min(availableParallelism(), threadsMax) });
    const seconds = secondsSince(began);
    if (switches.json) screen.write(JSON.stringify({ ...report, seconds }));
    else showSeeds(report, { ...screen, seconds, steps });
    return report.failed === undefined ? 0 : foundSomething;
  }
  const seed = numberIn("seed", texts.seed, { min: 0, max: seedMax }) ?? 1;
  const kept = texts.keep === undefined ? {} : { keep: stepsIn(texts.keep), minimising: false };
  const result = await simulate({ seed, steps, ...crowd, ...kept });
  const seconds = secondsSince(began);
  if (switches.json) screen.write(JSON.stringify({ ...result, seconds }));
  else show(result, { ...screen, seconds });
  return result.finding === undefined ? 0 : foundSomething;
}

/** More threads than that only wait for memory. */
const threadsMax = 8;

const secondsSince = (began: number): number => Math.round((performance.now() - began) / 100) / 10;

function numberIn(name: string, text: string | undefined, { min, max }: { min: number; max: number }) {
  if (text === undefined) return undefined;
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw new RapportError("input.invalid", `--${name} is "${text}". Give a whole number from ${min} to ${max}.`);
}

function seedsIn(text: string): readonly [from: number, to: number] {
  const [, first = "", last = first] = /^(\d{1,10})(?:-(\d{1,10}))?$/.exec(text) ?? [];
  const [from, to] = [Number(first), Number(last)];
  if (first !== "" && from <= to && to <= seedMax) return [from, to];
  throw new RapportError("input.invalid", `--seeds is "${text}". Give two whole numbers, such as 1-100.`);
}

interface Shown extends Screen {
  readonly seconds: number;
}

function show(result: SimulationResult, { write, width, seconds }: Shown): void {
  const rows = [
    ["seed", `${result.seed}`],
    ["steps", `${result.steps}`],
    ["accounts", `${result.accounts}`],
    ["commands", `${result.commands}`],
    ["simulated", `${result.simulatedHours} hours, ${result.accountDays} account-days`],
    ["encryptions", `${result.encryptions}, none with a key and nonce used before`],
    ["seconds", `${seconds}`],
    ["trace hash", result.traceHash],
  ];
  for (const line of columns(result.finding === undefined ? rows : rows.filter(([name]) => name !== "encryptions"))) write(line);
  write("");
  for (const line of columns(faultRows(result.faults))) write(line);
  write("");
  showFinding(result, { write, width });
}

function showSeeds(report: SeedsReport, { write, width, seconds, steps }: Shown & { readonly steps: number }): void {
  const rows = [
    ["seeds", `${report.seeds} of ${steps} steps`],
    ["commands", `${report.commands}`],
    ["account-days", `${report.accountDays}`],
    ["seconds", `${seconds}`],
  ];
  for (const line of columns(rows)) write(line);
  write("");
  for (const line of columns(faultRows(report.faults))) write(line);
  write("");
  showFinding(report.failed, { write, width });
}

function faultRows(faults: { readonly [kind: string]: number }): readonly (readonly string[])[] {
  const rows = Object.entries(faults).map(([kind, count]) => [kind, `${count}`]);
  return rows.length === 0 ? [["no faults", ""]] : rows;
}

function showFinding(result: SimulationResult | undefined, { write, width }: Screen): void {
  if (result?.finding === undefined) return write("Nothing was found.");
  for (const line of wrap(`Found at step ${result.finding.step}: ${result.finding.sentence}`, { width })) write(line);
  // On one line, to be copied.
  if (result.again !== undefined) write(`Again: ${result.again.command}`);
}
