/**
 * Runs the rules (design.md 2.2, 5): outside any turn, on frozen copies, in the order contributed; the verdict comes back
 * as a turn that finds the Request unchanged or judges again. A request that needs judging says so by its status, so a
 * crash or a missed event leaves nothing behind.
 */
import { hasCode } from "../errors/rapport-error.ts";
import type { Outcome, Refusal } from "../errors/refusal.ts";
import { needsKnowledge } from "../items/documents-needed.ts";
import { extended } from "../model/extended.ts";
import { instantOf } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf, pathOf } from "../model/keys.ts";
import type { IntentRecord, RelationshipRecord, RequestRecord } from "../model/records.ts";
import type { Request } from "../model/request.ts";
import type { RequestVerdict } from "../ports/rule.ts";
import { firstVerdict, type Judged, refusedAs } from "./asking-rules.ts";
import type { Account } from "./context.ts";
import { decide } from "./deciding.ts";
import type { DecidingFacts } from "./deciding-facts.ts";
import { type Decider, deciderOf } from "./decision-records.ts";
import { frozen } from "./freezing.ts";
import { isUnjudged, judgeRelationship } from "./judging-relationships.ts";
import { infoFor, nothingKnown } from "./knowledge.ts";
import { exclusively, type Taking } from "./leases.ts";
import { leaveToPeople } from "./leaving.ts";
import { refusalOfWish, type Wish, wishOf } from "./outcome.ts";
import { perform } from "./performing.ts";
import { advanceOpen } from "./prerequisites.ts";
import { requestToJudge } from "./request-facts.ts";
import { afterClock } from "./request-state.ts";

/** Judges everything of the account that waits for a verdict. */
export async function judgeAll(account: Account, take: Taking = exclusively): Promise<void> {
  await advanceOpen(account);
  if (account.rules.some((rule) => rule.judgeRequest !== undefined)) {
    const where = { status: [{ anyOf: ["DecisionRequired"] }] };
    for await (const { document } of account.store.find<RequestRecord>({
      under: pathOf(account.id, "requests"),
      where,
    })) {
      if (!document.isOwn) await judgeRequest(account, document.id, take);
    }
  }
  if (account.rules.some((rule) => rule.judgeRelationship !== undefined)) {
    const where = { status: [{ anyOf: ["Pending"] }] };
    const query = { under: pathOf(account.id, "relationships"), where };
    for await (const { document } of account.store.find<RelationshipRecord>(query)) {
      if (isUnjudged(document)) await judgeRelationship(account, document.id, take);
    }
  }
}

/** Judges one incoming LocalRequest, if it waits for that. */
export function judgeRequest(account: Account, id: string, take: Taking = exclusively): Promise<void> {
  return take(account, `judge-${id}`, async () => {
    const key = keyOf(account.id, "requests", id);
    const stored = (await account.store.get<RequestRecord>(key))?.document;
    if (stored === undefined) return;
    const record = afterClock(stored, instantOf(account.clock.now())).record;
    if (record.status !== "DecisionRequired") return;
    const { facts: seen, subject } = await requestToJudge(account, record);
    const facts = frozen(seen);
    const judged = await firstVerdict(account, (rule) => rule.judgeRequest?.(facts));
    const decider = deciderOf(account, judged, facts as unknown as JsonObject);
    const wish = wishOf(judged.verdict);
    const left = { id, isIgnored: wish.result === "ignore", decider, subject };
    if ("decision" in wish) {
      const isPlain = !needsKnowledge(record.content as unknown as Request, account.kinds);
      const carried = await carriedOut(account, { id, wish, decider, subject, isPlain });
      // Somebody is at it right now, or the relay does not say what it is asked: it is judged at the next sync.
      if (carried === undefined || carried.refusal === undefined) return;
      const { refusal, looked } = carried;
      decider.tried.push(refusedWish(account, { judged, wish, refusal, looked }));
      return void (await leaveToPeople(account, extended(left, { known: looked?.known })));
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
type Carrying = {
  id: string;
  wish: Decisive;
  decider: Decider;
  subject: JsonObject | undefined;
  /** No item wants to know anything. */
  isPlain: boolean;
};
type Carried = { readonly refusal: Refusal | undefined; readonly looked: DecidingFacts | undefined };

async function carriedOut(account: Account, carrying: Carrying): Promise<Carried | undefined> {
  const { id, wish, decider, subject, isPlain } = carrying;
  let looked: DecidingFacts | undefined;
  const onFacts = (facts: DecidingFacts) => {
    looked = facts;
  };
  const about = { ...(subject === undefined ? {} : { subject }), ...(isPlain ? { looked: nothingKnown } : {}) };
  const { result, decision } = wish;
  const decided = await unlessSilent(() => decide(account, { id, result, decision, decider, onFacts, ...about }));
  if (decided === undefined) return undefined;
  if (!decided.ok)
    return decided.refusal.code === "command.inProgress" ? undefined : { refusal: decided.refusal, looked };
  const { intent, isClaim } = decided.value;
  const outcome = intent === undefined ? undefined : await deliverLater(account, intent);
  return { refusal: isClaim === true && outcome?.ok === false ? outcome.refusal : undefined, looked };
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
