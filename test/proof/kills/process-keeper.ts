// Starts programs of the built package, kills them as a power cut would, and says where they answer.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../../../dist/src/apps/cli/bin.js", import.meta.url));

/** How long a start may take on a machine that is busy with everything else. */
const startLimitMs = 90_000;
/** Starts in a row that may end by themselves before somebody has to look. */
const failedStartsMax = 3;

/** A program to keep. */
export interface ProcessPlan {
  readonly name: string;
  /** For the command `rapport`. */
  readonly words: readonly string[];
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A program that is killed and started again. */
export interface KeptProcess {
  readonly name: string;
  /** What it did that no process may do, such as ending by itself. */
  readonly flaws: readonly string[];
  readonly counts: { kills: number };
  /** What it said of itself when it was started last. */
  readonly told: () => unknown;
  /** Where it answers; undefined while it does not. */
  url(): string | undefined;
  /** Resolves when it answers, or when it was killed before. */
  start(): Promise<void>;
  /** Kills it, running or starting, and waits for its end. */
  kill(): Promise<void>;
}

interface Life {
  readonly child: ChildProcess;
  readonly ended: Promise<unknown>;
  isKilled: boolean;
}

/** Makes a keeper; nothing is started yet. */
export function keepProcess(plan: ProcessPlan): KeptProcess {
  const { name } = plan;
  const flaws: string[] = [];
  const counts = { kills: 0 };
  const log = createWriteStream(`${plan.folder}/${name}.log`, { flags: "a" });
  let life: Life | undefined;
  let address: string | undefined;
  let told: unknown;

  const startOnce = async (): Promise<"answers" | "killed" | "failed"> => {
    const mine = spawnLife(plan, log);
    life = mine;
    const line = await firstLine(mine);
    if (line === undefined) {
      if (!mine.isKilled) flaws.push(`${name} said nothing (${mine.child.exitCode})`);
    } else {
      told = JSON.parse(line);
      const url = listeningIn(told);
      if (await answersHealth(url, mine)) address = url;
    }
    if (mine.isKilled) return "killed";
    if (address !== undefined) {
      void mine.ended.then(() => {
        if (mine.isKilled) return;
        flaws.push(`${name} ended by itself (${mine.child.exitCode}); see its log`);
        if (life === mine) [life, address] = [undefined, undefined];
      });
      return "answers";
    }
    mine.isKilled = true;
    mine.child.kill("SIGKILL");
    await mine.ended;
    return "failed";
  };

  return {
    name,
    flaws,
    counts,
    told: () => told,
    url: () => address,
    start: async () => {
      if (life !== undefined) return;
      for (let failed = 0; failed < failedStartsMax; failed += 1) {
        if ((await startOnce()) !== "failed") return;
        flaws.push(`${name} did not start; see its log`);
      }
      throw new Error(`${name} does not start. Its log is ${plan.folder}/${name}.log`);
    },
    kill: async () => {
      const doomed = life;
      address = undefined;
      if (doomed === undefined) return;
      doomed.isKilled = true;
      counts.kills += 1;
      doomed.child.kill("SIGKILL");
      await doomed.ended;
      if (life === doomed) life = undefined;
    },
  };
}

function spawnLife({ words, folder, environment }: ProcessPlan, log: NodeJS.WritableStream): Life {
  const env = { PATH: process.env["PATH"], ...environment };
  const child = spawn(process.execPath, [bin, ...words, "--json"], { cwd: folder, env });
  const orphaned = () => void child.kill("SIGKILL");
  process.once("exit", orphaned);
  child.stderr.pipe(log, { end: false });
  const ended = once(child, "close").finally(() => process.off("exit", orphaned));
  return { child, ended, isKilled: false };
}

/** What it says about itself; undefined when it ends before, or says nothing for too long. */
async function firstLine({ child, ended }: Life): Promise<string | undefined> {
  let said = "";
  child.stdout?.on("data", (chunk) => {
    said += chunk;
  });
  const isOver = Promise.race([ended, pause(startLimitMs, undefined, { ref: false })]).then(() => true);
  while (!said.includes("\n")) {
    const isEnd = await Promise.race([isOver, once(child.stdout ?? child, "data").then(() => false)]);
    if (isEnd) return undefined;
  }
  return said.slice(0, said.indexOf("\n"));
}

function listeningIn(told: unknown): string {
  const { listening } = told as { readonly listening: readonly string[] };
  return listening[0] ?? "";
}

/** Any answer will do: that another program is away is a state, too. */
async function answersHealth(url: string, life: Life): Promise<boolean> {
  for (const began = Date.now(); Date.now() - began < startLimitMs && !life.isKilled; ) {
    const answer = await fetch(`${url}/health`, { signal: AbortSignal.timeout(10_000) }).catch(() => undefined);
    await answer?.arrayBuffer().catch(() => undefined);
    if (answer !== undefined) return !life.isKilled;
    await pause(20);
  }
  return false;
}
