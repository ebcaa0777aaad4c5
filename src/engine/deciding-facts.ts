// What deciding an incoming LocalRequest looks at, and whether it may be decided so (spec/domain.md 4.5).

import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import { needsKnowledge } from "../items/documents-needed.ts";
import { validateDecision } from "../items/validate-decision.ts";
import { failed } from "../items/verdicts.ts";
import type { Decision } from "../model/decision.ts";
import { extended } from "../model/extended.ts";
import { instantOf } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import type { PeerRecord, RelationshipRecord, RequestRecord, TemplateRecord } from "../model/records.ts";
import type { Request } from "../model/request.ts";
import type { Validation } from "../model/validation.ts";
import type { ItemInfo } from "../ports/item-kind.ts";
import type { Reads } from "../turn/turn.ts";
import type { Account } from "./context.ts";
import { gatherKnown, infoFor, type Known, lookAtRelay, nothingKnown } from "./knowledge.ts";
import { isRelationship } from "./relationship-state.ts";
import { afterClock, isIncoming, moveIncoming } from "./request-state.ts";
import { readSecret } from "./vault.ts";

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

/** Where the answers are kept that the relay gave to the claims of a Request, until it is decided. */
export const claimsSecret = (id: string): string => `claims-${id}`;

/**
 * What the relay says about the items, asked now, and what it said to claims that an earlier try has made. Both before the
 * turn: the relay is the only one who could change either.
 */
export async function lookForDecision(account: Account, id: string, decision: Decision): Promise<Known> {
  const stored = (await account.store.get<RequestRecord>(keyOf(account.id, "requests", id)))?.document;
  if (stored === undefined || stored.isOwn) return nothingKnown;
  if (!needsKnowledge(stored.content as unknown as Request, account.kinds)) return nothingKnown;
  const now = instantOf(account.clock.now());
  const claimed = await readSecret<JsonObject>(account, account.store.get, claimsSecret(id));
  const known = claimed === undefined ? nothingKnown : new Map(Object.entries(claimed as Record<string, JsonObject>));
  const info = infoFor(account, { now, peer: stored.peer, requestId: id, known });
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
  { id, result, decision }: { readonly id: string; readonly result: "accept" | "reject"; readonly decision: Decision },
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

/** Where the items of the Request stand. */
export function infoOf(
  account: Account,
  request: RequestRecord,
  { now, known }: Pick<ItemInfo, "now" | "known">,
): ItemInfo {
  return infoFor(account, { now, peer: request.peer, requestId: request.id, known });
}
