/**
 * Runs the rules (design.md 2.2, 5): outside any turn, on frozen copies, in the order contributed; the verdict comes back
 * as a turn that finds the Request unchanged or judges again. A request that needs judging says so by its status, so a
 * crash or a missed event leaves nothing behind.
 */
import { hasCode } from "../errors/rapport-error.ts";
import { allow, type Outcome } from "../errors/refusal.ts";
import { parseDecision } from "../items/decisions.ts";
import { ignoredRequestLifeMs } from "../limits.ts";
import { instantOf } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf, pathOf } from "../model/keys.ts";
import type { IntentRecord, RelationshipRecord, RequestRecord } from "../model/records.ts";
import type { RequestVerdict } from "../ports/rule.ts";
import { type Decider, deciderOf, firstVerdict, frozen, refusedAs } from "./asking-rules.ts";
import { accountTurn } from "./change.ts";
import type { Account } from "./context.ts";
import { announceProcessed, type Decided, decide } from "./deciding.ts";
import { judgeRelationship } from "./judging-relationships.ts";
import { perform } from "./performing.ts";
import { advanceOpen } from "./prerequisites.ts";
import { keep } from "./receive.ts";
import { requestFacts, requestSubject } from "./request-facts.ts";
import { afterClock, deadlineOf, moveIncoming } from "./request-state.ts";

/** Judges everything of the account that waits for a verdict. */
export async function judgeAll(account: Account): Promise<void> {
  await advanceOpen(account);
  if (account.rules.some((rule) => rule.judgeRequest !== undefined)) {
    const where = { status: [{ anyOf: ["DecisionRequired"] }] };
    for await (const { document } of account.store.find<RequestRecord>({
      under: pathOf(account.id, "requests"),
      where,
    })) {
      if (!document.isOwn) await judgeRequest(account, document.id);
    }
  }
  if (account.rules.some((rule) => rule.judgeRelationship !== undefined)) {
    const where = { status: [{ anyOf: ["Pending"] }] };
    const query = { under: pathOf(account.id, "relationships"), where };
    for await (const { document } of account.store.find<RelationshipRecord>(query)) {
      await judgeRelationship(account, document.id);
    }
  }
}

/** Judges one incoming LocalRequest, if it waits for that. */
export function judgeRequest(account: Account, id: string): Promise<void> {
  return account.lanes.run(`judge-${id}`, async () => {
    const key = keyOf(account.id, "requests", id);
    const stored = (await account.store.get<RequestRecord>(key))?.document;
    if (stored === undefined) return;
    const record = afterClock(stored, instantOf(account.clock.now())).record;
    if (record.status !== "DecisionRequired") return;
    const facts = frozen(await requestFacts(account, record));
    const subject = await requestSubject(account, record);
    const judged = await firstVerdict(account, (rule) => rule.judgeRequest?.(facts));
    const decider = deciderOf(account, judged, facts as unknown as JsonObject);
    const { verdict } = judged;
    if (verdict?.verdict === "accept" || verdict?.verdict === "reject") {
      const decided = await decideAs(account, { id, verdict, decider, subject });
      // Somebody is at it right now, or the relay does not say what it is asked: it is judged at the next sync.
      if (decided === undefined) return;
      if (decided.ok) {
        const { intent, isClaim } = decided.value;
        const outcome = intent === undefined ? undefined : await deliverLater(account, intent);
        if (isClaim === undefined || outcome?.ok !== false) return;
        decider.tried.push(refusedAs(judged.rule, outcome.refusal));
      } else decider.tried.push(refusedAs(judged.rule, decided.refusal));
    }
    await leaveToPeople(account, { id, isIgnored: verdict?.verdict === "ignore", decider, subject });
  });
}

type Deciding = Extract<RequestVerdict, { items: unknown }>;

async function decideAs(
  account: Account,
  given: { id: string; verdict: Deciding; decider: Decider; subject: JsonObject | undefined },
): Promise<Outcome<Decided> | undefined> {
  const { id, verdict, decider, subject } = given;
  const decision = parseDecision({ items: verdict.items });
  if (!decision.ok) return decision;
  const about = subject === undefined ? {} : { subject };
  const deciding = { id, result: verdict.verdict, decision: decision.value, decider, ...about };
  const decided = await unlessSilent(() => decide(account, deciding));
  return decided?.ok === false && decided.refusal.code === "command.inProgress" ? undefined : decided;
}

async function unlessSilent<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (problem) {
    if (!hasCode(problem, "relay.unreachable")) throw problem;
    return undefined;
  }
}

async function deliverLater(account: Account, intent: IntentRecord): Promise<Outcome<unknown> | undefined> {
  const outcome = await unlessSilent(() => perform(account, intent));
  if (outcome?.ok === false)
    account.log.write("warn", "A Response could not be delivered.", { code: outcome.refusal.code });
  return outcome;
}

function leaveToPeople(
  account: Account,
  left: { id: string; isIgnored: boolean; decider: Decider; subject: JsonObject | undefined },
): Promise<Outcome<undefined>> {
  const { id, isIgnored, decider, subject } = left;
  return accountTurn(account, {
    gather: async (reads) => ({
      stored: (await reads.get<RequestRecord>(keyOf(account.id, "requests", id)))?.document,
      now: account.clock.now(),
    }),
    plan({ stored, now }, change) {
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
      change.put("decisions", id, { entity: id, peer: record.peer, decidedAt: at, verdict, ...decider });
      if (!isIgnored) announceProcessed(change, next, { result: "ManualRequestDecisionRequired", subject });
      return allow(undefined);
    },
  });
}
