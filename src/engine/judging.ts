/**
 * Runs the rules (design.md 2.2, 5): outside any turn, on frozen copies, in the order contributed; the verdict comes back
 * as a turn that finds the Request unchanged or judges again. A request that needs judging says so by its status, so a
 * crash or a missed event leaves nothing behind.
 */
import { hasCode } from "../errors/rapport-error.ts";
import { allow, type Outcome, type Refusal } from "../errors/refusal.ts";
import { ignoredRequestLifeMs } from "../limits.ts";
import { extended } from "../model/extended.ts";
import { instantOf } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf, pathOf } from "../model/keys.ts";
import type { RelationshipRecord, RequestRecord } from "../model/records.ts";
import type { Request } from "../model/request.ts";
import type { RequestVerdict } from "../ports/rule.ts";
import type { Reads } from "../turn/turn.ts";
import { firstVerdict, type Judged, refusedAs } from "./asking-rules.ts";
import { accountTurn } from "./change.ts";
import type { Account } from "./context.ts";
import { announceProcessed, type Decided, type DecidingFacts, decide } from "./deciding.ts";
import { type Decider, deciderOf, putDecision } from "./decision-records.ts";
import { frozen } from "./freezing.ts";
import { judgeRelationship } from "./judging-relationships.ts";
import { gatherKnown, infoFor, type Known, nothingKnown } from "./knowledge.ts";
import { refusalOfWish, type Wish, wishOf } from "./outcome.ts";
import { perform } from "./performing.ts";
import { advanceOpen } from "./prerequisites.ts";
import { keep } from "./receive.ts";
import { requestFacts, requestSubject } from "./request-facts.ts";
import { afterClock, deadlineOf, moveIncoming } from "./request-state.ts";
import { gatherRuleSet } from "./rule-sets.ts";

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
    const wish = wishOf(judged.verdict);
    const left = { id, isIgnored: wish.result === "ignore", decider, subject };
    if ("decision" in wish) {
      const carried = await carriedOut(account, { id, wish, decider, subject });
      if (carried.decided.ok) {
        if (carried.decided.value.intent !== undefined) await deliverLater(account, carried.decided.value.intent);
        return;
      }
      const { refusal } = carried.decided;
      // Somebody is at it right now; what they leave is judged at the next sync.
      if (refusal.code === "command.inProgress") return;
      decider.tried.push(refusedWish(account, { judged, wish, refusal, looked: carried.looked }));
      return void (await leaveToPeople(account, extended(left, { known: carried.looked?.known })));
    }
    if (wish.result === "manual" && wish.refusal !== undefined) {
      const wanted = { items: Object(judged.verdict).items ?? null } as JsonObject;
      const at = instantOf(account.clock.now());
      decider.tried.push(refusedAs({ rule: judged.rule, refusal: wish.refusal, at, wanted }));
    }
    await leaveToPeople(account, left);
  });
}

type Decisive = Extract<Wish, { decision: unknown }>;
type Carrying = { id: string; wish: Decisive; decider: Decider; subject: JsonObject | undefined };
type Carried = { readonly decided: Outcome<Decided>; readonly looked: DecidingFacts | undefined };

async function carriedOut(account: Account, { id, wish, decider, subject }: Carrying): Promise<Carried> {
  let looked: DecidingFacts | undefined;
  const onFacts = (facts: DecidingFacts) => {
    looked = facts;
  };
  const about = subject === undefined ? {} : { subject };
  const { result, decision } = wish;
  const decided = await decide(account, { id, result, decision, decider, onFacts, ...about });
  return { decided, looked };
}

type RefusedWish = {
  readonly judged: Judged<RequestVerdict>;
  readonly wish: Decisive;
  readonly refusal: Refusal;
  readonly looked: DecidingFacts | undefined;
};

// Judging again needs to know whether the Request did not allow it, or something around it that will not be asked then.
function refusedWish(account: Account, { judged, wish, refusal, looked }: RefusedWish): JsonObject {
  const { request, now = instantOf(account.clock.now()), known } = looked ?? {};
  const info = infoFor(account, { now, peer: request?.peer, ...(known === undefined ? {} : { known }) });
  const own =
    request === undefined
      ? undefined
      : refusalOfWish(wish, { request: request.content as unknown as Request, kinds: account.kinds, info });
  const isOwn = own?.code === refusal.code && own.message === refusal.message;
  const wanted = { verdict: wish.result, ...(wish.decision as unknown as JsonObject) };
  const entry = refusedAs({ rule: judged.rule, refusal, at: now, wanted });
  return isOwn ? entry : { ...entry, obstacle: true };
}

async function deliverLater(account: Account, intent: Parameters<typeof perform>[1]): Promise<void> {
  try {
    const outcome = await perform(account, intent);
    if (!outcome.ok) account.log.write("warn", "A Response could not be delivered.", { code: outcome.refusal.code });
  } catch (problem) {
    if (!hasCode(problem, "relay.unreachable")) throw problem;
  }
}

interface Left {
  readonly id: string;
  readonly isIgnored: boolean;
  readonly decider: Decider;
  readonly subject: JsonObject | undefined;
  /** What trying to carry out the verdict has looked at. */
  readonly known?: Known | undefined;
}

function leaveToPeople(account: Account, left: Left): Promise<Outcome<undefined>> {
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
