// What rules do not decide goes to people (spec/domain.md 7.1), or is ignored (design.md 3): one commit with its record.
import { allow, type Outcome } from "../errors/refusal.ts";
import { ignoredRequestLifeMs } from "../limits.ts";
import { instantOf } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import type { RequestRecord } from "../model/records.ts";
import type { Request } from "../model/request.ts";
import type { Reads } from "../turn/turn.ts";
import { accountTurn } from "./change.ts";
import type { Account } from "./context.ts";
import { announceProcessed } from "./deciding.ts";
import { type Decider, putDecision } from "./decision-records.ts";
import { gatherKnown, infoFor, type Known, nothingKnown } from "./knowledge.ts";
import { keep } from "./receive.ts";
import { afterClock, deadlineOf, moveIncoming } from "./request-state.ts";
import { gatherRuleSet } from "./rule-sets.ts";

/** A LocalRequest that the rules do not decide. */
export interface Left {
  readonly id: string;
  readonly isIgnored: boolean;
  readonly decider: Decider;
  readonly subject: JsonObject | undefined;
  /** What trying to carry out the verdict has looked at. */
  readonly known?: Known | undefined;
}

/** Leaves it to a person, or unanswered when a rule ignores it, with the record of what the rules said. */
export function leaveToPeople(account: Account, left: Left): Promise<Outcome<undefined>> {
  const { id, isIgnored, decider, subject } = left;
  return accountTurn(account, {
    gather: async (reads) => {
      const stored = (await reads.get<RequestRecord>(keyOf(account.id, "requests", id)))?.document;
      await gatherRuleSet(account, reads, decider.rules);
      const now = account.clock.now();
      return { stored, now, known: left.known ?? (await knownOf(account, reads, stored)) };
    },
    plan({ stored, now, known }, change) {
      const at = instantOf(now);
      const record = stored === undefined ? undefined : afterClock(stored, at).record;
      // Decided or expired while the rules thought: there is nothing left to leave to anybody.
      if (record === undefined || record.status !== "DecisionRequired") return allow(undefined);
      const fact = isIgnored
        ? ({ type: "rule.ignored", expiresAt: instantOf(now + ignoredRequestLifeMs) } as const)
        : ({ type: "automation.declined" } as const);
      const next = keep(change, moveIncoming(record, fact, at), record);
      change.put("requests", id, next);
      change.deadline(id, deadlineOf(next));
      const verdict = isIgnored ? "ignore" : "manual";
      putDecision(account, change, { entity: id, peer: record.peer, decidedAt: at, verdict, decider, known });
      if (!isIgnored) announceProcessed(change, next, { result: "ManualRequestDecisionRequired", subject });
      return allow(undefined);
    },
  });
}

// What the items would look at, so that other rules can be tried on this Request later.
async function knownOf(account: Account, reads: Reads, stored: RequestRecord | undefined): Promise<Known> {
  if (stored === undefined) return nothingKnown;
  const info = infoFor(account, { now: instantOf(account.clock.now()), peer: stored.peer, requestId: stored.id });
  return gatherKnown(account, reads, { request: stored.content as unknown as Request, info });
}
