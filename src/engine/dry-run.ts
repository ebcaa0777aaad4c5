/**
 * Judging past decisions again with other rules (design.md 5). All it gets of a store is the reading half, so that it cannot
 * change anything. What a verdict comes to is decided by the functions that the engine itself uses (outcome.ts).
 */
import { fault } from "../errors/rapport-error.ts";
import { createItemKinds } from "../items/item-kinds.ts";
import { createTransferFileOwnershipItem } from "../items/transfer-file-ownership.ts";
import type { JsonObject } from "../model/json.ts";
import { pathOf } from "../model/keys.ts";
import type { DecisionRecord } from "../model/records.ts";
import { isSameJson } from "../model/same-json.ts";
import type { Clock } from "../ports/clock.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { ItemKind } from "../ports/item-kind.ts";
import type { Rule } from "../ports/rule.ts";
import type { Store } from "../ports/store.ts";
import { type Again, judgeAgain } from "./judging-again.ts";
import { recordedStanding, type Standing } from "./standing.ts";

/** The reading half of a store: no side effect is possible with it. */
export type ReadingView = Pick<Store, "get" | "find">;

/** Rules to be tried on the past of one account. */
export interface RuleTrial {
  /** The id of the account. */
  readonly account: string;
  readonly rules: readonly Rule[];
  /** Only decisions from this instant on. */
  readonly since?: string;
  /** Contributed kinds of items, beside the built-in ones. */
  readonly itemKinds?: readonly ItemKind[];
  /** Without it, rules that take their time are waited for. */
  readonly clock?: Clock;
}

/** One recorded decision, and what the rules on trial would have made of it. */
export interface TriedDecision {
  readonly id: string;
  readonly kind: "request" | "relationship";
  readonly peer: string;
  readonly decidedAt: string;
  /**
   * `byHand`: a person decided without any rules, so there is nothing to compare with. Where rules had left it to a person,
   * their leaving it is what is compared.
   */
  readonly result: "unchanged" | "changed" | "notJudgeable" | "byHand";
  readonly from: Standing;
  /** Absent where it could not be judged again. */
  readonly to?: Standing;
  /** Why it could not be judged again. */
  readonly why?: string;
  /** What a person decided afterwards. */
  readonly afterwards?: Standing;
  /** Documents that were not looked at then were read as they are now. */
  readonly isWithNow?: true;
}

// The past is judged without keys. What would have to be opened is redacted in the records, so it is never opened.
const noSuite = new Proxy({} as Crypto, {
  get() {
    throw fault("error.runtime.notSupported", "Past decisions are judged without opening anything.");
  },
});

/** Judges every recorded decision of the account again, in the order in which they were recorded. */
export async function* tryRules({ get, find }: ReadingView, trial: RuleTrial): AsyncGenerator<TriedDecision> {
  const { account, since = "" } = trial;
  const again: Again = {
    get,
    account,
    rules: trial.rules,
    kinds: createItemKinds([createTransferFileOwnershipItem(noSuite), ...(trial.itemKinds ?? [])]),
    clock: trial.clock,
  };
  for await (const { document } of find<DecisionRecord>({ under: pathOf(account, "decisions") })) {
    if ((document.left?.decidedAt ?? document.decidedAt) >= since) yield await tryOn(again, document);
  }
}

async function tryOn(again: Again, record: DecisionRecord): Promise<TriedDecision> {
  const { entity: id, peer, decidedAt } = record;
  const facts = (record.left ?? record).facts;
  const kind: TriedDecision["kind"] = isRelationshipRecord(record, facts) ? "relationship" : "request";
  const { from, afterwards } = recordedStanding(record);
  const row = { id, kind, peer, decidedAt, from, ...(afterwards === undefined ? {} : { afterwards }) };
  if (facts === undefined) return { ...row, result: "notJudgeable", why: "no facts were recorded" };
  const judged = await judgeAgain(again, { record, facts, from });
  if ("why" in judged) return { ...row, result: "notJudgeable", why: judged.why };
  const { to, isWithNow } = judged;
  const more = isWithNow ? { to, isWithNow } : { to };
  if (record.decider.kind === "human" && record.left === undefined) return { ...row, result: "byHand", ...more };
  return { ...row, result: isSameStanding(from, to) ? "unchanged" : "changed", ...more };
}

function isRelationshipRecord({ entity }: DecisionRecord, facts: JsonObject | undefined): boolean {
  return facts === undefined ? entity.startsWith("REL") : "relationship" in facts;
}

// Who said it may differ: what counts is what would have happened.
function isSameStanding(one: Standing, other: Standing): boolean {
  return one.verdict === other.verdict && isSameJson(one.decision, other.decision);
}
