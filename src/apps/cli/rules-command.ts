// `rapport rules`: what other rules would have made of the past, mistakes in a table, and what rules never do.
import { RapportError } from "rapport";
import { systemClock } from "rapport/plugins/platform-node";
import { checkRuleTable, type Finding } from "rapport/plugins/rules-table";
import { excerpt, wrap } from "./layout.ts";
import { openPastOf } from "./past-store.ts";
import { naming, readRules, readTable } from "./rules-file.ts";
import { summarise } from "./trial-summary.ts";
import { trialText } from "./trial-text.ts";
import { readWords } from "./words.ts";

/** The exit code of a command that has looked and found something: decisions that would change, a mistake in rules. */
export const foundSomething = 8;

interface Screen {
  readonly width: number;
  write(line: string): void;
}

/** Runs `rules try`, `rules check` or `rules prove`, and gives the exit code. */
export async function runRules([what, ...words]: readonly string[], screen: Screen): Promise<number> {
  if (what === "try") return tryFile(words, screen);
  if (what === "check") return checkFile(words, screen);
  if (what === "prove") return proveFile(words, screen);
  throw new RapportError("input.invalid", `"rapport rules" is followed by try, check or prove. Run "rapport help".`);
}

// Loaded when it is asked for: no other command needs a search.
async function proveFile(words: readonly string[], screen: Screen): Promise<number> {
  const { runProve } = await import("./prove-command.ts");
  return (await runProve(words, screen)) ? 0 : foundSomething;
}

async function tryFile(words: readonly string[], { width, write }: Screen): Promise<number> {
  const { texts, switches, rest } = readWords(words, {
    texts: ["store", "account", "since"],
    switches: ["json"],
    names: ["FILE"],
  });
  const [file = ""] = rest;
  const since = sinceOf(texts.since);
  await using read = await readRules(file);
  await using opened = await openPastOf({ store: texts.store, account: texts.account });
  const { rules, itemKinds } = read;
  const trial = { rules, itemKinds, clock: systemClock(), ...(since === undefined ? {} : { since }) };
  const summary = await summarise(opened.past.tryRules(opened.account.id, trial));
  write(switches.json ? JSON.stringify(summary) : trialText(summary, { file, width }));
  return summary.changed > 0 ? foundSomething : 0;
}

function sinceOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const ms = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(ms)) return new Date(ms).toISOString();
  throw new RapportError("input.invalid", `--since is "${text}". Give a date such as 2030-01-31.`);
}

/** Kinds of findings that are mistakes; the others may be meant. */
const mistakes: readonly Finding["kind"][] = ["unreachable", "contradiction", "impossible", "always fails"];

async function checkFile(words: readonly string[], { width, write }: Screen): Promise<number> {
  const { switches, rest } = readWords(words, { texts: [], switches: ["json"], names: ["FILE"] });
  const [file = ""] = rest;
  const findings = await naming(file, async () => {
    const { config, options } = await readTable(file);
    return checkRuleTable(config, options);
  });
  const wrong = findings.filter(({ kind }) => mistakes.includes(kind)).length;
  if (switches.json) write(JSON.stringify({ mistakes: wrong, findings }));
  else {
    write(`${file}: ${wrong} ${wrong === 1 ? "mistake" : "mistakes"}, ${findings.length - wrong} to look at.`);
    for (const finding of findings) for (const line of findingLines(finding, width)) write(line);
  }
  return wrong > 0 ? foundSomething : 0;
}

function findingLines({ kind, entry, by, message, example }: Finding, width: number): readonly string[] {
  const about = by === undefined ? entry : `${entry} and ${by}`;
  const shown = example === undefined ? [] : [`for example ${excerpt(JSON.stringify(example.request), 3 * width)}`];
  return [
    "",
    ...wrap(`${kind}: ${about}`, { width }),
    ...wrap(message, { width, indent: 2 }),
    ...shown.flatMap((text) => wrap(text, { width, indent: 2 })),
  ];
}
