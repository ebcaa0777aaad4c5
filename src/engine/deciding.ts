/**
 * Deciding an incoming LocalRequest (spec/domain.md 4.5) and delivering the Response (4.3).
 *
 * Q1. The Response is built once, in the turn that decides; delivering repeats its bytes.
 * Q2. What accepting does is in the commit that stores the Response.
 * Q3. So is the decision record.
 */

import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import { buildResponse, type Effects } from "../items/build-response.ts";
import { validateDecision } from "../items/validate-decision.ts";
import { failed } from "../items/verdicts.ts";
import type { Decision } from "../model/decision.ts";
import { extended } from "../model/extended.ts";
import { instantOf } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import type { IntentRecord, PeerRecord, RelationshipRecord, RequestRecord, TemplateRecord } from "../model/records.ts";
import type { Request } from "../model/request.ts";
import type { Response } from "../model/response.ts";
import type { Validation } from "../model/validation.ts";
import type { ItemInfo } from "../ports/item-kind.ts";
import type { Reads } from "../turn/turn.ts";
import { accountTurn, type Change } from "./change.ts";
import { type CommandTag, recordResult } from "./commands.ts";
import type { Account } from "./context.ts";
import { creationEntity, draftCreation, type SealedCreation } from "./creation.ts";
import { type Decider, putDecision } from "./decision-records.ts";
import { applyEffects } from "./effects.ts";
import { hasOpenIntent, inProgress, openIntent } from "./intents.ts";
import { gatherKnown, infoFor, type Known, lookAtRelay, nothingKnown } from "./knowledge.ts";
import { postLetter, type SealedLetter, sealLetter } from "./outgoing-message.ts";
import { announceMoved } from "./receive.ts";
import { isRelationship } from "./relationship-state.ts";
import { afterClock, isIncoming, moveIncoming } from "./request-state.ts";
import { gatherRuleSet } from "./rule-sets.ts";
import { refusalOfValidation } from "./validation-refusal.ts";

/** One decision about to be taken. */
export interface Deciding {
  readonly id: string;
  readonly result: "accept" | "reject";
  readonly decision: Decision;
  readonly decider: Decider;
  /** Hears what the turn looked at, whatever becomes of it. */
  readonly onFacts?: (facts: DecidingFacts) => void;
  readonly tag?: CommandTag;
  /** The template or message as embedders see it, for the event that says a rule decided. */
  readonly subject?: JsonObject;
}

/** What deciding looks at. */
export interface DecidingFacts {
  readonly request: RequestRecord | undefined;
  readonly template: TemplateRecord | undefined;
  readonly relationship: RelationshipRecord | undefined;
  readonly known: Known;
  readonly now: string;
}

/** What deciding is about. `looked` is what the relay was asked before, see `lookForDecision`. */
export interface DecisionAbout {
  readonly id: string;
  readonly decision?: Decision;
  readonly looked?: Known;
}

/** Asks the relay what the items want to hear from it before they are decided like this. */
export async function lookForDecision(account: Account, id: string, decision: Decision): Promise<Known> {
  const stored = (await account.store.get<RequestRecord>(keyOf(account.id, "requests", id)))?.document;
  if (stored === undefined || stored.isOwn) return nothingKnown;
  const now = instantOf(account.clock.now());
  const info = infoFor(account, { now, peer: stored.peer, requestId: id });
  return lookAtRelay(account, { request: stored.content as unknown as Request, decision, info });
}

/** Reads what deciding looks at, and lets the clock speak first (T1). */
export async function gatherDeciding(
  account: Account,
  reads: Reads,
  { id, decision, looked = nothingKnown }: DecisionAbout,
): Promise<DecidingFacts> {
  const now = instantOf(account.clock.now());
  const stored = (await reads.get<RequestRecord>(keyOf(account.id, "requests", id)))?.document;
  if (stored === undefined || stored.isOwn) {
    return { request: undefined, template: undefined, relationship: undefined, known: nothingKnown, now };
  }
  const request = afterClock(stored, now).record;
  const { source } = request;
  const isFromTemplate = source?.type === "RelationshipTemplate";
  const template = isFromTemplate
    ? (await reads.get<TemplateRecord>(keyOf(account.id, "templates", source.reference)))?.document
    : undefined;
  const relationship = await relationshipWith(account, reads, request.peer);
  const info = infoFor(account, { now, peer: request.peer, requestId: id, known: looked });
  const asked = { request: request.content as unknown as Request, info };
  const known = await gatherKnown(account, reads, decision === undefined ? asked : extended(asked, { decision }));
  return { request, template, relationship, known, now };
}

