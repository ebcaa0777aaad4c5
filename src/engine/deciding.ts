/**
 * Deciding an incoming LocalRequest (spec/domain.md 4.5) and delivering the Response (4.3).
 *
 * Q1. The Response is built once, in the turn that decides; delivering repeats its bytes.
 * Q2. What accepting does is in the commit that stores the Response.
 * Q3. So is the decision record.
 */

import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import { buildResponse, type Effects } from "../items/build-response.ts";
import { claimsNeeded } from "../items/claims.ts";
import { mayClaim } from "../items/documents-needed.ts";
import type { Decision } from "../model/decision.ts";
import { extended } from "../model/extended.ts";
import type { JsonObject } from "../model/json.ts";
import type { IntentRecord, RequestRecord } from "../model/records.ts";
import type { Request } from "../model/request.ts";
import type { Response } from "../model/response.ts";
import type { RelayCall } from "../ports/item-kind.ts";
import type { Reads } from "../turn/turn.ts";
import { accountTurn, type Change } from "./change.ts";
import { claimIntent } from "./claim-intent.ts";
import { type CommandTag, recordResult } from "./commands.ts";
import type { Account } from "./context.ts";
import { creationEntity, draftCreation, type SealedCreation } from "./creation.ts";
import {
  claimsSecret,
  type DecidingFacts,
  gatherDeciding,
  infoOf,
  judgeDecision,
  lookForDecision,
} from "./deciding-facts.ts";
import { type Decider, putDecision } from "./decision-records.ts";
import { applyItemEffects } from "./effects.ts";
import { closeIntent, hasOpenIntent, inProgress, openIntent, stillOpen } from "./intents.ts";
import type { Known } from "./knowledge.ts";
import { postLetter, type SealedLetter, sealLetter } from "./outgoing-message.ts";
import { announceMoved } from "./receive.ts";
import { isRelationship } from "./relationship-state.ts";
import { moveIncoming } from "./request-state.ts";
import { gatherRuleSet, putRuleSet } from "./rule-sets.ts";
import { refusalOfValidation } from "./validation-refusal.ts";
import { putSecret } from "./vault.ts";

/** One decision about to be taken. */
export interface Deciding {
  readonly id: string;
  readonly result: "accept" | "reject";
  readonly decision: Decision;
  readonly decider: Decider;
  /** Hears what the turn looked at, whatever becomes of it. */
  readonly onFacts?: (facts: DecidingFacts) => void;
  readonly tag?: CommandTag;
  /** What the relay says about the items, where the caller knows it: nothing, if they do not ask. */
  readonly looked?: Known;
  /** The template or message as embedders see it, for the event that says a rule decided. */
  readonly subject?: JsonObject;
}

type Delivery =
  | { readonly by: "creation"; readonly sealed: SealedCreation }
  | { readonly by: "message"; readonly sealed: SealedLetter }
  | { readonly by: "nobody" };

type Prepared =
  | { readonly response: Response; readonly effects: Effects; readonly delivery: Delivery }
  /** The relay must have done this first, and nothing is decided before. */
  | { readonly claim: RelayCall };

/**
 * What deciding gave: the LocalRequest, and the intent that delivers its Response, if any. With `isClaim` nothing is decided
 * yet: the intent asks the relay for what accepting takes, and deciding goes on with its answer.
 */
export type Decided = { readonly record: RequestRecord; readonly intent?: IntentRecord; readonly isClaim?: true };

/** A decision that goes on after a claim; what the relay said to the claims so far. */
export interface Continued {
  readonly intent: IntentRecord;
  readonly answers: { readonly [key: string]: JsonObject };
}

