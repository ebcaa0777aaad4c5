// How the sender's LocalRequest is created or completed from the peer's Response (spec/domain.md 4.4).

import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import { applyResponse } from "../items/apply-response.ts";
import { canCreateRequest } from "../items/can-create-request.ts";
import { extended } from "../model/extended.ts";
import { instantOf } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import type { RelationshipRecord, RequestRecord, Source, TemplateRecord } from "../model/records.ts";
import type { Request } from "../model/request.ts";
import type { Response } from "../model/response.ts";
import type { Reads } from "../turn/turn.ts";
import type { Change } from "./change.ts";
import type { Account } from "./context.ts";
import { applyItemEffects } from "./effects.ts";
import { gatherKnown, infoFor, type Known } from "./knowledge.ts";
import { requestView } from "./present.ts";
import { announceMoved } from "./receive.ts";
import { draftedState, moveOutgoing } from "./request-state.ts";
import { refusalOfValidation } from "./validation-refusal.ts";

/** A Response to a Request of one of our templates, with what is needed to complete it. */
export interface Completion {
  readonly template: TemplateRecord;
  readonly request: Request;
  readonly response: Response;
  /** The LocalRequest of this id, if there is one already. */
  readonly known: RequestRecord | undefined;
  /** What the items look at. */
  readonly documents: Known;
}

/** What a Pending Relationship completes; undefined when one of its contents is not structured. */
export async function gatherCompletion(
  account: Account,
  reads: Reads,
  record: RelationshipRecord,
): Promise<Completion | undefined> {
  const content = record.creationContent as { "@type"?: unknown; response?: Response };
  if (content["@type"] !== "RelationshipCreationContent" || content.response === undefined) return undefined;
  const template = await templateOf(account, reads, record.templateId);
  const request = (template?.content as { onNewRelationship?: Request } | undefined)?.onNewRelationship;
  if (template === undefined || request === undefined) return undefined;
  return completionOf(account, reads, { template, request, response: content.response, peer: record.peer });
}

/** What a ResponseWrapper for a template completes; undefined when the template is not ours or has no such Request. */
export async function gatherTemplateAnswer(
  account: Account,
  reads: Reads,
  answer: {
    readonly templateId: string;
    readonly response: Response;
    readonly origin: string | undefined;
    readonly from: string;
  },
): Promise<Completion | undefined> {
  const template = await templateOf(account, reads, answer.templateId);
  if (template?.isOwn !== true) return undefined;
  const content = template.content as { onNewRelationship?: Request; onExistingRelationship?: Request };
  const isNew = answer.origin === "onNewRelationship";
  const request = isNew ? content.onNewRelationship : content.onExistingRelationship;
  if (request === undefined) return undefined;
  return completionOf(account, reads, { template, request, response: answer.response, peer: answer.from });
}

async function completionOf(
  account: Account,
  reads: Reads,
  { peer, ...answered }: Omit<Completion, "known" | "documents"> & { readonly peer: string },
): Promise<Completion> {
  const { request, response } = answered;
  const now = instantOf(account.clock.now());
  const info = infoFor(account, { now, peer, requestId: response.requestId });
  const creating = await gatherKnown(account, reads, { request, info });
  const documents = await gatherKnown(account, reads, { request, response, info: extended(info, { known: creating }) });
  return { ...answered, documents, known: await knownRequest(account, reads, response) };
}

/** What the items of an own Request look at when its Response is applied. */
export async function gatherApplying(
  account: Account,
  reads: Reads,
  { record, response }: { readonly record: RequestRecord; readonly response: Response },
): Promise<Known> {
  const now = instantOf(account.clock.now());
  const info = infoFor(account, { now, peer: record.peer, requestId: record.id });
  return gatherKnown(account, reads, { request: record.content as unknown as Request, response, info });
}

/**
 * Completes the Request that a new Pending Relationship answers. A Response that does not fit is ignored: the Relationship
 * stays Pending and a person decides (spec/domain.md 12 #16).
 */
export function completeFromCreation(
  account: Account,
  change: Change,
  { completion, record, now }: { completion: Completion; record: RelationshipRecord; now: string },
): void {
  const respondedAt = record.auditLog[0]?.createdAt ?? now;
  const source = { type: "Relationship", reference: record.id };
  const completed = createAndComplete(account, change, { completion, peer: record, source, respondedAt, now });
  if (!completed.ok) {
    account.log.write("warn", "A Response does not fit its Request and was ignored.", {
      relationship: record.id,
      code: completed.refusal.code,
    });
    return;
  }
  const created = completed.value;
  change.event("consumption.outgoingRequestFromRelationshipCreationCreatedAndCompleted", () => requestView(created));
}

