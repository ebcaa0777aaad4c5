// How rules are asked (design.md 3, 5): in order, on frozen facts, each with a time limit; one that fails harms nobody.

import type { Refusal } from "../errors/refusal.ts";
import { ruleReasonCharactersMax, ruleTimeMs } from "../limits.ts";
import type { JsonObject } from "../model/json.ts";
import type { TemplateRecord } from "../model/records.ts";
import { isArray, isObject } from "../model/shape.ts";
import { snapshot } from "../model/snapshot.ts";
import type { Clock } from "../ports/clock.ts";
import type { Log } from "../ports/log.ts";
import type { Reasons, Rule } from "../ports/rule.ts";
import { lookAt, type RuleSeen } from "./rule-sets.ts";

/** Who is asked, and with what patience: without a clock nobody is late. */
export interface Asking {
  readonly rules: readonly Rule[];
  readonly clock?: Clock;
  readonly log?: Log;
}

/** What became of asking: the verdict, who gave it, everybody who was asked, and all rules as they were then. */
export interface Judged<V> {
  readonly verdict: V | undefined;
  readonly rule: Rule | undefined;
  readonly tried: JsonObject[];
  readonly seen: readonly RuleSeen[];
  /** What went wrong in the rule that ended the asking. */
  readonly problem?: string;
}

/** What all verdicts share. */
export type AnyVerdict = { readonly verdict: string } & Reasons;

/** Asks the rules in order; the first verdict other than "manual" wins, and a rule that fails ends the asking. */
export async function firstVerdict<V extends AnyVerdict>(
  asking: Asking,
  ask: (rule: Rule) => V | undefined | Promise<V | undefined>,
): Promise<Judged<V>> {
  const { rules } = asking;
  const tried: JsonObject[] = [];
  const seen = rules.map(lookAt);
  for (let at = 0; at < rules.length; at += 1) {
    const rule = rules[at] as Rule;
    // As it is in the tick in which it is asked: rules can be replaced while an earlier one thinks.
    if (at > 0) seen[at] = lookAt(rule);
    const answered = inTime(asking, rule, ask);
    // A rule that answers at once costs no turn of the event loop.
    const { verdict, problem } = answered instanceof Promise ? await answered : answered;
    tried.push(triedEntry(rule, verdict, problem));
    if (problem !== undefined) return { verdict: undefined, rule, tried, seen, problem };
    if (verdict !== undefined && verdict.verdict !== "manual") return { verdict, rule, tried, seen };
  }
  return { verdict: undefined, rule: undefined, tried, seen };
}

function triedEntry(rule: Rule, verdict: AnyVerdict | undefined, problem: string | undefined): JsonObject {
  const entry: { [member: string]: JsonObject[string] } = { rule: rule.name };
  if (rule.plugin !== undefined) entry["plugin"] = rule.plugin;
  entry["verdict"] = verdict?.verdict ?? "none";
  if (verdict?.reason !== undefined) entry["reason"] = verdict.reason;
  if (verdict?.conditions !== undefined) entry["conditions"] = verdict.conditions as unknown as JsonObject[];
  if (verdict?.entries !== undefined) entry["entries"] = verdict.entries;
  if (problem !== undefined) entry["problem"] = problem;
  return entry;
}

type Answered<V> = { readonly verdict?: V; readonly problem?: string };

type Ask<V> = (rule: Rule) => V | Promise<V>;

// A rule that throws, is late, or says what is no verdict, means that a person decides; it can harm nobody.
function inTime<V>(asking: Asking, rule: Rule, ask: Ask<V>): Answered<V> | Promise<Answered<V>> {
  try {
    const answer = ask(rule);
    return answer instanceof Promise ? awaited(asking, rule, answer) : readVerdict(answer);
  } catch (problem) {
    return thrown(asking, problem);
  }
}

async function awaited<V>(asking: Asking, rule: Rule, answer: Promise<V>): Promise<Answered<V>> {
  try {
    const read = answer.then((verdict) => readVerdict(verdict));
    return await (asking.clock === undefined ? read : inLimit(asking.clock, rule, read));
  } catch (problem) {
    return thrown(asking, problem);
  }
}

async function inLimit<V>(clock: Clock, rule: Rule, read: Promise<Answered<V>>): Promise<Answered<V>> {
  const stop = new AbortController();
  try {
    const limitMs = Math.min(rule.timeMs ?? ruleTimeMs, ruleTimeMs);
    const late = clock.sleep(limitMs, stop.signal).then(() => ({ problem: `no verdict after ${limitMs} ms` }));
    return await Promise.race([read, late]);
  } finally {
    stop.abort();
  }
}

function thrown({ log }: Asking, problem: unknown): { readonly problem: string } {
  const text = textOf(problem).slice(0, ruleReasonCharactersMax);
  log?.write("warn", "A rule threw.", { problem: text });
  return { problem: text };
}

// What is thrown may be anything, also what cannot be told.
function textOf(problem: unknown): string {
  try {
    return String(problem);
  } catch {
    return "something that is no text";
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
  const { reason = "", conditions = [], entries = {} } = copied.value as JsonObject;
  if (typeof reason !== "string") return { problem: "the reason of a verdict must be a text" };
  if (!isArray(conditions) || !conditions.every((one) => typeof Object(one).path === "string"))
    return { problem: "the conditions of a verdict must be a list, each with its path" };
  if (!isObject(entries) || !Object.values(entries).every((one) => typeof one === "string"))
    return { problem: "the entries of a verdict must be texts by item" };
  if (reason.length <= ruleReasonCharactersMax) return { verdict: copied.value as V };
  return { verdict: Object.freeze({ ...(copied.value as V), reason: reason.slice(0, ruleReasonCharactersMax) }) };
}

/** A verdict that could not be carried out: what it wanted, when that was tried, and why not. */
export interface RefusedVerdict {
  readonly rule: Rule | undefined;
  readonly refusal: Refusal;
  readonly at: string;
  readonly wanted: JsonObject;
}

/** The entry of a verdict that could not be carried out. */
export function refusedAs({ rule, refusal, at, wanted }: RefusedVerdict): JsonObject {
  return { rule: rule?.name ?? "", refused: refusal.code, message: refusal.message, at, wanted };
}

/** A template as rules see it: no reference, as that holds the template's key. */
export function publicTemplate(template: TemplateRecord): JsonObject {
  const { identityPublicKey: _key, templateKey: _templateKey, ...view } = template;
  return view;
}
