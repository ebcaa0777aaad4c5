/**
 * Creating and reading Relationships (spec/backbone-protocol.md 12.1).
 *
 * R1. For a pair at most one Relationship exists in the sense of the chart: the pair's document names the youngest, and a
 *     creation is committed only if that document and the Relationship it names are as they were read.
 */
import { relationshipCreated } from "rapport/machines";
import { refuse } from "../errors/refusal.ts";
import { pageSizeMax } from "../limits.ts";
import { newId } from "../model/ids.ts";
import { isAddress } from "../sealed/address.ts";
import type { Reads } from "../turn/turn.ts";
import type { WireCanCreate } from "../wire/shapes.ts";
import { cut, type Handler, idOf, idsOf, notFound, pageOf, queryText, work } from "./asked.ts";
import {
  type IdentityDocument,
  identityKey,
  type PairDocument,
  pairKey,
  type RelationshipDocument,
  relationshipKey,
  type TemplateDocument,
  templateKey,
} from "./documents.ts";
import { answerOnly, createDraft } from "./draft.ts";
import { fieldsOf, invalid } from "./fields.ts";
import { loadAll } from "./loading.ts";
import { countAgainstQuota } from "./quotas.ts";
import { beginRelationship, fulfil, is, roleOf, wireRelationship, wireWithContents } from "./relationship-state.ts";
import { admit, allocate, gatherTemplate, isOver, postponed } from "./template-access.ts";

const prefix = "error.platform.validation.relationship";

/** The youngest Relationship of two identities, read so that the commit checks it. */
export async function youngestOf(reads: Reads, one: string, other: string): Promise<RelationshipDocument | undefined> {
  const pair = await reads.get<PairDocument>(pairKey(one, other));
  if (pair === undefined) return undefined;
  return (await reads.get<RelationshipDocument>(relationshipKey(pair.document.relationshipId)))?.document;
}

/** Reading the template is part of it, so its rules hold here too and a slot is taken if the caller holds none. */
export const createRelationship: Handler = (asked, desk, caller) => {
  const fields = fieldsOf(asked.body);
  const templateId = fields.id("relationshipTemplateId", "RLT");
  const creationContent = fields.base64OrNull("creationContent");
  if (fields.problem !== undefined) return { ok: false, refusal: fields.problem };
  const id = newId("REL", desk.entropy);
  const reader = { address: caller.address, password: undefined, nowMs: asked.nowMs };
  return work({
    gather: async (reads) => {
      const facts = await gatherTemplate(reads, templateId, reader);
      const owner = facts.template?.createdBy;
      if (owner === undefined) return { facts, youngest: undefined, identity: undefined };
      const youngest = await youngestOf(reads, caller.address, owner);
      return { facts, youngest, identity: await reads.get<IdentityDocument>(identityKey(owner)) };
    },
    plan: ({ facts, youngest, identity }) => {
      const admitted = admit(desk, facts, reader);
      if (!admitted.ok) return admitted;
      const { template, standing } = admitted.value;
      if (standing === "owner") {
        return refuse(`${prefix}.cannotCreateRelationshipWithYourself`, "The template is your own.");
      }
      if (youngest !== undefined && is(youngest, "existing")) {
        return refuse(`${prefix}.relationshipToTargetAlreadyExists`, "A Relationship with this identity exists.");
      }
      if (identity?.document.status !== "Active") {
        return refuse(`${prefix}.peerIsToBeDeleted`, "The template's owner is about to be deleted.");
      }
      const draft = createDraft();
      const { address } = caller;
      const exhausted =
        standing === "newcomer" ? allocate(asked, desk, { draft, facts, template, address }) : undefined;
      const begun = beginRelationship(asked, {
        id,
        templateId,
        from: address,
        to: template.createdBy,
        creationContent,
      });
      const auditLog = fulfil(asked, desk, { draft, relationship: begun, effects: relationshipCreated, caller });
      const relationship: RelationshipDocument = { ...begun, auditLog };
      draft.put(relationshipKey(id), relationship);
      // An expired template may be about to be erased; now a Relationship rests on it, and who erases it must notice.
      if (isOver(template, asked.nowMs)) draft.put(templateKey(templateId), postponed(template, asked.nowMs));
      draft.put(pairKey(address, template.createdBy), { relationshipId: id });
      countAgainstQuota(draft, desk, { address, metric: "NumberOfRelationships", by: 1, nowMs: asked.nowMs });
      return draft.answer(wireRelationship(relationship, true), exhausted === undefined ? {} : { exhausted });
    },
  });
};

