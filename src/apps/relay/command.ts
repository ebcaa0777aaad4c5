// `rapport relay` and `rapport relay admin`: what they read, print and answer signals with.
import { runAdmin } from "./admin-command.ts";
import { readOptions } from "./options.ts";
import { startRelay } from "./program.ts";
import { startLines, startObject } from "./start-lines.ts";
import { relayUsage } from "./usage.ts";

/** Where a command writes, line by line. */
export interface RelayTerminal {
  readonly write: (line: string) => void;
}

/** Runs `rapport relay` with these words in this process, until a signal ends it. Throws what keeps it from starting. */
export async function runRelayCommand(words: readonly string[], { write }: RelayTerminal): Promise<void> {
  const [first, ...rest] = words;
  if (first === "admin") return runAdmin(rest, { write, environment: process.env });
  const { settings, json, help } = readOptions(words, process.env);
  if (help) return write(relayUsage);
  const program = await startRelay(settings);
  const told = nextSignal();
  if (json) write(JSON.stringify(startObject(program, settings)));
  else startLines(program, settings).forEach(write);
  const signal = await told;
  if (!json) write(`  ${signal}: answering what has begun, then closing. Once more to stop at once.`);
  process.once("SIGTERM", leave).once("SIGINT", leave);
  await program.stop();
  process.off("SIGTERM", leave).off("SIGINT", leave);
}

const atOnceExit = 130;

function leave(): void {
  process.exit(atOnceExit);
}

function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const hear = (signal: NodeJS.Signals) => {
      process.off("SIGTERM", hear).off("SIGINT", hear);
      resolve(signal);
    };
    process.on("SIGTERM", hear).on("SIGINT", hear);
  });
}
