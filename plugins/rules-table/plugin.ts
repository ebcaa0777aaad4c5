import { Log, type Plugin, Rule } from "rapport/core";
import type { RuleTableConfig, RuleTableOptions } from "./config.ts";
import { createWatchedRule } from "./file.ts";
import { createRuleTable } from "./table.ts";

/** Where the table comes from, and how it is read. */
export interface RulesTableOptions extends RuleTableOptions {
  /** The table itself; empty if neither this nor `file` is given. */
  readonly config?: RuleTableConfig;
  /** A JSON file with the table. */
  readonly file?: string;
  /** Reads the file again when it changes. What is not valid then is logged, and the old table stays. */
  readonly watch?: boolean;
  /** The rule's name in decision records; must be unique. Default "rules-table". */
  readonly name?: string;
}

/**
 * Contributes a rule table. A table that is not valid is a fault when the engine starts, so that nobody runs without the
 * rules they wrote. That is why the file is read, once and synchronously, when the rule is made: rules have no `open`.
 */
export function rulesTable({ config, file, watch = false, ...options }: RulesTableOptions): Plugin {
  return {
    name: "rules-table",
    register: ({ contribute }) =>
      contribute(Rule, (use) =>
        file === undefined
          ? createRuleTable(config ?? [], options).rule
          : createWatchedRule({ file, watch, log: use(Log), options }),
      ),
  };
}
