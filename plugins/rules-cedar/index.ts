// The door "rapport/plugins/rules-cedar": rules in the policy language Cedar.
export type { Answer, CedarCall, CedarLike, CedarProblem, CedarResponse, CedarValue, PolicyLike } from "./driver.ts";
export { rulesCedar } from "./plugin.ts";
export { createCedarRule, type RulesCedarOptions } from "./rule.ts";
