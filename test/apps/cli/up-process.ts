// `rapport up` as a process of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { onTestFinished } from "vitest";

const bin = join(new URL("../../../", import.meta.url).pathname, "dist/src/apps/cli/bin.js");

/** A process, what it has said, and how it ends. */
export interface Running {
  readonly child: ChildProcess;
  readonly said: { out: string; err: string };
  readonly exit: Promise<number | null>;
}

/** Starts `rapport up`; killed when the test ends. */
export function run(...words: string[]): Running {
  const child = spawn(process.execPath, [bin, "up", ...words], { env: { ...process.env, NODE_OPTIONS: "" } });
  const said = { out: "", err: "" };
  child.stdout.on("data", (chunk) => {
    said.out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    said.err += chunk;
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return { child, said, exit: once(child, "close").then(([code]) => code) };
}

/** Resolves when the text was said; fails with what was said instead when the process ends. */
export async function until(running: Running, text: string): Promise<void> {
  while (!running.said.out.includes(text)) {
    const more = once(running.child.stdout ?? running.child, "data");
    const ended = running.exit.then((code) => {
      throw new Error(`It ended with ${code}: ${running.said.err}`);
    });
    await Promise.race([more, ended]);
  }
}

/** Starts it and gives what it says about itself. */
export async function start(folder: string, ...words: string[]) {
  const running = run("--folder", folder, "--json", ...words);
  await until(running, "\n");
  return { ...running, told: JSON.parse(running.said.out) };
}

/** Presses Ctrl+C. */
export async function stop({ child, exit }: Running): Promise<number | null> {
  child.kill("SIGINT");
  return exit;
}
