// Children of the Connector's bench.
import { fork } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a child runs. */
export interface ChildOptions {
  readonly mode: "connector" | "bare";
  readonly folder: string;
  /** How many LocalRequests there are. */
  readonly count: number;
}

/** A running child. */
export interface Child {
  readonly url: string;
  end(): Promise<void>;
}

const source = ["--conditions=rapport:source", "--import", "./.config/load-typescript.mjs"];

/** Starts one in a folder of its own and waits until it listens. */
export async function startChild(options: Omit<ChildOptions, "folder">): Promise<Child> {
  const folder = await mkdtemp(join(tmpdir(), "rapport-bench-"));
  const file = new URL("child.ts", import.meta.url).pathname;
  const env = { ...process.env, RAPPORT_STORE_KEY: "00".repeat(32) };
  const child = fork(file, [JSON.stringify({ ...options, folder })], { execArgv: source, env });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const { url } = await new Promise<{ url: string }>((resolve, reject) => {
    child.once("message", (message) => resolve(message as { url: string }));
    child.once("exit", (code) => reject(new Error(`A child ended with ${code}.`)));
  });
  return {
    url,
    end: async () => {
      child.disconnect();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