export const getRelationship: Handler = (asked, _desk, caller) => {
  const id = idOf(asked, "REL");
  if (!id.ok) return id;
  return work({
    gather: async (reads) => {
      const relationship = (await reads.peek<RelationshipDocument>(relationshipKey(id.value)))?.document;
      return { relationship, hasTemplate: relationship !== undefined && (await hasTemplate(reads, relationship)) };
    },
    plan: ({ relationship, hasTemplate }) => {
      if (relationship === undefined || roleOf(relationship, caller.address) === undefined) {
        return notFound("Relationship");
      }
      if (relationship.decomposedBy.includes(caller.address)) {
        return refuse(`${prefix}.relationshipAlreadyDecomposed`, "You have decomposed this Relationship.");
      }
      return answerOnly(wireWithContents(relationship, hasTemplate));
    },
  });
};

export const listRelationships: Handler = (asked, _desk, caller) => {
  const ids = idsOf(asked, "REL");
  if (!ids.ok) return ids;
  const page = pageOf(asked);
  if (!page.ok) return page;
  if (ids.value.length > pageSizeMax) return invalid(`Ask for at most ${pageSizeMax} Relationships at once.`);
  return work({
    gather: (reads) => {
      const load = async (id: string) => {
        const relationship = (await reads.peek<RelationshipDocument>(relationshipKey(id)))?.document;
        if (relationship === undefined || roleOf(relationship, caller.address) === undefined) return undefined;
        if (relationship.decomposedBy.includes(caller.address)) return undefined;
        return wireWithContents(relationship, await hasTemplate(reads, relationship));
      };
      return loadAll(ids.value, load, (found) => [found.creationContent, found.creationResponseContent]);
    },
    plan: (found) => {
      if (!found.ok) return found;
      const { items, pagination } = cut(found.value, page.value);
      return answerOnly(items, pagination === undefined ? {} : { pagination });
    },
  });
};

/** Clients branch on the words "Identity not found." */
export const canCreateRelationship: Handler = (asked, desk, caller) => {
  const peer = queryText(asked, "peer");
  if (!isAddress(desk.crypto, peer)) return invalid("The query needs a peer, which is an address.");
  return work({
    gather: async (reads) => ({
      identity: await reads.peek<IdentityDocument>(identityKey(peer)),
      youngest: await youngestOf(reads, caller.address, peer),
    }),
    plan: ({ identity, youngest }) => {
      if (identity === undefined) return notFound("Identity");
      if (peer === caller.address) return answerOnly(cannot("cannotCreateRelationshipWithYourself"));
      if (identity.document.status !== "Active") return answerOnly(cannot("peerIsToBeDeleted"));
      if (youngest !== undefined && is(youngest, "existing")) {
        return answerOnly(cannot("relationshipToTargetAlreadyExists"));
      }
      const result: WireCanCreate = { canCreate: true, code: null };
      return answerOnly(result);
    },
  });
};

function cannot(code: string): WireCanCreate {
  return { canCreate: false, code: `${prefix}.${code}` };
}

/** True while the template that the Relationship was built on is there. */
export async function hasTemplate(reads: Reads, { templateId }: RelationshipDocument): Promise<boolean> {
  return (await reads.peek<TemplateDocument>(templateKey(templateId))) !== undefined;
}
