import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A process that has a store open. */
export interface StoreProcess {
  /** What it said so far, line by line. */
  readonly lines: readonly string[];
  /** Waits until it has said this many lines. */
  said(lines: number): Promise<void>;
  /** Kills it as a power cut would, and waits for its end. */
  kill(): Promise<void>;
}

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** The stores that a process can open; a place is a file, or a connection string and a schema. */
export type StoreKind = "lowdb" | "sqlite" | "postgres";

/** Starts a process that opens the store and then either writes for ever or just stays. */
export function startStoreProcess(kind: StoreKind, task: "write" | "stay", place: string): StoreProcess {
  return startProcess(new URL("storage-child.ts", import.meta.url), [kind, task, place]);
}

/** Starts a process that runs a program of the tests. */
export function startProcess(program: URL, words: readonly string[]): StoreProcess {
  const flags = ["--conditions=rapport:source", "--import", here("storage-source-loader.mjs")];
  const child = spawn(process.execPath, [...flags, fileURLToPath(program), ...words], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NODE_OPTIONS: "" },
  });
  const ended = once(child, "close");
  const lines: string[] = [];
  let wake = () => {};
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line);
    wake();
  });

  return {
    lines,
    said: async (count) => {
      while (lines.length < count) {
        if (hasEnded(child)) throw new Error(`The process ended after saying: ${lines.join(", ")}`);
        await Promise.race([ended, new Promise<void>((resolve) => (wake = resolve))]);
      }
    },
    kill: async () => {
      if (!hasEnded(child)) child.kill("SIGKILL");
      await ended;
    },
  };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
