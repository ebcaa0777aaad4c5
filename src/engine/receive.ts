// How a Request of a peer becomes an incoming LocalRequest (spec/domain.md 4.2, 4.3). Pure plans over what was gathered.

import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import { extended } from "../model/extended.ts";
import type { JsonObject } from "../model/json.ts";
import type { PeerRecord, RelationshipRecord, RequestRecord, Source, TemplateRecord } from "../model/records.ts";
import { isGroup, type Request } from "../model/request.ts";
import type { Change } from "./change.ts";
import type { Account } from "./context.ts";
import { infoFor, type Known, nothingKnown } from "./knowledge.ts";
import { relationshipView, requestView } from "./present.ts";
import { isRelationship, strangerRecord } from "./relationship-state.ts";
import { afterClock, deadlineOf, isIncoming, type Moved, moveIncoming, receivedState } from "./request-state.ts";

/** A Request that arrived. `origin` is set for Requests of templates. */
export interface Arrival {
  readonly id: string;
  readonly request: Request;
  readonly peer: string;
  readonly source: Source & { readonly type: "Message" | "RelationshipTemplate" };
  readonly origin?: "onNewRelationship" | "onExistingRelationship";
  readonly now: string;
}

/** Puts the LocalRequest into the change and takes it as far as it goes without a decision. */
export function receive(account: Account, change: Change, arrival: Arrival): RequestRecord {
  const { id, request, peer, source, origin, now } = arrival;
  const opened: RequestRecord = {
    id,
    isOwn: false,
    peer,
    createdAt: now,
    content: extended(request, { id }) as JsonObject,
    status: "Open",
    statusLog: [],
    source: { type: source.type, reference: source.reference },
    ...(origin === undefined ? {} : { origin }),
    state: receivedState(source.type, request.expiresAt),
  };
  const clocked = afterClock(opened, now).record;
  change.event("consumption.incomingRequestReceived", () => requestView(clocked));
  if (isIncoming(clocked, "expired")) {
    change.put("requests", id, clocked);
    return clocked;
  }
  return advance(account, change, { record: clocked, known: nothingKnown, now });
}

/** An Open LocalRequest, and the documents that its items look at. */
export interface Waiting {
  readonly record: RequestRecord;
  readonly known: Known;
  readonly now: string;
}

/** Takes an Open LocalRequest on: prerequisites, and without rules straight to a person. */
export function advance(account: Account, change: Change, waiting: Waiting): RequestRecord {
  const { record, now } = waiting;
  let current = record;
  if (prerequisitesMet(account, waiting)) {
    current = keep(change, moveIncoming(current, { type: "prerequisites.met" }, now), current);
    const judges = account.rules.some((rule) => rule.judgeRequest !== undefined);
    if (!judges) current = keep(change, moveIncoming(current, { type: "automation.declined" }, now), current);
  }
  change.put("requests", current.id, current);
  change.deadline(current.id, deadlineOf(current));
  return current;
}

/** Announces a change of status and gives the record after it. A refused fact leaves the record as it was. */
export function keep(change: Change, moved: Outcome<Moved>, before: RequestRecord): RequestRecord {
  if (!moved.ok) return before;
  announceMoved(change, moved.value);
  return moved.value.record;
}

/** The events of a change of status. */
export function announceMoved(change: Change, { record, announcements }: Moved): void {
  for (const { name, oldStatus, newStatus } of announcements) {
    change.event(name, () => ({ request: requestView({ ...record, status: newStatus }), oldStatus, newStatus }));
  }
}

/** Whether every item can be judged by now. */
export function prerequisitesMet(account: Account, { record, known, now }: Waiting): boolean {
  const info = infoFor(account, { now, peer: record.peer, requestId: record.id, known });
  return (record.content as unknown as Request).items
    .flatMap((entry) => (isGroup(entry) ? entry.items : [entry]))
    .every((item) => account.kinds.get(item["@type"])?.checkPrerequisites?.(item, info) ?? true);
}

/** What the rules of loading look at. */
export interface TemplateFacts {
  readonly template: TemplateRecord;
  readonly view: () => unknown;
  readonly peer: PeerRecord | undefined;
  readonly existing: RelationshipRecord | undefined;
  /** The LocalRequest that this template gave rise to, if it is still there. */
  readonly ownRequest: RequestRecord | undefined;
  /** Incoming LocalRequests from templates of the same creator. */
  readonly otherRequests: readonly RequestRecord[];
  readonly newRequestId: string;
  readonly now: string;
}