/** Turn 1: decides, stores Response and record, and opens the intent that delivers it, all in one commit. */
export async function decide(account: Account, deciding: Deciding, continued?: Continued): Promise<Outcome<Decided>> {
  const looked = deciding.looked ?? (await lookForDecision(account, deciding.id, deciding.decision));
  const known = continued === undefined ? looked : new Map([...looked, ...Object.entries(continued.answers)]);
  return accountTurn(account, {
    async gather(reads) {
      const facts = await gatherDeciding(account, reads, { ...deciding, looked: known });
      deciding.onFacts?.(facts);
      await gatherRuleSet(account, reads, deciding.decider.rules);
      const isBusy = await isBusyWith(account, reads, { request: facts.request, continued });
      const prepared = isBusy ? inProgress<Prepared>(deciding.id) : await prepare(account, reads, { facts, deciding });
      return { facts, prepared };
    },
    plan: ({ facts, prepared }, change) => planDecided(account, change, { facts, prepared, deciding, continued }),
  });
}

// Only claims are at work on a Request that is not decided; whoever goes on after one must still be the one who made it.
async function isBusyWith(
  account: Account,
  reads: Reads,
  { request, continued }: { request: RequestRecord | undefined; continued: Continued | undefined },
): Promise<boolean> {
  if (continued !== undefined) return (await stillOpen(account, reads, continued.intent)) === undefined;
  if (request === undefined || !mayClaim(request.content as unknown as Request, account.kinds)) return false;
  return hasOpenIntent(account, reads, request.id);
}

async function prepare(
  account: Account,
  reads: Reads,
  { facts, deciding }: { facts: DecidingFacts; deciding: Deciding },
): Promise<Outcome<Prepared>> {
  const verdict = judgeDecision(account, facts, deciding);
  if (!verdict.ok) return verdict;
  if (!verdict.value.isSuccess) return refusalOfValidation(verdict.value);
  const request = facts.request as RequestRecord;
  const answering = {
    request: request.content as unknown as Request,
    decision: deciding.decision,
    result: deciding.result,
    requestId: request.id,
    kinds: account.kinds,
    info: infoOf(account, request, facts),
  };
  const [claim] = claimsNeeded(answering);
  if (claim !== undefined) return allow({ claim });
  const { response, effects } = buildResponse(answering);
  const delivery = await prepareDelivery(account, reads, extended(facts, { request, response }));
  return delivery.ok ? allow({ response, effects, delivery: delivery.value }) : delivery;
}

/** How the Response gets to the peer (spec/domain.md 4.3, "LocalRequest became Decided"). */
export async function prepareDelivery(
  account: Account,
  reads: Reads,
  answered: Omit<DecidingFacts, "request"> & { request: RequestRecord; response: Response },
): Promise<Outcome<Delivery>> {
  const { request, template, relationship, response } = answered;
  const isAnsweredByMessage = relationship !== undefined && isRelationship(relationship, "answersByMessage");
  if (isAnsweredByMessage && request.source !== undefined) {
    const sealed = await sealLetter(account, reads, {
      entity: request.id,
      content: wrapperOf(request, response),
      recipients: [relationship],
      answers: request.id,
    });
    return sealed.ok ? allow({ by: "message", sealed: sealed.value }) : sealed;
  }
  if (request.source?.type === "Message") {
    const message = `There is no Active Relationship with ${request.peer}; the Response cannot be sent.`;
    return refuse("error.consumption.requests.wrongRelationshipStatus", message);
  }
  if (response.result === "Rejected") return allow({ by: "nobody" });
  if (template === undefined) {
    return refuse("error.runtime.recordNotFound", `The template of ${request.id} is not here any more. Load it again.`);
  }
  const entity = creationEntity(request.peer);
  if (await hasOpenIntent(account, reads, entity)) return inProgress(entity);
  const content = { "@type": "RelationshipCreationContent", response } as unknown as JsonObject;
  const sealed = draftCreation(account, { template, content, answers: request.id });
  return sealed.ok ? allow({ by: "creation", sealed: sealed.value }) : sealed;
}

