// The command line: which command, which options, and what an error looks like.
import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import { catalogue, RapportError } from "rapport";
import { runExplain } from "./explain-command.ts";
import { printable } from "./layout.ts";
import { runRules } from "./rules-command.ts";
import { parseStoreChoice } from "./store-choice.ts";
import { runStory } from "./story.ts";
import { usage } from "./usage.ts";

/** Where a command writes, line by line. */
export interface Terminal {
  readonly write: (line: string) => void;
  readonly complain: (line: string) => void;
  /** Absent when nobody knows, as in a pipe. */
  readonly columns?: number | undefined;
  readonly colour: boolean;
}

const columnsMin = 60;
const columnsDefault = 80;
const columnsMax = 100;

/** Runs one command and gives the exit code: its own, or that of the error's row in the catalogue. */
export async function runCommand(words: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await dispatch(words, terminal);
  } catch (problem) {
    return complain(problem, { terminal, json: words.includes("--json") });
  }
}

async function dispatch([command, ...rest]: readonly string[], terminal: Terminal): Promise<number> {
  switch (command) {
    case undefined:
    case "help":
    case "--help":
    case "-h":
      return shown(usage, terminal);
    case "--version":
    case "version":
      return shown(versionOf(), terminal);
    case "story":
      return story(rest, terminal);
    case "up":
      return up(rest, terminal);
    case "relay":
      return relay(rest, terminal);
    case "connector":
      return connector(rest, terminal);
    case "explain":
      return looking(rest, terminal, runExplain);
    case "rules":
      return looking(rest, terminal, runRules);
    case "check":
      return looking(rest, terminal, check);
    case "simulate":
      return looking(rest, terminal, simulate);
    default:
      throw invalid(`There is no command "${command}". Run "rapport help" for the list.`);
  }
}

/** Loaded when it is asked for: no other command needs the proofs. */
const check: Looking = async (words, screen) => (await import("./check-command.ts")).runCheck(words, screen);

/** Loaded when it is asked for: no other command needs a server. */
async function relay(words: readonly string[], terminal: Terminal): Promise<number> {
  const { runRelayCommand } = await import("rapport/relay/http");
  await runRelayCommand(words, terminal);
  return 0;
}

/** Loaded when it is asked for, as the relay is. */
async function connector(words: readonly string[], terminal: Terminal): Promise<number> {
  const { runConnectorCommand } = await import("rapport/connector");
  await runConnectorCommand(words, terminal);
  return 0;
}

/** Loaded when it is asked for: no other command needs proofs. */
async function simulate(words: readonly string[], screen: Parameters<Looking>[1]): Promise<number> {
  const { runSimulate } = await import("./simulate-command.ts");
  return runSimulate(words, screen);
}

/** Loaded when it is asked for, like every server. */
async function up(words: readonly string[], terminal: Terminal): Promise<number> {
  if (words.includes("--help") || words.includes("-h")) return shown(usage, terminal);
  const { runUp } = await import("./up-command.ts");
  await runUp(words, terminal);
  return 0;
}

function shown(text: string, { write }: Terminal): number {
  write(text);
  return 0;
}

const widthOf = ({ columns }: Terminal) => Math.max(columnsMin, Math.min(columnsMax, columns ?? columnsDefault));

type Looking = (words: readonly string[], screen: { width: number; write(line: string): void }) => Promise<number>;

async function looking(words: readonly string[], terminal: Terminal, run: Looking): Promise<number> {
  if (words.includes("--help") || words.includes("-h")) return shown(usage, terminal);
  return run(words, { width: widthOf(terminal), write: terminal.write });
}

async function story(words: readonly string[], terminal: Terminal): Promise<number> {
  const { help, json, store, template } = storyOptions(words);
  if (help) return shown(usage, terminal);
  const options = {
    store: parseStoreChoice(store),
    json,
    width: widthOf(terminal),
    colour: terminal.colour && !json,
    ...(template === undefined ? {} : { template }),
  };
  await runStory(options, terminal.write);
  return 0;
}

function storyOptions(words: readonly string[]) {
  const options = {
    template: { type: "string" },
    store: { type: "string", default: "memory" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  } as const;
  try {
    return parseArgs({ args: [...words], options, strict: true, allowPositionals: false }).values;
  } catch (problem) {
    const [reason = ""] = (problem instanceof Error ? problem.message : String(problem)).split(". ");
    throw invalid(`${reason.replace(/\.$/, "")}. Run "rapport help" for the options.`);
  }
}

function versionOf(): string {
  const manifest: { readonly version: string } = createRequire(import.meta.url)("rapport/package.json");
  return manifest.version;
}

// "See the cause" is no help to somebody who sees only this line.
function causeOf({ cause }: RapportError): string {
  const found = cause instanceof AggregateError ? cause.errors[0] : cause;
  return found instanceof Error ? ` The cause: ${found.message || found.name}` : "";
}

function invalid(message: string): RapportError {
  return new RapportError("input.invalid", message);
}

function complain(problem: unknown, { terminal, json }: { terminal: Terminal; json: boolean }): number {
  if (!(problem instanceof RapportError)) {
    const text = problem instanceof Error ? (problem.stack ?? problem.message) : String(problem);
    terminal.complain(`rapport: something went wrong that has no code. Please report it with these lines.\n${text}`);
    return 1;
  }
  const { code, retry, details } = problem;
  const cause = problem.message.includes("see the cause") ? causeOf(problem) : "";
  // What is wrong with a configuration has a line for each place; nothing in it was written by somebody else.
  const lines = code === "config.invalid" ? problem.message.split("\n") : [`${problem.message}${cause}`];
  const message = lines.map(printable).join("\n");
  const { exit, advice } = catalogue[code];
  if (json) terminal.complain(JSON.stringify({ error: { code, message, retry, details, exit } }));
  else terminal.complain(`rapport: ${message}\n  code  ${code} (exit ${exit})\n  what  ${advice}`);
  return exit;
}
