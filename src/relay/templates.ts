/** Relationship templates (spec/backbone-protocol.md 12.2). */
import { refuse } from "../errors/refusal.ts";
import { pageSizeMax } from "../limits.ts";
import { extended } from "../model/extended.ts";
import { isId } from "../model/ids.ts";
import type { WireTemplate } from "../wire/shapes.ts";
import { type Asked, cut, type Handler, idOf, notFound, pageOf, queryList, queryText, work } from "./asked.ts";
import {
  type AllocationDocument,
  allocationCounter,
  allocationKey,
  type TemplateDocument,
  templateKey,
} from "./documents.ts";
import { answerOnly, createDraft } from "./draft.ts";
import { gatherDoomed, nothingDoomed } from "./erasing.ts";
import { fieldsOf, invalid, normalBase64 } from "./fields.ts";
import { loadAll } from "./loading.ts";
import { audienceIn, publish } from "./publishing.ts";
import { admit, allocate, gatherTemplate } from "./template-access.ts";

export const createTemplate: Handler = (asked, desk, caller) => {
  const fields = fieldsOf(asked.body);
  const content = fields.base64("content");
  const expiresAt = fields.futureOrNull("expiresAt", asked.nowMs);
  const maxNumberOfAllocations = fields.integerOrNull("maxNumberOfAllocations", 1);
  const audience = audienceIn(fields, desk);
  if (fields.problem !== undefined) return { ok: false, refusal: fields.problem };
  const { address: createdBy, deviceId: createdByDevice } = caller;
  const kept = { createdBy, createdByDevice, expiresAt, maxNumberOfAllocations, content };
  const rest = expiresAt === null ? kept : extended(kept, { forgetAtMs: Date.parse(expiresAt) });
  return publish(asked, desk, { prefix: "RLT", rest, audience });
};

/** The first read by somebody else takes a slot. */
export const getTemplate: Handler = (asked, desk, caller) => {
  const id = idOf(asked, "RLT");
  if (!id.ok) return id;
  const password = normalBase64(queryText(asked, "password"));
  const reader = { address: caller.address, password, nowMs: asked.nowMs };
  return work({
    gather: (reads) => gatherTemplate(reads, id.value, reader),
    plan: (facts) => {
      const admitted = admit(desk, facts, reader);
      if (!admitted.ok) return admitted;
      const { template, standing } = admitted.value;
      if (standing !== "newcomer") return answerOnly(wireTemplate(template));
      const draft = createDraft();
      const exhausted = allocate(asked, desk, { draft, facts, template, address: caller.address });
      return draft.answer(wireTemplate(template), exhausted === undefined ? {} : { exhausted });
    },
  });
};

/** Lists take no slot, so they show only what the caller owns or holds a slot of. */
export const listTemplates: Handler = (asked, _desk, caller) => {
  const page = pageOf(asked);
  if (!page.ok) return page;
  const ids = askedIds(asked);
  if (ids.length === 0) return invalid("Give at least one template (templates.0.id or ids).");
  if (ids.length > pageSizeMax) return invalid(`Ask for at most ${pageSizeMax} templates at once.`);
  return work({
    gather: (reads) => {
      const load = async (id: string) => {
        const template = isId(id, "RLT") ? await reads.peek<TemplateDocument>(templateKey(id)) : undefined;
        if (template === undefined) return undefined;
        const { createdBy, expiresAt } = template.document;
        if (expiresAt !== null && Date.parse(expiresAt) <= asked.nowMs) return undefined;
        const mine = createdBy === caller.address;
        const slot = mine || (await reads.peek<AllocationDocument>(allocationKey(id, caller.address)));
        return slot ? template.document : undefined;
      };
      return loadAll(ids, load, ({ content }) => [content]);
    },
    plan: (found) => {
      if (!found.ok) return found;
      const { items, pagination } = cut(found.value, page.value);
      return answerOnly(items.map(wireTemplate), pagination === undefined ? {} : { pagination });
    },
  });
};

function askedIds(asked: Asked): readonly string[] {
  const older = queryList(asked, "ids");
  if (older !== undefined) return [...new Set(older)];
  const ids: string[] = [];
  for (let at = 0; at <= pageSizeMax; at += 1) {
    const id = queryText(asked, `templates.${at}.id`);
    if (id === undefined) break;
    ids.push(id);
  }
  return [...new Set(ids)];
}

/** Relationships built on it stay, with a null template id. */
export const deleteTemplate: Handler = (asked, _desk, caller) => {
  const id = idOf(asked, "RLT");
  if (!id.ok) return id;
  return work({
    gather: async (reads) => {
      const template = await reads.get<TemplateDocument>(templateKey(id.value));
      const isOwner = template?.document.createdBy === caller.address;
      return { template, isOwner, doomed: isOwner ? await gatherDoomed(reads, { id: id.value }) : nothingDoomed };
    },
    plan: ({ template, isOwner, doomed }) => {
      if (template === undefined) return notFound("RelationshipTemplate");
      if (!isOwner) return refuse("error.platform.forbidden", "Only the owner may delete the template.");
      const draft = createDraft();
      draft.delete(template.key);
      draft.delete(allocationCounter(id.value));
      draft.erase(id.value, doomed);
      return draft.answer({});
    },
  });
};

function wireTemplate({ password: _, forgetAtMs: __, ...shown }: TemplateDocument): WireTemplate {
  return shown;
}