function wrapperOf(request: RequestRecord, response: Response): JsonObject {
  const mismatch = request.origin === "onNewRelationship" ? { requestOrigin: request.origin } : {};
  return {
    "@type": "ResponseWrapper",
    requestId: request.id,
    requestSourceReference: request.source?.reference ?? "",
    requestSourceType: request.source?.type ?? "Message",
    response: response as unknown as JsonObject,
    ...mismatch,
  };
}

function planDecided(
  account: Account,
  change: Change,
  planned: {
    facts: DecidingFacts;
    prepared: Outcome<Prepared>;
    deciding: Deciding;
    continued: Continued | undefined;
  },
): Outcome<Decided> {
  const { facts, prepared, deciding, continued } = planned;
  if (!prepared.ok) return prepared;
  const { now } = facts;
  const before = facts.request as RequestRecord;
  if (continued !== undefined) closeIntent(change, continued.intent);
  if ("claim" in prepared.value) {
    const { claim } = prepared.value;
    const intent = claimIntent(account, { claim, deciding, peer: before.peer });
    if (continued !== undefined) putSecret(account, change, { id: claimsSecret(before.id), secret: continued.answers });
    openIntent(account, change, { intent });
    if (deciding.decider.rules !== undefined) putRuleSet(account, change, { set: deciding.decider.rules, at: now });
    return allow({ record: before, intent, isClaim: true as const });
  }
  // What was claimed has its place now, or is wanted no more; an earlier try may have kept it.
  if (mayClaim(before.content as unknown as Request, account.kinds)) change.remove("secrets", claimsSecret(before.id));
  const { response, effects, delivery } = prepared.value;
  const fact = { type: deciding.result === "accept" ? "recipient.accepted" : "recipient.rejected" } as const;
  const moved = moveIncoming(before, fact, now);
  if (!moved.ok) return moved;
  const isAutomatic = deciding.decider.decider.kind === "rule";
  let record: RequestRecord = extended(moved.value.record, {
    response: { createdAt: now, content: response as unknown as JsonObject },
    ...(isAutomatic ? { wasAutomaticallyDecided: true as const } : {}),
  });
  applyItemEffects(account, change, effects);
  announceMoved(change, { ...moved.value, record });
  if (delivery.by === "nobody") record = completeUndelivered(change, record, now);
  change.put("requests", record.id, record);
  if (delivery.by === "creation")
    openIntent(account, change, { intent: delivery.sealed.intent, secret: delivery.sealed.secret });
  if (delivery.by === "message") postLetter(account, change, delivery.sealed);
  putDecision(account, change, {
    entity: record.id,
    peer: record.peer,
    decidedAt: now,
    verdict: deciding.result,
    decision: deciding.decision as unknown as JsonObject,
    decider: deciding.decider,
    known: facts.known,
  });
  if (isAutomatic)
    announceProcessed(change, record, { result: "RequestAutomaticallyDecided", subject: deciding.subject });
  recordResult(account, change, { tag: deciding.tag, result: { id: record.id } });
  return allow(delivery.by === "nobody" ? { record } : { record, intent: delivery.sealed.intent });
}

/** A rejected Request of a template without Relationship is over at once: nobody is told (spec/domain.md 4.3). */
export function completeUndelivered(change: Change, record: RequestRecord, now: string): RequestRecord {
  const moved = moveIncoming(record, { type: "response.delivered" }, now);
  if (!moved.ok) return record;
  change.deadline(record.id, undefined);
  announceMoved(change, moved.value);
  return moved.value.record;
}

/** What became of the template or message that a LocalRequest came from. */
export function announceProcessed(
  change: Change,
  record: RequestRecord,
  { result, subject }: { result: string; subject: JsonObject | undefined },
): void {
  const isFromTemplate = record.source?.type === "RelationshipTemplate";
  const shown = subject ?? { id: record.source?.reference ?? "" };
  const name = isFromTemplate ? "consumption.relationshipTemplateProcessed" : "consumption.messageProcessed";
  change.event(name, () =>
    isFromTemplate ? { template: shown, result, requestId: record.id } : { message: shown, result },
  );
}
