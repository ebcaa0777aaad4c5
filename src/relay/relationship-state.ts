/**
 * What a step of a Relationship means for the relay's documents. The chart alone decides what may happen.
 *
 * S1. Audit times strictly increase (R4), and every status equals its last entry.
 * S2. Every event of a Relationship is written by a commit that also checks the Relationship, so none is missed when one
 *     side leaves.
 */

import {
  createdRelationship,
  type RelationshipEffect,
  type RelationshipEnvelope,
  type RelationshipRole,
  type RelationshipTag,
  relationshipChart,
  statusOfRelationship,
} from "rapport/machines";
import { extended } from "../model/extended.ts";
import { instantOf, msOf } from "../model/instant.ts";
import { current, hasTag } from "../turn/step.ts";
import type { WireAuditEntry, WireRelationship, WireRelationshipWithContents } from "../wire/shapes.ts";
import type { Asked } from "./asked.ts";
import type { Desk } from "./desk.ts";
import type { RelationshipDocument } from "./documents.ts";
import type { Draft } from "./draft.ts";
import { eventOf } from "./events.ts";

/** True when the Relationship's state answers yes to the question. */
export function is(relationship: { readonly state: RelationshipEnvelope }, question: RelationshipTag): boolean {
  return hasTag(relationshipChart, relationship.state, question);
}

/** True while both sides are there: Pending, Active or Terminated. */
export function hasPeer(relationship: { readonly state: RelationshipEnvelope }): boolean {
  return is(relationship, "existing") && !is(relationship, "peerLeft");
}

/** The side of the Relationship that this address is on. */
export function roleOf({ from, to }: RelationshipDocument, address: string): RelationshipRole | undefined {
  if (address === from) return "initiator";
  return address === to ? "templator" : undefined;
}

/** The other party. */
export function peerOf({ from, to }: RelationshipDocument, address: string): string {
  return address === from ? to : from;
}

/** A new Relationship before its first wishes. */
export function beginRelationship(
  { now }: Asked,
  at: Pick<RelationshipDocument, "id" | "templateId" | "from" | "to" | "creationContent">,
): RelationshipDocument {
  const { id, templateId, from, to, creationContent } = at;
  return {
    id,
    templateId,
    from,
    to,
    parties: [from, to],
    creationContent,
    createdAt: now,
    state: createdRelationship(),
    auditLog: [],
    creationResponseContent: null,
    decomposedBy: [],
  };
}

/** Who takes the step. Nobody's device, when the relay itself takes it. */
export interface Actor {
  readonly address: string;
  readonly deviceId: string | null;
}

/** Carries out the chart's wishes: the audit log it gives, and the events in the draft. */
export function fulfil(
  asked: Pick<Asked, "now" | "nowMs">,
  desk: Desk,
  at: {
    readonly draft: Draft;
    readonly relationship: RelationshipDocument;
    readonly effects: readonly RelationshipEffect[];
    readonly caller: Actor;
  },
): readonly WireAuditEntry[] {
  const { draft, relationship, effects, caller } = at;
  const auditLog = [...relationship.auditLog];
  for (const effect of effects) {
    if (effect.type === "appendAudit") {
      const last = auditLog.at(-1);
      auditLog.push({
        createdAt: instantOf(Math.max(asked.nowMs, last === undefined ? 0 : msOf(last.createdAt) + 1)),
        createdBy: caller.address,
        createdByDevice: caller.deviceId,
        reason: effect.params.reason,
        oldStatus: effect.params.oldStatus ?? null,
        newStatus: effect.params.newStatus,
      });
    }
    if (effect.type === "tellPeer") {
      const to = peerOf(relationship, caller.address);
      const payload = { relationshipId: relationship.id };
      draft.tell(eventOf(asked, desk, { to, type: effect.params.event, payload, relationshipId: relationship.id }));
    }
  }
  return auditLog;
}

/** How writing operations answer. `hasTemplate` is false once the template was deleted. */
export function wireRelationship(relationship: RelationshipDocument, hasTemplate: boolean): WireRelationship {
  const { id, templateId, from, to, createdAt, state, auditLog } = relationship;
  const relationshipTemplateId = hasTemplate ? templateId : null;
  const status = statusOfRelationship(current(relationshipChart, state).value);
  return { id, relationshipTemplateId, from, to, createdAt, status, auditLog };
}

/** How reading operations answer. */
export function wireWithContents(
  relationship: RelationshipDocument,
  hasTemplate: boolean,
): WireRelationshipWithContents {
  const { creationContent, creationResponseContent } = relationship;
  return extended(wireRelationship(relationship, hasTemplate), { creationContent, creationResponseContent });
}