/** What loading a foreign template leads to: the rules of spec/domain.md 4.3, top down, first hit ends. */
export function templateLoaded(account: Account, change: Change, facts: TemplateFacts): void {
  if (facts.template.isOwn) return;
  change.event("transport.peerRelationshipTemplateLoaded", facts.view);
  const verdict = judgeLoading(facts);
  const result = "result" in verdict ? verdict : receiveFromTemplate(account, change, { facts, ...verdict });
  if (result === undefined) return;
  change.event("consumption.relationshipTemplateProcessed", () => ({ template: facts.view(), ...result }));
}

type Processed = { readonly result: string; readonly requestId?: string; readonly relationshipId?: string };
type Receivable = { readonly request: Request; readonly origin: "onNewRelationship" | "onExistingRelationship" };

function judgeLoading({ template, existing, ownRequest, otherRequests, now }: TemplateFacts): Processed | Receivable {
  const content = template.content as {
    "@type"?: unknown;
    onNewRelationship?: Request;
    onExistingRelationship?: Request;
  };
  const { onNewRelationship, onExistingRelationship } = content;
  if (content["@type"] !== "RelationshipTemplateContent" || onNewRelationship === undefined)
    return { result: "NoRequest" };
  if (ownRequest !== undefined && !isIncoming(ownRequest, "completed")) {
    return { result: "NonCompletedRequestExists", requestId: ownRequest.id };
  }
  if (existing !== undefined) {
    if (!isRelationship(existing, "answersByMessage") || onExistingRelationship === undefined) {
      return { result: "RelationshipExists", relationshipId: existing.id };
    }
    if (isOver(onExistingRelationship.expiresAt, now)) return { result: "RequestExpired" };
    return { request: onExistingRelationship, origin: "onExistingRelationship" };
  }
  const open = otherRequests.find((request) => isIncoming(request, "open"));
  if (open !== undefined) return { result: "NonCompletedRequestExists", requestId: open.id };
  if (isOver(onNewRelationship.expiresAt, now)) return { result: "RequestExpired" };
  const expiresAt = earlier(template.expiresAt, onNewRelationship.expiresAt);
  const request = expiresAt === undefined ? onNewRelationship : extended(onNewRelationship, { expiresAt });
  return { request, origin: "onNewRelationship" };
}

// The outcome, or undefined when it follows with the verdict of the rules.
function receiveFromTemplate(
  account: Account,
  change: Change,
  { facts, request, origin }: Receivable & { readonly facts: TemplateFacts },
): Processed | undefined {
  const { template, now, newRequestId: id } = facts;
  const source = { type: "RelationshipTemplate", reference: template.id } as const;
  const record = receive(account, change, { id, request, peer: template.createdBy, source, origin, now });
  change.put("templates", template.id, extended(template, { requestId: id }));
  const peer = facts.peer ?? strangerRecord(template.createdBy);
  const still = facts.otherRequests.filter((other) => isIncoming(other, "open")).map((other) => other.id);
  change.put("peers", template.createdBy, { ...peer, openRequests: [...still, id] });
  if (record.status === "ManualDecisionRequired") return { result: "ManualRequestDecisionRequired", requestId: id };
  return undefined;
}

/** Whether a received Request may be stored as a LocalRequest: its id must be new. */
export function mayReceive(arrival: Arrival, known: RequestRecord | undefined): Outcome<undefined> {
  if (known === undefined) return allow(undefined);
  const message = `A Request with the id ${arrival.id} was received before.`;
  return refuse("error.consumption.requests.cannotCreateRequestWithDuplicateId", message, { request: arrival.id });
}

/** The Relationship's announcements as events. */
export function announceRelationship(change: Change, record: RelationshipRecord, names: readonly string[]): void {
  for (const name of names) {
    if (name === "relationshipDecomposedBySelf") {
      change.event(`transport.${name}`, () => ({ relationshipId: record.id }));
    } else change.event(`transport.${name}`, () => relationshipView(record));
  }
}

// The generic date helper treats the very instant as over (spec/domain.md 2.1).
function isOver(expiresAt: string | undefined, now: string): boolean {
  return expiresAt !== undefined && now >= expiresAt;
}

function earlier(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one < other ? one : other;
}
