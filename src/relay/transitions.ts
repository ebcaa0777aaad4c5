/** The steps of a Relationship after its creation (spec/backbone-protocol.md 12.1). The chart judges; this file obeys. */
import { type RelationshipFactType, relationshipChart } from "rapport/machines";
import { refuse } from "../errors/refusal.ts";
import { leftRelationshipKeepMs } from "../limits.ts";
import { extended } from "../model/extended.ts";
import { step } from "../turn/step.ts";
import type { Reads } from "../turn/turn.ts";
import { type Asked, type Handler, idOf, notFound, work } from "./asked.ts";
import type { Caller } from "./caller.ts";
import {
  type ParkedDocument,
  parkedKey,
  type RelationshipDocument,
  relationshipKey,
  unreceivedCounter,
} from "./documents.ts";
import { createDraft, type Draft } from "./draft.ts";
import { gatherDoomed, nothingDoomed } from "./erasing.ts";
import { fieldsOf } from "./fields.ts";
import { countAgainstQuota, type Use } from "./quotas.ts";
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
        const leaver = isLeaving ? caller.address : undefined;
        const around = await gatherAround(reads, relationship, leaver);
        return { isKnown: true, party: extended(around, { relationship, by }) };
      },
      plan: ({ isKnown, party }) => {
        if (party === undefined) return isLeaving && isKnown ? notYours : notFound("Relationship");
        const { relationship, by, parked, decomposedBy, doomed, hasTemplate } = party;
        const stepped = step(relationshipChart, relationship.state, { type, by });
        if (!stepped.ok) return refuse(stepped.refusal.relay, `The Relationship's status does not allow "${type}".`);
        const draft = createDraft();
        const { next: state, effects } = stepped;
        const auditLog = fulfil(asked, desk, { draft, relationship, effects, caller });
        const creationResponseContent = response ?? relationship.creationResponseContent;
        const changed: RelationshipDocument = {
          ...relationship,
          state,
          auditLog,
          decomposedBy,
          creationResponseContent,
        };
        if (decomposedBy.length === 2) bury(draft, changed, asked.nowMs);
        else draft.put(relationshipKey(id.value), changed);
        releaseOrDrop(draft, relationship, { changed, parked });
        draft.erase(id.value, doomed);
        if (type === "creation.accepted") countAgainstQuota(draft, desk, oneRelationship(asked, caller));
        return draft.answer(wireRelationship(changed, hasTemplate));
      },
    });
  };
}

function oneRelationship({ nowMs }: Asked, { address }: Caller): Use {
  return { address, metric: "NumberOfRelationships", by: 1, nowMs };
}

const notYours = refuse(
  "error.platform.validation.relationship.requestingIdentityDoesNotBelongToRelationship",
  "You are not part of this Relationship.",
);

/** What a step of the Relationship touches beside it. `leaver` is who decomposes it. */
async function gatherAround(reads: Reads, relationship: RelationshipDocument, leaver: string | undefined) {
  const { id, decomposedBy } = relationship;
  const around = {
    parked: await gatherParked(reads, relationship),
    hasTemplate: await hasTemplate(reads, relationship),
  };
  if (leaver === undefined) return extended(around, { decomposedBy, doomed: nothingDoomed });
  // The chart refuses who has left before; what goes only once both have left must not be looked for until then.
  const leftBy = decomposedBy.includes(leaver) ? decomposedBy : [...decomposedBy, leaver];
  return extended(around, { decomposedBy: leftBy, doomed: await gatherDoomed(reads, { id, leftBy }) });
}

/**
 * Nobody can read it any more, so what the two wrote goes. The row and the pair's document stay, because the two may still
 * call, another device of theirs in the middle of a sync for example, and the answers rest on them: "already decomposed"
 * and not "not found" (12.1; clients tell them apart), "not active" for a Message (12.4), and the template that they may
 * still read after its expiry (12.2). The audit log stays with the row, as it only ever grows (R4). After
 * `leftRelationshipKeepMs` all of it goes (due.ts).
 */
export function bury(draft: Draft, relationship: RelationshipDocument, nowMs: number): void {
  const { id, parties } = relationship;
  const forgetAtMs = relationship.forgetAtMs ?? nowMs + leftRelationshipKeepMs;
  const contents = { creationContent: null, creationResponseContent: null };
  draft.put(relationshipKey(id), { ...relationship, ...contents, forgetAtMs });
  for (const address of parties) draft.delete(unreceivedCounter(id, address));
}

/** Parked events exist only while Messages are held back; only then somebody can add to them. */
export async function gatherParked(
  reads: Reads,
  relationship: RelationshipDocument,
): Promise<ParkedDocument | undefined> {
  if (!is(relationship, "relayHoldsMessages")) return undefined;
  return (await reads.get<ParkedDocument>(parkedKey(relationship.id)))?.document;
}

/** Once the Relationship no longer holds Messages back, their events are told if it is alive, and else forgotten. */
export function releaseOrDrop(
  draft: Draft,
  before: RelationshipDocument,
  { changed, parked }: { changed: RelationshipDocument; parked: ParkedDocument | undefined },
): void {
  if (parked === undefined || is(changed, "relayHoldsMessages")) return;
  if (is(changed, "relayTakesMessages")) for (const event of parked.events) draft.tell(event);
  draft.delete(parkedKey(before.id));
}