/** The Relationship with a peer that counts: the existing one, else the youngest. */
export async function relationshipWith(
  account: Account,
  reads: Reads,
  peer: string,
): Promise<RelationshipRecord | undefined> {
  const record = (await reads.get<PeerRecord>(keyOf(account.id, "peers", peer)))?.document;
  const id = record?.existing ?? record?.newest;
  if (id === undefined) return undefined;
  return (await reads.get<RelationshipRecord>(keyOf(account.id, "relationships", id)))?.document;
}

/** canAccept and canReject, rows 2 to 10 of 4.5 in order; rows that throw there are refusals here. */
export function judgeDecision(
  account: Account,
  facts: DecidingFacts,
  { id, result, decision }: Pick<Deciding, "id" | "result" | "decision">,
): Outcome<Validation> {
  const { request, relationship, now, known } = facts;
  if (request === undefined) {
    return refuse("error.transport.recordNotFound", `There is no incoming LocalRequest ${id}. Check the id.`);
  }
  const tag = request.source?.type === "Message" ? "decideMessageRequest" : "decideTemplateRequest";
  if (relationship !== undefined && !isRelationship(relationship, tag)) {
    const message = `The Relationship with ${request.peer} is ${relationship.status}; the Request cannot be decided.`;
    return allow(failed("error.consumption.requests.wrongRelationshipStatus", message));
  }
  if (!isIncoming(request, "decidable")) {
    const moved = moveIncoming(
      request,
      { type: result === "accept" ? "recipient.accepted" : "recipient.rejected" },
      now,
    );
    if (!moved.ok) return moved;
  }
  const deletion = relationship?.peerDeletionInfo?.deletionStatus;
  if (deletion === "ToBeDeleted") {
    return allow(failed("error.consumption.requests.peerIsInDeletion", `${request.peer} is about to be deleted.`));
  }
  if (deletion === "Deleted") {
    return allow(failed("error.consumption.requests.peerIsDeleted", `${request.peer} was deleted.`));
  }
  const info = infoOf(account, request, { now, known });
  const content = request.content as unknown as Request;
  return allow(validateDecision({ request: content, decision, result, kinds: account.kinds, info }));
}

function infoOf(account: Account, request: RequestRecord, { now, known }: Pick<ItemInfo, "now" | "known">): ItemInfo {
  return infoFor(account, { now, peer: request.peer, requestId: request.id, known });
}

type Delivery =
  | { readonly by: "creation"; readonly sealed: SealedCreation }
  | { readonly by: "message"; readonly sealed: SealedLetter }
  | { readonly by: "nobody" };

type Prepared = { readonly response: Response; readonly effects: Effects; readonly delivery: Delivery };

/** What deciding gave: the LocalRequest, and the intent that delivers its Response, if any. */
export type Decided = { readonly record: RequestRecord; readonly intent?: IntentRecord };

/** Turn 1: decides, stores Response and record, and opens the intent that delivers it, all in one commit. */
export function decide(account: Account, deciding: Deciding): Promise<Outcome<Decided>> {
  return accountTurn(account, {
    async gather(reads) {
      const facts = await gatherDeciding(account, reads, deciding);
      deciding.onFacts?.(facts);
      await gatherRuleSet(account, reads, deciding.decider.rules);
      return { facts, prepared: await prepare(account, reads, { facts, deciding }) };
    },
    plan: ({ facts, prepared }, change) => planDecided(account, change, { facts, prepared, deciding }),
  });
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
  const { response, effects } = buildResponse({
    request: request.content as unknown as Request,
    decision: deciding.decision,
    result: deciding.result,
    requestId: request.id,
    kinds: account.kinds,
    info: infoOf(account, request, facts),
  });
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
  { facts, prepared, deciding }: { facts: DecidingFacts; prepared: Outcome<Prepared>; deciding: Deciding },
): Outcome<Decided> {
  if (!prepared.ok) return prepared;
  const { response, effects, delivery } = prepared.value;
  const { now } = facts;
  const before = facts.request as RequestRecord;
  const fact = { type: deciding.result === "accept" ? "recipient.accepted" : "recipient.rejected" } as const;
  const moved = moveIncoming(before, fact, now);
  if (!moved.ok) return moved;
  const isAutomatic = deciding.decider.decider.kind === "rule";
  let record: RequestRecord = extended(moved.value.record, {
    response: { createdAt: now, content: response as unknown as JsonObject },
    ...(isAutomatic ? { wasAutomaticallyDecided: true as const } : {}),
  });
  applyEffects(change, effects);
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
