// Rules as functions: what an embedder writes who wants no class and no table.
import type { Plugin } from "../di/host.ts";
import type { DecisionItem, ItemDecision } from "../model/decision.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { Reasons, RelationshipFacts, RelationshipVerdict, RequestFacts, RequestVerdict, Rule } from "./rule.ts";
import { Rule as RuleSlot } from "./tokens.ts";

type Judge<F, V> = (facts: F) => V | undefined | Promise<V | undefined>;

/** A rule in parts. What is left out is left to the other rules, or to a person. */
export interface RuleParts {
  readonly request?: Judge<RequestFacts, RequestVerdict>;
  readonly relationship?: Judge<RelationshipFacts, RelationshipVerdict>;
  /** Another text whenever the rule would decide otherwise; decision records tell by it which rules decided. */
  readonly revision?: string;
  /** Name and version of the package that the rule comes from. */
  readonly plugin?: string;
  /** How long the rule may think; the engine's own limit also holds. */
  readonly timeMs?: number;
}

/** A plugin with one rule: a function on incoming Requests, or the parts of a rule. */
export function ruleOf(name: string, judge: Judge<RequestFacts, RequestVerdict> | RuleParts): Plugin {
  const { request, relationship, ...about }: RuleParts = typeof judge === "function" ? { request: judge } : judge;
  const rule: Rule = Object.freeze({
    name,
    ...about,
    ...(request === undefined ? {} : { judgeRequest: request }),
    ...(relationship === undefined ? {} : { judgeRelationship: relationship }),
  });
  return { name: `rule-${name}`, register: ({ contribute }) => contribute(RuleSlot, () => rule) };
}

/** The verdict that accepts every item, for items that need no parameters. `request` is the one of the facts. */
export function acceptAll(request: JsonObject, reasons: Reasons = {}): RequestVerdict {
  return { verdict: "accept", items: decisionsOf(request, { accept: true }), ...reasons };
}

/** The verdict that rejects every item, with the code and message that the peer may read. */
export function rejectAll(
  request: JsonObject,
  answer: { readonly code?: string; readonly message?: string } = {},
  reasons: Reasons = {},
): RequestVerdict {
  return { verdict: "reject", items: decisionsOf(request, { accept: false, ...answer }), ...reasons };
}

function decisionsOf(request: JsonObject, decision: ItemDecision): DecisionItem[] {
  return itemsIn(request["content"]).map((item) =>
    item["@type"] === "RequestItemGroup" ? { items: itemsIn(item).map(() => decision) } : decision,
  );
}

function itemsIn(holder: Json | undefined): readonly JsonObject[] {
  return (holder as { readonly items?: readonly JsonObject[] } | undefined)?.items ?? [];
}
