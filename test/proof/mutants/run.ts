// Plants the bugs one at a time and asks their killers, each in a process of its own.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Killer, type Mutant, nameOf, type Slip, type Verdict } from "./mutant.ts";

/** Which mutants are run and how. */
export interface MutantsOptions {
  readonly mutants: readonly Mutant[];
  /** Processes at a time. */
  readonly parallel?: number;
  /** Seconds of processor time that a killer has, with a slip or without; how busy the machine is makes no difference. */
  readonly budget?: number;
  /** Hears of every mutant and every killer when it is done. */
  readonly told?: (line: string) => void;
}

/** What became of one mutant. */
export interface MutantFate {
  readonly name: string;
  readonly sentence: string;
  readonly file: string;
  /** The killer, and the law or invariant that was broken; nothing when the mutant survived. */
  readonly killedBy?: { readonly killer: string; readonly law: string };
  /** Cases, histories, points, states or seeds until the kill, those of killers that noticed nothing included. */
  readonly runs: number;
  readonly ms: number;
  /** What went wrong in running it: not a verdict, and never a kill. */
  readonly problem?: string;
}

/** A killer on the code as it is: if it complains there, its kills are worth nothing. */
export interface KillerFate {
  readonly killer: string;
  readonly passed: boolean;
  readonly runs: number;
  readonly ms: number;
  readonly problem?: string;
}

/** Everything that `runMutants` found, as plain JSON. */
export interface MutantsReport {
  readonly mutants: readonly MutantFate[];
  readonly killers: readonly KillerFate[];
}

const budgetOfOne = 15;
/** A killer that waits for something uses no processor time; so many times its budget is the end in any case. */
const patience = 8;
const root = fileURLToPath(new URL("../../..", import.meta.url));
const loader = new URL("./source-loader.mjs", import.meta.url).href;

/** Runs every killer without a slip, then every mutant. */
export async function runMutants({
  mutants,
  parallel = 2,
  budget = budgetOfOne,
  told = () => undefined,
}: MutantsOptions): Promise<MutantsReport> {
  const different = new Map(mutants.flatMap(({ killers }) => killers).map((killer) => [nameOf(killer), killer]));
  const killers = await inRows([...different.values()], parallel, async (killer) => {
    const fate = await baseline(killer, budget);
    told(`${fate.passed ? "passes" : "FAILS"} unspoiled: ${fate.killer} (${fate.runs} runs, ${fate.ms} ms)`);
    return fate;
  });
  const fates = await inRows(mutants, parallel, async (mutant) => {
    const fate = await fateOf(mutant, budget);
    told(`${fate.killedBy === undefined ? "SURVIVED" : "killed"}: ${fate.name} (${fate.runs} runs, ${fate.ms} ms)`);
    return fate;
  });
  return { mutants: fates, killers };
}

async function baseline(killer: Killer, budget: number): Promise<KillerFate> {
  const begin = performance.now();
  const told = await ask(killer, undefined, budget);
  const ms = Math.round(performance.now() - begin);
  if ("problem" in told) return { killer: nameOf(killer), passed: false, runs: 0, ms, problem: told.problem };
  const problem = told.by === undefined ? {} : { problem: told.by };
  return { killer: nameOf(killer), passed: !told.killed, runs: told.runs, ms, ...problem };
}

async function fateOf(mutant: Mutant, budget: number): Promise<MutantFate> {
  const { name, sentence, file, find, replace } = mutant;
  const begin = performance.now();
  const ms = () => Math.round(performance.now() - begin);
  let runs = 0;
  for (const killer of mutant.killers) {
    const told = await ask(killer, { file, find, replace }, budget);
    if ("problem" in told) return { name, sentence, file, runs, ms: ms(), problem: told.problem };
    runs += told.runs;
    if (!told.killed) continue;
    return { name, sentence, file, killedBy: { killer: nameOf(killer), law: told.by ?? "" }, runs, ms: ms() };
  }
  return { name, sentence, file, runs, ms: ms() };
}

async function inRows<T, R>(items: readonly T[], width: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const left = [...items.entries()];
  const worker = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}

// A process that says nothing in time, or ends without a verdict, has killed nothing.
function ask(killer: Killer, slip: Slip | undefined, budget: number): Promise<Verdict | { problem: string }> {
  const file = fileURLToPath(new URL(`./killers/${killer.kind}-child.ts`, import.meta.url));
  const limited = ["-c", `ulimit -t ${budget}; exec "$0" "$@"`, process.execPath];
  const child = spawn("/bin/sh", [...limited, "--conditions=rapport:source", "--import", loader, file], {
    cwd: root,
    env: environment(killer, slip),
    stdio: ["ignore", "pipe", "pipe"],
  });
  return new Promise((resolve) => {
    let heard = "";
    let complained = "";
    child.stdout.on("data", (bytes) => {
      heard += bytes;
    });
    child.stderr.on("data", (bytes) => {
      complained += bytes;
    });
    const alarm = setTimeout(() => child.kill("SIGKILL"), budget * patience * 1000);
    child.on("close", (_code, signal) => {
      clearTimeout(alarm);
      const last = heard.trimEnd().split("\n").at(-1) ?? "";
      if (signal !== null) resolve({ problem: `No verdict within the budget: ${nameOf(killer)}` });
      else if (last.startsWith('{"killed":')) resolve(JSON.parse(last));
      else resolve({ problem: `No verdict: ${complained.slice(-complaintCharsMax)}` });
    });
  });
}

const complaintCharsMax = 2_000;

function environment(killer: Killer, slip: Slip | undefined): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, ...rest } = process.env;
  // Settings that make other proofs longer are not meant for these.
  const kept = Object.fromEntries(Object.entries(rest).filter(([name]) => !name.startsWith("RAPPORT_")));
  const planted = slip === undefined ? {} : { RAPPORT_SLIP: JSON.stringify(slip) };
  // With CI the seeds of generated cases stand still.
  return { ...kept, CI: "1", ...planted, RAPPORT_KILLER: JSON.stringify(killer) };
}
