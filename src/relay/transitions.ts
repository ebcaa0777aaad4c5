/** The steps of a Relationship after its creation (spec/backbone-protocol.md 12.1). The chart judges; this file obeys. */
import { type RelationshipFactType, relationshipChart } from "rapport/machines";
import { refuse } from "../errors/refusal.ts";
import { erasedAtOnceMax } from "../limits.ts";
import { step } from "../turn/step.ts";
import type { Reads } from "../turn/turn.ts";
import { type Handler, idOf, notFound, work } from "./asked.ts";
import {
  type EventDocument,
  eventStream,
  type MessageDocument,
  messagePath,
  type ParkedDocument,
  parkedKey,
  type RelationshipDocument,
  relationshipKey,
} from "./documents.ts";
import { createDraft, type Draft } from "./draft.ts";
import { fieldsOf } from "./fields.ts";
import { fulfil, is, roleOf, wireRelationship } from "./relationship-state.ts";
import { hasTemplate } from "./relationships.ts";

export const acceptRelationship = transition("creation.accepted");
export const rejectRelationship = transition("creation.rejected");
export const revokeRelationship = transition("creation.revoked");
export const terminateRelationship = transition("relationship.terminated");
export const requestReactivation = transition("reactivation.requested");
export const acceptReactivation = transition("reactivation.accepted");
export const rejectReactivation = transition("reactivation.rejected");
export const revokeReactivation = transition("reactivation.revoked");
export const decomposeRelationship = transition("relationship.decomposed");

function transition(type: RelationshipFactType): Handler {
  const isAnswer = type === "creation.accepted" || type === "creation.rejected";
  const isLeaving = type === "relationship.decomposed";
  return (asked, desk, caller) => {
    const id = idOf(asked, "REL");
    if (!id.ok) return id;
    const fields = fieldsOf(asked.body);
    const response = isAnswer ? fields.base64OrNull("creationResponseContent") : null;
    if (fields.problem !== undefined) return { ok: false, refusal: fields.problem };
    return work({
      gather: async (reads) => {
        const relationship = (await reads.get<RelationshipDocument>(relationshipKey(id.value)))?.document;
        const by = relationship === undefined ? undefined : roleOf(relationship, caller.address);
        if (relationship === undefined || by === undefined) return { isKnown: relationship !== undefined };
        const parked = await gatherParked(reads, relationship);
        const left = isLeaving ? await gatherLeft(reads, relationship, caller.address) : [];
        return { relationship, by, parked, left, isKnown: true, hasTemplate: await hasTemplate(reads, relationship) };
      },
      plan: ({ relationship, by, parked, left, hasTemplate = false, isKnown }) => {
        if (relationship === undefined || by === undefined)
          return isLeaving && isKnown ? notYours : notFound("Relationship");
        const stepped = step(relationshipChart, relationship.state, { type, by });
        if (!stepped.ok) return refuse(stepped.refusal.relay, `The Relationship's status does not allow "${type}".`);
        const draft = createDraft();
        const { next: state, effects } = stepped;
        const auditLog = fulfil(asked, desk, { draft, relationship, effects, caller });
        const decomposedBy = isLeaving ? [...relationship.decomposedBy, caller.address] : relationship.decomposedBy;
        const changed: RelationshipDocument = {
          ...relationship,
          state,
          auditLog,
          decomposedBy,
          creationResponseContent: response ?? relationship.creationResponseContent,
        };
        // Nobody can read it any more: the envelopes go, the audit log stays for the operator.
        const erased = { ...changed, creationContent: null, creationResponseContent: null };
        draft.put(relationshipKey(id.value), decomposedBy.length === 2 ? erased : changed);
        releaseOrDrop(draft, relationship, { changed, parked });
        for (const key of left ?? []) draft.delete(key);
        return draft.answer(wireRelationship(changed, hasTemplate));
      },
    });
  };
}

const notYours = refuse(
  "error.platform.validation.relationship.requestingIdentityDoesNotBelongToRelationship",
  "You are not part of this Relationship.",
);

/** Parked events exist only while Messages are held back; only then somebody can add to them. */
async function gatherParked(reads: Reads, relationship: RelationshipDocument): Promise<ParkedDocument | undefined> {
  if (!is(relationship, "relayHoldsMessages")) return undefined;
  return (await reads.get<ParkedDocument>(parkedKey(relationship.id)))?.document;
}

/** Once the Relationship no longer holds Messages back, their events are told if it is alive, and else forgotten. */
function releaseOrDrop(
  draft: Draft,
  before: RelationshipDocument,
  { changed, parked }: { changed: RelationshipDocument; parked: ParkedDocument | undefined },
): void {
  if (parked === undefined || is(changed, "relayHoldsMessages")) return;
  if (is(changed, "relayTakesMessages")) for (const event of parked.events) draft.tell(event);
  draft.delete(parkedKey(before.id));
}

/** What the one who leaves must not be told any more, and what nobody can read once both have left. */
async function gatherLeft(reads: Reads, { id, decomposedBy }: RelationshipDocument, leaver: string): Promise<string[]> {
  const keys: string[] = [];
  const events = { under: eventStream(leaver), where: { relationshipId: [{ anyOf: [id] }] }, limit: erasedAtOnceMax };
  for await (const { key } of reads.find<EventDocument>(events)) keys.push(key);
  if (decomposedBy.length === 0) return keys;
  const where = { "recipients.relationshipId": [{ anyOf: [id] }] };
  for await (const { key, document } of reads.find<MessageDocument>({
    under: messagePath,
    where,
    limit: erasedAtOnceMax,
  })) {
    // A Message to several recipients is still somebody else's.
    if (document.recipients.length === 1) keys.push(key);
  }
  return keys;
}
