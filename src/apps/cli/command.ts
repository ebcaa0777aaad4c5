// The command line: which command, which options, and what an error looks like.
import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import { catalogue, RapportError } from "rapport";
import { printable } from "./layout.ts";
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

/** Runs one command and gives the exit code: 0, or that of the error's row in the catalogue. */
export async function runCommand(words: readonly string[], terminal: Terminal): Promise<number> {
  try {
    await dispatch(words, terminal);
    return 0;
  } catch (problem) {
    return complain(problem, { terminal, json: words.includes("--json") });
  }
}

async function dispatch([command, ...rest]: readonly string[], terminal: Terminal): Promise<void> {
  switch (command) {
    case undefined:
    case "help":
    case "--help":
    case "-h":
      return terminal.write(usage);
    case "--version":
    case "version":
      return terminal.write(versionOf());
    case "story":
      return story(rest, terminal);
    case "relay":
      return relay(rest, terminal);
    default:
      throw invalid(`There is no command "${command}". Run "rapport help" for the list.`);
  }
}

/** Loaded when it is asked for: no other command needs a server. */
async function relay(words: readonly string[], terminal: Terminal): Promise<void> {
  const { runRelayCommand } = await import("rapport/relay/http");
  await runRelayCommand(words, terminal);
}

async function story(words: readonly string[], terminal: Terminal): Promise<void> {
  const { help, json, store, template } = storyOptions(words);
  if (help) return terminal.write(usage);
  const options = {
    store: parseStoreChoice(store),
    json,
    width: Math.max(columnsMin, Math.min(columnsMax, terminal.columns ?? columnsDefault)),
    colour: terminal.colour && !json,
    ...(template === undefined ? {} : { template }),
  };
  await runStory(options, terminal.write);
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
  const message = printable(problem.message);
  const { exit, advice } = catalogue[code];
  if (json) terminal.complain(JSON.stringify({ error: { code, message, retry, details, exit } }));
  else terminal.complain(`rapport: ${message}\n  code  ${code} (exit ${exit})\n  what  ${advice}`);
  return exit;
}
