// `rapport connector ...`: what it reads, prints and answers signals with.
import { RapportError } from "rapport/core";
import { systemClock } from "rapport/plugins/platform-node";
import { readConfiguration } from "./config/reading.ts";
import { runDeadLetters } from "./dead-letters-command.ts";
import { cancelDeletion, initDeletion, showStatus } from "./identity-command.ts";
import { startConnector } from "./start.ts";
import { startLines, startObject } from "./start-lines.ts";
import { connectorUsage } from "./usage.ts";

/** Where a command writes, line by line. */
export interface ConnectorTerminal {
  readonly write: (line: string) => void;
}

type Run = (words: readonly string[], terminal: ConnectorTerminal) => Promise<void>;

const commands: Readonly<Record<string, Run>> = {
  start,
  "identity status": showStatus,
  "identityDeletion init": initDeletion,
  "identityDeletion cancel": cancelDeletion,
  deadletters: runDeadLetters,
};

/** Runs `rapport connector` with these words in this process. Throws what keeps it from doing so. */
export async function runConnectorCommand(words: readonly string[], terminal: ConnectorTerminal): Promise<void> {
  const at = words.findIndex((word) => word.startsWith("-"));
  const named = at < 0 ? words : words.slice(0, at);
  if (words.includes("--help") || words.includes("-h")) return terminal.write(connectorUsage);
  if (named.length === 0) return start(words, terminal);
  const [first = "", second = ""] = named;
  const two = commandCalled(`${first} ${second}`);
  if (two !== undefined) return two(words.slice(2), terminal);
  const one = commandCalled(first);
  if (one !== undefined) return one(words.slice(1), terminal);
  const message = `There is no "${named.join(" ")}". Run "rapport connector --help" for the commands.`;
  throw new RapportError("input.invalid", message);
}

function commandCalled(name: string): Run | undefined {
  return Object.hasOwn(commands, name) ? commands[name] : undefined;
}

async function start(words: readonly string[], { write }: ConnectorTerminal): Promise<void> {
  const { env: environment } = process;
  const nowMs = systemClock().now();
  const read = readConfiguration({ words, environment, folder: process.cwd(), nowMs, serves: true });
  const told = nextSignal();
  const { config, file, json } = read;
  const starting = startConnector(config, environment);
  const connector = await Promise.race([starting, told.signal.then(() => undefined)]);
  // Stopped before it could start: nobody waits for what is half open.
  if (connector === undefined) return process.exit(atOnceExit);
  const { urls, identities } = connector;
  const started = { config, urls, identities, ...(file === undefined ? {} : { file }) };
  if (json) write(JSON.stringify(startObject(started)));
  else startLines(started).forEach(write);
  const signal = await told.signal;
  if (!json) write(`  ${signal}: answering what has begun, then closing. Once more to stop at once.`);
  process.once("SIGTERM", leave).once("SIGINT", leave);
  await connector.stop();
  process.off("SIGTERM", leave).off("SIGINT", leave);
}

const atOnceExit = 130;

function leave(): void {
  process.exit(atOnceExit);
}

function nextSignal(): { readonly signal: Promise<NodeJS.Signals> } {
  const signal = new Promise<NodeJS.Signals>((resolve) => {
    const hear = (one: NodeJS.Signals) => {
      process.off("SIGTERM", hear).off("SIGINT", hear);
      resolve(one);
    };
    process.on("SIGTERM", hear).on("SIGINT", hear);
  });
  return { signal };
}
