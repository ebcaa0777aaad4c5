/**
 * The rules of one moment and their hash (design.md 5). Rules can be replaced while the engine runs, so each is looked at in
 * the tick in which it is asked; what it decides by is stored once per revision, in the commit of the first decision.
 */
import { toHex, utf8 } from "../model/bytes.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import type { RuleSetRecord } from "../model/records.ts";
import { isObject } from "../model/shape.ts";
import { snapshot } from "../model/snapshot.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Rule } from "../ports/rule.ts";
import type { Reads } from "../turn/turn.ts";
import type { Change } from "./change.ts";
import type { Account } from "./context.ts";

/** A rule as it was in the tick it was looked at. */
export type RuleSeen = RuleSetRecord["rules"][number];

/** The rules of one moment under their hash. */
export type RuleSet = Pick<RuleSetRecord, "hash" | "rules">;

const lastSeen = new WeakMap<Rule, { readonly seen: RuleSeen; readonly source: JsonObject | undefined }>();

/** The rule as it is now: the very same object as long as it stays the same rule. */
export function lookAt(rule: Rule): RuleSeen {
  const { name, plugin, revision, source } = rule;
  const last = lastSeen.get(rule);
  if (last !== undefined) {
    const { seen } = last;
    const isSame = seen.revision === revision && (revision !== undefined || last.source === source);
    if (isSame && seen.name === name && seen.plugin === plugin) return seen;
  }
  const copied = source === undefined ? undefined : snapshot(source, "source");
  const kept = copied?.ok && isObject(copied.value) ? { source: copied.value } : {};
  const seen: RuleSeen = Object.freeze({
    name,
    ...(plugin === undefined ? {} : { plugin }),
    ...(revision === undefined ? {} : { revision }),
    ...kept,
  });
  lastSeen.set(rule, { seen, source });
  return seen;
}

const lastSets = new WeakMap<readonly Rule[], RuleSet>();

/** The rule set of what was seen of these rules; hashed when something has changed, and else the one of last time. */
export function ruleSetOf(crypto: Crypto, rules: readonly Rule[], seen: readonly RuleSeen[]): RuleSet {
  const last = lastSets.get(rules);
  if (last !== undefined && last.rules.length === seen.length && last.rules.every((rule, at) => rule === seen[at]))
    return last;
  const hashOf = (text: string) => toHex(crypto.hashing.sha256(utf8(text)));
  // A rule that has no revision but a source is known by that.
  const names = seen.map(({ name, plugin, revision, source }) => [
    name,
    plugin ?? null,
    revision ?? (source === undefined ? null : hashOf(JSON.stringify(source))),
  ]);
  const set = Object.freeze({ hash: hashOf(JSON.stringify(names)), rules: Object.freeze([...seen]) });
  lastSets.set(rules, set);
  return set;
}

/** The rule set as it is now. */
export function currentRuleSet({ crypto, rules }: Pick<Account, "crypto" | "rules">): RuleSet {
  return ruleSetOf(crypto, rules, rules.map(lookAt));
}

/** Reads whether the rule set is stored, in the turn that may have to store it. Costs nothing once it is known to be. */
export async function gatherRuleSet(account: Account, reads: Reads, set: RuleSet | undefined): Promise<void> {
  const { storedRuleSets } = account.memory;
  if (set === undefined || storedRuleSets.has(set.hash)) return;
  if ((await reads.get(keyOf(account.id, "rulesets", set.hash))) !== undefined) storedRuleSets.add(set.hash);
}

/** Stores the rule set in this commit unless it is there already, as `gatherRuleSet` has found out. */
export function putRuleSet(account: Account, change: Change, { set, at }: { set: RuleSet; at: string }): void {
  if (account.memory.storedRuleSets.has(set.hash)) return;
  const { hash, rules } = set;
  change.put("rulesets", hash, { hash, firstUsedAt: at, rules } satisfies RuleSetRecord);
}
