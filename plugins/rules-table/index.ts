// The door "rapport/plugins/rules-table": rules as data, one table that accepts, rejects, ignores or leaves to a person.
export { checkRuleTable, type Finding } from "./check.ts";
export type {
  Generation,
  RelationshipConfig,
  RelationshipEntry,
  RelationshipResponse,
  RequestConfig,
  RequestEntry,
  ResponseConfig,
  RuleTableConfig,
  RuleTableOptions,
  Texts,
} from "./config.ts";
export { type RulesTableOptions, rulesTable } from "./plugin.ts";
export { createRuleTable, type RuleTable } from "./table.ts";
