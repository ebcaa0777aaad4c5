// Rules on pending Relationships that peers created (design.md 3): a policy over the facts, reconciled at every sync.

import { hasCode } from "../errors/rapport-error.ts";
import { allow, type Outcome } from "../errors/refusal.ts";
import { extended } from "../model/extended.ts";
import { instantOf } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import type { RelationshipRecord } from "../model/records.ts";
import { firstVerdict, refusedAs } from "./asking-rules.ts";
import { accountTurn } from "./change.ts";
import type { Account } from "./context.ts";
import { type Decider, deciderOf, putDecision } from "./decision-records.ts";
import { frozen } from "./freezing.ts";
import { hasOpenIntent } from "./intents.ts";
import type { Taking } from "./leases.ts";
import { changeStatus } from "./relationship-commands.ts";
import { relationshipFacts } from "./relationship-facts.ts";
import { isRelationship } from "./relationship-state.ts";
import { gatherRuleSet } from "./rule-sets.ts";

/** Judges one pending Relationship that a peer created, if it waits for that and nobody is answering it. */
export function judgeRelationship(account: Account, id: string, take: Taking): Promise<void> {
  return take(account, `judge-${id}`, async () => {
    const record = (await account.store.get<RelationshipRecord>(keyOf(account.id, "relationships", id)))?.document;
    if (record === undefined || !isRelationship(record, "pending")) return;
    if (isUnjudged(record)) await judge(account, record);
  });
}

/** True for one that a peer created and that no rule has seen. */
export function isUnjudged({ role, judged }: RelationshipRecord): boolean {
  return role === "templator" && judged === undefined;
}

async function judge(account: Account, record: RelationshipRecord): Promise<void> {
  const facts = frozen(await relationshipFacts(account, record));
  const judged = await firstVerdict(account, (rule) => rule.judgeRelationship?.(facts));
  const { verdict } = judged;
  const decider = deciderOf(account, judged, facts as unknown as JsonObject);
  if (verdict?.verdict === "accept" || verdict?.verdict === "reject") {
    const step = verdict.verdict === "accept" ? "creation.accepted" : "creation.rejected";
    const content = verdict.content === undefined ? {} : { content: verdict.content };
    const outcome = await carriedOut(() => changeStatus(account, { id: record.id, step, ...content, decider }));
    if (outcome.ok || outcome.refusal.code === "command.inProgress") return;
    account.log.write("warn", "A rule's verdict could not be carried out.", { code: outcome.refusal.code });
    const { refusal } = outcome;
    const at = instantOf(account.clock.now());
    // Everything that can refuse it is outside the verdict: the relay, the Relationship, a limit.
    const wanted = { verdict: verdict.verdict };
    decider.tried.push({ ...refusedAs({ rule: judged.rule, refusal, at, wanted }), obstacle: true });
  }
  await markJudged(account, { id: record.id, judged: verdict?.verdict === "ignore" ? "ignored" : "manual", decider });
}

// Without an answer of the relay the intent stays, and is finished later.
async function carriedOut(answer: () => Promise<Outcome<unknown>>): Promise<Outcome<unknown>> {
  try {
    return await answer();
  } catch (problem) {
    if (!hasCode(problem, "relay.unreachable")) throw problem;
    return allow(undefined);
  }
}

function markJudged(
  account: Account,
  mark: { id: string; judged: "manual" | "ignored"; decider: Decider },
): Promise<Outcome<undefined>> {
  return accountTurn(account, {
    gather: async (reads) => {
      await gatherRuleSet(account, reads, mark.decider.rules);
      return {
        record: (await reads.get<RelationshipRecord>(keyOf(account.id, "relationships", mark.id)))?.document,
        isBusy: await hasOpenIntent(account, reads, mark.id),
      };
    },
    plan({ record, isBusy }, change) {
      // Somebody answered while the rules thought, and what the record says is their decision (Q3).
      if (record === undefined || isBusy || !isRelationship(record, "pending")) return allow(undefined);
      change.put("relationships", mark.id, extended(record, { judged: mark.judged }));
      const decidedAt = instantOf(account.clock.now());
      const verdict = mark.judged === "ignored" ? "ignore" : "manual";
      const { id: entity, decider } = mark;
      putDecision(account, change, { entity, peer: record.peer, decidedAt, verdict, decider });
      return allow(undefined);
    },
  });
}
