// `rapport rules try`: what other rules would have made of the past.
import { RapportError } from "rapport";
import { systemClock } from "rapport/plugins/platform-node";
import { openPastOf } from "./past-store.ts";
import { readRules } from "./rules-file.ts";
import { summarise } from "./trial-summary.ts";
import { trialText } from "./trial-text.ts";
import { readWords } from "./words.ts";

/** The exit code of a command that has looked and found something: decisions that would change, a mistake in rules. */
export const foundSomething = 8;

interface Screen {
  readonly width: number;
  write(line: string): void;
}

/** Runs `rules try` or `rules check`, and gives the exit code. */
export async function runRules([what, ...words]: readonly string[], screen: Screen): Promise<number> {
  if (what === "try") return tryFile(words, screen);
  throw new RapportError("input.invalid", `"rapport rules" is followed by try or check. Run "rapport help".`);
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
