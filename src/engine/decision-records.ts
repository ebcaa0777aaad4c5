/**
 * Decision records (Q3, design.md 5): who or what decided, why, and from which facts, in the commit of the decision. They hold
 * enough to explain the decision and to judge again, and nothing that the item kinds declare as secret.
 */
import { tracedEntriesMax } from "../limits.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import type { DecisionRecord } from "../model/records.ts";
import type { Condition, RelationshipFacts, RequestFacts, Rule, TracedEntry } from "../ports/rule.ts";
import type { AnyVerdict, Judged } from "./asking-rules.ts";
import type { Change } from "./change.ts";
import type { Account } from "./context.ts";
import type { Known } from "./knowledge.ts";
import { maskedCondition, maskedText, type Redaction, recordableFacts, recordableKnown } from "./redaction.ts";
import { putRuleSet, type RuleSeen, type RuleSet, ruleSetOf } from "./rule-sets.ts";

/** The part of a decision record that says who decided and why, and the rule set that has to be stored with it. */
export interface Decider extends Omit<DecisionRecord, "entity" | "peer" | "decidedAt" | "verdict" | "decision"> {
  readonly tried: JsonObject[];
  /** The rules that were asked; absent after a person, whose record names what an earlier commit has stored. */
  readonly rules?: RuleSet;
}

/** The decider of a verdict, for its record (Q3). */
export function deciderOf(account: Account, judged: Judged<AnyVerdict>, facts: JsonObject): Decider {
  const { rule, seen } = judged;
  const named =
    rule === undefined ? {} : { rule: rule.name, ...(rule.plugin === undefined ? {} : { plugin: rule.plugin }) };
  const recordable = recordableFacts(facts, account.kinds);
  const rules = ruleSetOf(account.crypto, account.rules, seen);
  const { redaction } = recordable;
  const tried = redaction === undefined ? judged.tried : maskedTries(account, { judged, facts, redaction });
  return { decider: { kind: "rule", ...named }, ruleSet: rules.hash, tried, facts: recordable.facts, rules };
}

/** The decider of a person, who decides after the rules that left it alone: what those saw stays in the record. */
export async function deciderByHand(account: Account, id: string, facts: JsonObject | undefined): Promise<Decider> {
  const prior = (await account.store.get<DecisionRecord>(keyOf(account.id, "decisions", id)))?.document;
  return {
    decider: { kind: "human" },
    ...(prior?.ruleSet === undefined ? {} : { ruleSet: prior.ruleSet }),
    tried: [...(prior?.tried ?? [])],
    ...(facts === undefined ? {} : { facts: recordableFacts(facts, account.kinds).facts }),
    ...(prior === undefined ? {} : { left: leftBy(prior) }),
  };
}

// A Relationship may be answered by hand twice, when the relay refused the first answer: the rules were asked before both.
function leftBy({ verdict, decidedAt, facts, left }: DecisionRecord): NonNullable<DecisionRecord["left"]> {
  return left ?? { verdict, decidedAt, ...(facts === undefined ? {} : { facts }) };
}

/** What was decided about which entity, and when. */
export interface Decided extends Pick<DecisionRecord, "entity" | "peer" | "decidedAt" | "verdict" | "decision"> {
  readonly decider: Decider;
  /** The documents that validating looked at. */
  readonly known?: Known;
}

/** Puts the record, and the rule set that it names unless that is stored already. */
export function putDecision(account: Account, change: Change, decided: Decided): void {
  const { entity, peer, decidedAt, verdict, decision, decider, known } = decided;
  const { rules, facts, ...said } = decider;
  const looked = known === undefined || facts === undefined ? undefined : recordableKnown(known);
  const record: DecisionRecord = {
    entity,
    peer,
    decidedAt,
    verdict,
    ...said,
    ...(decision === undefined ? {} : { decision }),
    ...(facts === undefined ? {} : { facts: looked === undefined ? facts : { ...facts, known: looked } }),
  };
  change.put("decisions", entity, record);
  if (rules !== undefined) putRuleSet(account, change, { set: rules, at: decidedAt });
}

type Masking = { readonly judged: Judged<AnyVerdict>; readonly facts: JsonObject; readonly redaction: Redaction };

// With values missing from the record, what matched can only be told now, by those who can see them.
function maskedTries(account: Account, { judged, facts, redaction }: Masking): JsonObject[] {
  return judged.tried.map((entry, at) => {
    const masked: { [member: string]: JsonObject[string] } = { ...entry };
    const { conditions } = entry as { readonly conditions?: Condition[] };
    for (const member of ["reason", "problem"]) {
      const text = entry[member];
      if (typeof text === "string") masked[member] = maskedText(text, redaction);
    }
    if (conditions !== undefined) {
      masked["conditions"] = conditions.map((one) => maskedCondition(one, redaction)) as unknown as JsonObject[];
    }
    const trace = traceNow(account, { rule: account.rules[at], seen: judged.seen[at], facts });
    if (trace !== undefined) {
      masked["trace"] = telling(trace).map((one) => maskedTrace(one, redaction)) as unknown as JsonObject[];
    }
    return masked;
  });
}

function telling(trace: readonly TracedEntry[]): readonly TracedEntry[] {
  if (trace.length <= tracedEntriesMax) return trace;
  const matched = trace.filter(({ outcome }) => outcome !== "not matched");
  return [...matched, ...trace.filter(({ outcome }) => outcome === "not matched")].slice(0, tracedEntriesMax);
}

function maskedTrace(traced: TracedEntry, redaction: Redaction): TracedEntry {
  const { item, answer } = traced;
  const conditions = traced.conditions.map((one) => maskedCondition(one, redaction, item));
  return { ...traced, conditions, ...(answer === undefined ? {} : { answer: maskedText(answer, redaction) }) };
}

type Tracing = { readonly rule: Rule | undefined; readonly seen: RuleSeen | undefined; readonly facts: JsonObject };

function traceNow(account: Account, { rule, seen, facts }: Tracing): readonly TracedEntry[] | undefined {
  if (rule === undefined || seen?.source === undefined) return undefined;
  try {
    return tracedBy(rule, facts, seen.source);
  } catch (problem) {
    account.log.write("warn", "A rule could not say what it looked at.", { rule: rule.name, problem: String(problem) });
    return undefined;
  }
}

/** Every entry of a rule's source against the facts of a LocalRequest or a Relationship, if the rule can say. */
export function tracedBy(rule: Rule, facts: JsonObject, source: JsonObject): readonly TracedEntry[] | undefined {
  if ("relationship" in facts) return rule.traceRelationship?.(facts as unknown as RelationshipFacts, source);
  return rule.traceRequest?.(facts as unknown as RequestFacts, source);
}
