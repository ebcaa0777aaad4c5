import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { erasedSources } from "./erased.ts";

/** A process that is a relay, or is about to become one. */
export interface RelayProcess {
  /** Opens the store and listens; gives the base URL. */
  open(): Promise<string>;
  /** Kills it as a power cut would, and waits for its end. */
  kill(): Promise<void>;
  /** Lets it end in order. */
  end(): Promise<void>;
}

/** What the relay keeps its documents and bytes in, as words for the program. */
export interface RelayPlace {
  readonly words: readonly string[];
  readonly environment?: { readonly [name: string]: string };
}

/** Starts a process that has its code loaded when this resolves. */
export async function startRelayProcess({ words, environment = {} }: RelayPlace): Promise<RelayProcess> {
  const program = join(await erasedSources(), "dist/test/apps/relay/relay-child.js");
  const child = spawn(process.execPath, [program, ...words], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, NODE_OPTIONS: "", ...environment },
  });
  const ended = once(child, "close");
  child.stdin.on("error", () => {
    // It was killed while it was spoken to.
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const said = async (): Promise<{ readonly url?: string }> => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`The relay ended: ${child.signalCode ?? child.exitCode}`);
    return JSON.parse(value);
  };
  await said();
  return {
    open: async () => {
      child.stdin.write("\n");
      return (await said()).url ?? "";
    },
    kill: async () => {
      if (!hasEnded(child)) child.kill("SIGKILL");
      await ended;
    },
    end: async () => {
      child.stdin.end();
      await ended;
    },
  };
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
