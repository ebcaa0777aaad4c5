// What must be true once faults have stopped and both have synchronised until nothing changes any more.

import type { Json } from "rapport/core";
import { isSameJson } from "rapport/core";
import {
  type Chart,
  incomingRequestChart,
  type Kind,
  outgoingRequestChart,
  relationshipChart,
  relationshipRoles,
  statusOfRelationship,
} from "rapport/machines";
import type { RelationshipRecord, RequestRecord } from "../../../src/model/records.ts";
import {
  type IdentityDocument,
  identityKey,
  type RelationshipDocument,
  relationshipPath,
} from "../../../src/relay/documents.ts";
import { is } from "../../../src/relay/relationship-state.ts";
import { step } from "../../../src/turn/step.ts";
import { must } from "./found.ts";
import type { Party, Side } from "./party.ts";
import { sides } from "./party.ts";
import { openIntents } from "./safety.ts";
import { documentAt, documentsIn, type Snapshot } from "./snapshot.ts";

/** Everything that is stored, at one moment. */
export interface Stored {
  readonly parties: { readonly [side in Side]: Party };
  readonly stored: { readonly [side in Side]: Snapshot };
  readonly relay: Snapshot;
}

/** Stops when the two and the relay do not agree, or when something is stuck. */
export function checkAgreement(all: Stored): void {
  const living = sides.filter((side) => isActive(all, side));
  for (const relationship of documentsIn<RelationshipDocument>(all.relay, relationshipPath)) {
    for (const side of living) checkCopy(all, side, relationship);
    const status = statusOfRelationship(relationship.state.value);
    const isLeft = relationshipRoles.some((by) => hears(relationship, by));
    const isFinal = ["Rejected", "Revoked", "ReadyForDeletion"].includes(status);
    must(isFinal || isLeft, () => `Liveness: the Relationship is ${status}, and nobody may take a step.`);
  }
  for (const side of living) checkOwn(all, side);
  const [one, other] = sides;
  if (living.length === 2) {
    checkAnswers(all, one, other);
    checkAnswers(all, other, one);
  }
}

function isActive({ parties, relay }: Stored, side: Side): boolean {
  return documentAt<IdentityDocument>(relay, identityKey(parties[side].caller.address))?.status === "Active";
}

function hears({ state }: RelationshipDocument, by: (typeof relationshipRoles)[number]): boolean {
  const facts = [...(relationshipChart.leaves.get(leafName(state.value))?.rows.keys() ?? [])];
  return facts.some((type) => step(relationshipChart, state, { type, by } as Parameters<typeof step>[2] as never).ok);
}

function leafName(value: unknown): string {
  if (typeof value === "string") return value;
  const [[state, inner] = ["", ""]] = Object.entries(value as object);
  return `${state}.${leafName(inner)}`;
}

// R2. Whoever has left holds nothing; whoever has not holds the relay's copy.
function checkCopy(all: Stored, side: Side, relationship: RelationshipDocument): void {
  const { id } = relationship;
  const { identity, caller } = all.parties[side];
  if (!relationship.parties.includes(caller.address)) return;
  const held = documentAt<RelationshipRecord>(all.stored[side], `${identity.record.id}/relationships/${id}`);
  if (relationship.decomposedBy.includes(caller.address)) {
    must(held === undefined, () => `R2: ${side} has left ${id} and still holds it.`);
    return;
  }
  // Created and left by the peer before this side heard of it.
  if (held === undefined && relationship.decomposedBy.length > 0) return;
  must(held !== undefined, () => `R2: after syncing, ${side} does not hold the Relationship ${id}.`);
  if (held === undefined) return;
  const status = statusOfRelationship(relationship.state.value);
  must(
    held.status === status,
    () => `R2: after syncing, the Relationship is ${held.status} at ${side} and ${status} at the relay.`,
  );
  const told = relationship.auditLog.map(({ createdAt, reason, newStatus }) => [createdAt, reason, newStatus]);
  const kept = held.auditLog.map(({ createdAt, reason, newStatus }) => [createdAt, reason, newStatus]);
  must(
    isSameJson(told as Json, kept as Json),
    () => `R2: after syncing, the audit log at ${side} is not that of the relay.`,
  );
}

function checkOwn({ parties, stored, relay }: Stored, side: Side): void {
  const account = parties[side].identity.record.id;
  const [intent] = openIntents(account, stored[side]);
  must(
    intent === undefined,
    () => `Liveness: ${side} has synced, and its call ${intent?.call.operation} is still open.`,
  );
  for (const { id } of documentsIn<RelationshipRecord>(stored[side], `${account}/relationships`)) {
    const isKnown = documentAt(relay, `${relationshipPath}/${id}`) !== undefined;
    must(isKnown, () => `R2: ${side} holds the Relationship ${id}, of which the relay knows nothing.`);
  }
  for (const request of documentsIn<RequestRecord>(stored[side], `${account}/requests`)) checkLeavable(side, request);
}

const ends: readonly string[] = ["Completed", "Expired"];

function checkLeavable(side: Side, { id, isOwn, status, state, deliveryError }: RequestRecord): void {
  if (ends.includes(status)) return;
  const chart = (isOwn ? outgoingRequestChart : incomingRequestChart) as unknown as Chart<Kind>;
  const { expiresAt } = state.context;
  const isWaiting = status === "Decided" && deliveryError === undefined && typeof expiresAt !== "string";
  must(!isWaiting, () => `Liveness: ${side} has decided the Request ${id}, and its Response is under way for ever.`);
  const rows = chart.leaves.get(leafName(state.value))?.rows;
  must((rows?.size ?? 0) > 0, () => `Liveness: the Request ${id} is ${status} at ${side}, and nobody may take a step.`);
}

function isAnyActive(relay: Snapshot): boolean {
  return documentsIn<RelationshipDocument>(relay, relationshipPath).some(
    (one) => is(one, "relayTakesMessages") && !is(one, "relayHoldsMessages"),
  );
}

// What one has answered, the other has heard, unless it was too late; and nobody heard what was not said.
function checkAnswers({ parties, stored, relay }: Stored, asking: Side, answering: Side): void {
  const [asker, answerer] = [parties[asking].identity.record.id, parties[answering].identity.record.id];
  for (const answered of documentsIn<RequestRecord>(stored[answering], `${answerer}/requests`)) {
    if (answered.isOwn) continue;
    const asked = documentAt<RequestRecord>(stored[asking], `${asker}/requests/${answered.id}`);
    if (asked === undefined) continue;
    const source = answered.response?.source;
    if (answered.status === "Completed" && source !== undefined) {
      // The relay holds Messages back while the Relationship is Terminated, and drops them when it ends so.
      const isHeard = ends.includes(asked.status) || (source.type === "Message" && !isAnyActive(relay));
      must(
        isHeard,
        () => `Liveness: ${answering} has answered the Request ${asked.id}, and for ${asking} it is ${asked.status}.`,
      );
    }
    if (asked.status !== "Completed") continue;
    const isSame = isSameJson(asked.response?.content, answered.response?.content);
    must(isSame, () => `Liveness: ${asking} heard another answer to ${asked.id} than ${answering} gave.`);
  }
}
