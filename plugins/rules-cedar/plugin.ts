import { type Plugin, Rule } from "rapport/core";
import { createCedarRule, type RulesCedarOptions } from "./rule.ts";

/** Contributes a rule that decides by policies in Cedar. */
export function rulesCedar(options: RulesCedarOptions): Plugin {
  return { name: "rules-cedar", register: ({ contribute }) => contribute(Rule, () => createCedarRule(options)) };
}