/** Draft, Open and Completed in one go, in the commit that stores the Response's source (Q2). */
export function createAndComplete(
  account: Account,
  change: Change,
  given: { completion: Completion; peer: RelationshipRecord; source: Source; respondedAt: string; now: string },
): Outcome<RequestRecord> {
  const { completion, peer, source, respondedAt, now } = given;
  const { template, request, response, known, documents } = completion;
  if (known !== undefined) {
    const message = `A LocalRequest with the id ${response.requestId} exists.`;
    return refuse("error.consumption.requests.cannotCreateRequestWithDuplicateId", message);
  }
  if (template.forIdentity !== undefined && template.forIdentity !== peer.peer) {
    return refuse("error.transport.general.notIntendedForYou", `The template ${template.id} was not for ${peer.peer}.`);
  }
  // Judged at the time of the answer, not of the synchronisation: see docs/decisions.
  const info = infoFor(account, { now, peer: peer.peer, requestId: response.requestId, known: documents });
  const creatable = canCreateRequest({
    request,
    relationship: { exists: true, requestCreatable: true },
    kinds: account.kinds,
    info: extended(info, { now: respondedAt, isAnswered: true as const }),
  });
  if (!creatable.isSuccess) return refusalOfValidation(creatable);
  const effects = applyResponse({ request, response, kinds: account.kinds, info });
  if (!effects.ok) return effects;

  const drafted: RequestRecord = {
    id: response.requestId,
    isOwn: true,
    peer: peer.peer,
    createdAt: now,
    content: extended(request, { id: response.requestId }) as unknown as JsonObject,
    status: "Draft",
    statusLog: [],
    source: { type: "RelationshipTemplate", reference: template.id },
    response: { createdAt: respondedAt, content: response as unknown as JsonObject, source },
    state: draftedState(request.expiresAt),
  };
  const sent = moveOutgoing(drafted, { type: "request.sent" }, now);
  if (!sent.ok) return sent;
  const fact = { type: "response.received", respondedAt, result: response.result } as const;
  const completed = moveOutgoing(sent.value.record, fact, now);
  if (!completed.ok) return completed;
  const { record } = completed.value;
  applyItemEffects(account, change, effects.value);
  change.put("requests", record.id, record);
  change.event("consumption.outgoingRequestCreatedAndCompleted", () => requestView(record));
  return allow(record);
}

/** Completes an Open (or, if answered in time, Expired) LocalRequest from a Message. */
export function completeFromMessage(
  account: Account,
  change: Change,
  given: {
    request: RequestRecord | undefined;
    response: Response;
    message: { id: string; createdAt: string; from: string };
    documents: Known;
    now: string;
  },
): Outcome<RequestRecord> {
  const { request, response, message, documents, now } = given;
  if (request === undefined || !request.isOwn || request.peer !== message.from) {
    const why = `The Response to ${response.requestId} answers no Request that was sent to ${message.from}.`;
    return refuse("error.transport.recordNotFound", why);
  }
  const content = request.content as unknown as Request;
  const info = infoFor(account, { now, peer: request.peer, requestId: request.id, known: documents });
  const effects = applyResponse({ request: content, response, kinds: account.kinds, info });
  if (!effects.ok) return effects;
  const fact = { type: "response.received", respondedAt: message.createdAt, result: response.result } as const;
  const moved = moveOutgoing(request, fact, now);
  if (!moved.ok) return moved;
  const record: RequestRecord = extended(moved.value.record, {
    response: {
      createdAt: message.createdAt,
      content: response as unknown as JsonObject,
      source: { type: "Message", reference: message.id } as const,
    },
  });
  applyItemEffects(account, change, effects.value);
  change.put("requests", record.id, record);
  change.deadline(record.id, undefined);
  announceMoved(change, { ...moved.value, record });
  return allow(record);
}

async function templateOf(account: Account, reads: Reads, id: string): Promise<TemplateRecord | undefined> {
  return (await reads.get<TemplateRecord>(keyOf(account.id, "templates", id)))?.document;
}

async function knownRequest(account: Account, reads: Reads, response: Response): Promise<RequestRecord | undefined> {
  return (await reads.get<RequestRecord>(keyOf(account.id, "requests", response.requestId)))?.document;
}
