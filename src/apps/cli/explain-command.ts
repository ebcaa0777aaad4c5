import { createRuleTable } from "rapport/plugins/rules-table";
import { explainText } from "./explain-text.ts";
import { openPastOf } from "./past-store.ts";
import { readWords } from "./words.ts";

/** Prints why something was decided, from a store that no engine has open, and gives the exit code. */
export async function runExplain(
  words: readonly string[],
  screen: { width: number; write(line: string): void },
): Promise<number> {
  const { texts, switches, rest } = readWords(words, {
    texts: ["store", "account"],
    switches: ["json", "all"],
    names: ["ID"],
  });
  const [id = ""] = rest;
  await using opened = await openPastOf({ store: texts.store, account: texts.account });
  // Any table can trace: it goes by the one that is stored with the decision.
  const explanation = await opened.past.explain(opened.account.id, id, [createRuleTable([]).rule]);
  if (switches.json) screen.write(JSON.stringify(explanation));
  else screen.write(explainText(explanation, { width: screen.width, all: switches.all }));
  return 0;
}
