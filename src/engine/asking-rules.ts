// How rules are asked (design.md 3, 5): in order, on frozen copies, each with a time limit; one that fails harms nobody.

import type { Refusal } from "../errors/refusal.ts";
import { ruleTimeMs } from "../limits.ts";
import { toHex, utf8 } from "../model/bytes.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import type { DecisionRecord, TemplateRecord } from "../model/records.ts";
import { snapshot } from "../model/snapshot.ts";
import type { Rule } from "../ports/rule.ts";
import type { Account } from "./context.ts";

/** What became of asking: the verdict, who gave it, and everybody who was asked. */
export interface Judged<V> {
  readonly verdict: V | undefined;
  readonly rule: Rule | undefined;
  readonly tried: JsonObject[];
}

/** What all verdicts share. */
export type AnyVerdict = {
  readonly verdict: string;
  readonly reason?: string;
  readonly conditions?: readonly object[];
};

/** Asks the rules in order; the first verdict other than "manual" wins, and a rule that fails ends the asking. */
export async function firstVerdict<V extends AnyVerdict>(
  account: Account,
  ask: (rule: Rule) => V | undefined | Promise<V | undefined>,
): Promise<Judged<V>> {
  const tried: JsonObject[] = [];
  for (const rule of account.rules) {
    const { verdict, problem } = await inTime(account, rule, () => ask(rule));
    tried.push({
      rule: rule.name,
      ...(rule.plugin === undefined ? {} : { plugin: rule.plugin }),
      verdict: verdict?.verdict ?? "none",
      ...(verdict?.reason === undefined ? {} : { reason: verdict.reason }),
      ...(verdict?.conditions === undefined ? {} : { conditions: verdict.conditions as readonly JsonObject[] }),
      ...(problem === undefined ? {} : { problem }),
    });
    if (problem !== undefined) return { verdict: undefined, rule, tried };
    if (verdict !== undefined && verdict.verdict !== "manual") return { verdict, rule, tried };
  }
  return { verdict: undefined, rule: undefined, tried };
}

type Answered<V> = { readonly verdict?: V; readonly problem?: string };

// A rule that throws, is late, or says what is no verdict, means that a person decides; it can harm nobody.
async function inTime<V>(account: Account, rule: Rule, ask: () => V | Promise<V>): Promise<Answered<V>> {
  const stop = new AbortController();
  const timeMs = Math.min(rule.timeMs ?? ruleTimeMs, ruleTimeMs);
  try {
    const answer = ask();
    if (!(answer instanceof Promise)) return readVerdict(answer);
    const late = account.clock
      .sleep(timeMs, stop.signal)
      .then(() => ({ problem: `no verdict after ${timeMs} ms` }));
    return await Promise.race([answer.then((verdict) => readVerdict(verdict)), late]);
  } catch (problem) {
    account.log.write("warn", "A rule threw.", { problem: String(problem) });
    return { problem: String(problem) };
  } finally {
    stop.abort();
  }
}

const verdicts: readonly unknown[] = ["accept", "reject", "manual", "ignore"];

// A frozen copy: what the rule does to its answer afterwards changes nothing.
function readVerdict<V>(answer: V): Answered<V> {
  if (answer === undefined) return {};
  const copied = snapshot(answer, "verdict");
  if (!copied.ok) return { problem: copied.refusal.message };
  const { verdict } = Object(copied.value) as { readonly verdict?: unknown };
  if (!verdicts.includes(verdict)) return { problem: `${JSON.stringify(verdict) ?? "nothing"} is no verdict` };
  return { verdict: copied.value as V };
}

/** The part of a decision record that says who decided and why. */
export type Decider = Omit<DecisionRecord, "entity" | "peer" | "decidedAt" | "verdict" | "decision" | "tried"> & {
  tried: JsonObject[];
};

/** The decider of a verdict, for its record (Q3). */
export function deciderOf(account: Account, judged: Judged<AnyVerdict>, facts: JsonObject): Decider {
  const { rule, tried } = judged;
  const named =
    rule === undefined ? {} : { rule: rule.name, ...(rule.plugin === undefined ? {} : { plugin: rule.plugin }) };
  return { decider: { kind: "rule", ...named }, ruleSet: ruleSetOf(account), tried, facts };
}

/** The decider of a person, who decides after the rules that left it alone: what those saw stays in the record. */
export async function deciderByHand(
  account: Account,
  id: string,
  facts: JsonObject | undefined,
): Promise<Omit<Decider, "tried"> & Pick<DecisionRecord, "tried">> {
  const prior = (await account.store.get<DecisionRecord>(keyOf(account.id, "decisions", id)))?.document;
  return {
    decider: { kind: "human" },
    ...(prior?.ruleSet === undefined ? {} : { ruleSet: prior.ruleSet }),
    tried: prior?.tried ?? [],
    ...(facts === undefined ? {} : { facts }),
  };
}

/** The entry of a verdict that could not be carried out. */
export function refusedAs(rule: Rule | undefined, { code, message }: Refusal): JsonObject {
  return { rule: rule?.name ?? "", refused: code, message };
}

// The hash of all rules in their order, so that a record says whether the same rules would be asked today (design.md 5).
function ruleSetOf(account: Account): string {
  const rules = account.rules.map(({ name, plugin, revision }) => [name, plugin ?? null, revision ?? null]);
  return toHex(account.crypto.hashing.sha256(utf8(JSON.stringify(rules))));
}

/** A template as rules see it: no reference, as that holds the template's key. */
export function publicTemplate(template: TemplateRecord): JsonObject {
  const { identityPublicKey: _key, templateKey: _templateKey, ...view } = template;
  return view;
}

/** A copy that nobody can change. */
export function frozen<T>(value: T): T {
  const copy = structuredClone(value);
  freeze(copy);
  return copy;
}

function freeze(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  Object.freeze(value);
  for (const member of Object.values(value)) freeze(member);
}
