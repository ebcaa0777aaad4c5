// 1. The table of a file is always one that was valid as a whole; what is not is logged and changes nothing.
// 2. The folder is watched and not the file, as editors and deployments replace files instead of writing into them.
import { type FSWatcher, readFileSync, watch as watchFolder } from "node:fs";
import { dirname } from "node:path";
import { fault, type LogPort, type RapportError, type RulePort } from "rapport/core";
import type { RuleTableConfig, RuleTableOptions } from "./config.ts";
import { fileCharactersMax, settleMs } from "./limits.ts";
import { createRuleTable } from "./table.ts";

/** A table in a file. */
export interface TableFile {
  readonly file: string;
  readonly watch: boolean;
  readonly log: LogPort;
  readonly options: RuleTableOptions & { readonly name?: string };
}

/** The rule of a table in a file; it stops watching when it is disposed of. Faults: `rules.invalid` and the table's own. */
export function createWatchedRule({ file, watch, log, options }: TableFile): RulePort & AsyncDisposable {
  let text = readText(file);
  const table = createRuleTable(parsed(file, text), options);
  let timer: NodeJS.Timeout | undefined;
  let watcher: FSWatcher | undefined;

  const look = () => {
    try {
      const now = readText(file);
      if (now === text) return;
      text = now;
      table.replace(parsed(file, now));
      log.write("info", "The rule table was read again.", { file });
    } catch (problem) {
      const { message, details } = problem as RapportError;
      log.write("warn", `The rule table was not read again, the old one stays. ${message}`, { file, ...details });
    }
  };
  if (watch) {
    watcher = watchFolder(dirname(file), { persistent: false }, () => {
      clearTimeout(timer);
      timer = setTimeout(look, settleMs).unref();
    });
    watcher.on("error", (problem) =>
      log.write("warn", "The rule table is no longer watched.", { problem: String(problem) }),
    );
    // What changed between reading and watching.
    timer = setTimeout(look, settleMs).unref();
  }

  const close = async () => {
    clearTimeout(timer);
    watcher?.close();
  };
  // The table's own getters stay, so that revision and source are those of the table of now.
  return Object.defineProperty(table.rule, Symbol.asyncDispose, { value: close }) as RulePort & AsyncDisposable;
}

function readText(file: string): string {
  try {
    const text = readFileSync(file, "utf8");
    if (text.length <= fileCharactersMax) return text;
  } catch (cause) {
    throw fault("rules.invalid", `The rule table ${file} cannot be read; see the cause.`, { cause });
  }
  throw fault("rules.invalid", `The rule table ${file} is longer than ${fileCharactersMax} characters.`);
}

function parsed(file: string, text: string): RuleTableConfig {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    throw fault("rules.invalid", `The rule table ${file} is no JSON: ${what}.`, { cause });
  }
}
