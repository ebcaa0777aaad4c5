/**
 * Who may read a template, and the slots it gives (spec/backbone-protocol.md 12.2).
 *
 * A1. An identity takes at most one slot; the owner takes none. The slot is a document, the number a counter.
 * A2. The counter never passes `maxNumberOfAllocations`, and exactly the commit that fills it tells the owner.
 */

import type { Refusal } from "../errors/refusal.ts";
import { type Outcome, refuse } from "../errors/refusal.ts";
import { templateLookAgainMs } from "../limits.ts";
import { extended } from "../model/extended.ts";
import type { Reads } from "../turn/turn.ts";
import { type Asked, notFound } from "./asked.ts";
import type { Desk } from "./desk.ts";
import {
  type AllocationDocument,
  allocationCounter,
  allocationKey,
  relationshipPath,
  type TemplateDocument,
  templateKey,
} from "./documents.ts";
import { type Draft, takeAgain } from "./draft.ts";
import { eventOf } from "./events.ts";
import { isSecret } from "./secrets.ts";

/** What is known about a template and one reader. */
export interface TemplateFacts {
  readonly template: TemplateDocument | undefined;
  readonly holdsSlot: boolean;
  readonly slotsTaken: number;
  /** Only looked up once the template has expired. */
  readonly isParticipant: boolean;
}

/** How a reader stands to a template. */
export type Standing = "owner" | "holder" | "newcomer";

/** Who reads, and with what. */
export interface Reader {
  readonly address: string;
  readonly password: string | undefined;
}

const unknown: TemplateFacts = { template: undefined, holdsSlot: false, slotsTaken: 0, isParticipant: false };

/** Reads what the rules need. */
export async function gatherTemplate(
  reads: Reads,
  id: string,
  at: { address: string; nowMs: number },
): Promise<TemplateFacts> {
  const stored = await reads.get<TemplateDocument>(templateKey(id));
  if (stored === undefined) return unknown;
  const template = stored.document;
  const isParticipant = isOver(template, at.nowMs) && (await isPartyTo(reads, id, at.address));
  if (template.createdBy === at.address) return extended(unknown, { template, isParticipant });
  // Peeked, not read: the flush decides on the counter, and other newcomers are no conflict. Before the slot: if the reader's
  // own other device fills the template in between, the slot is seen, and not a full template without it.
  const isCounted = template.maxNumberOfAllocations !== null;
  const counter = isCounted ? await reads.peek<{ n: number }>(allocationCounter(id)) : undefined;
  const holdsSlot = (await reads.get<AllocationDocument>(allocationKey(id, at.address))) !== undefined;
  return { template, holdsSlot, isParticipant, slotsTaken: counter?.document.n ?? 0 };
}

/** May the reader see the template, and as what? */
export function admit(
  desk: Desk,
  { template, holdsSlot, slotsTaken, isParticipant }: TemplateFacts,
  reader: Reader & { readonly nowMs: number },
): Outcome<{ readonly template: TemplateDocument; readonly standing: Standing }> {
  if (template === undefined || (isOver(template, reader.nowMs) && !isParticipant))
    return notFound("RelationshipTemplate");
  if (template.createdBy === reader.address) return { ok: true, value: { template, standing: "owner" } };
  if (holdsSlot) return { ok: true, value: { template, standing: "holder" } };
  const { forIdentity, password, maxNumberOfAllocations } = template;
  if (forIdentity !== null && forIdentity !== reader.address) return notFound("RelationshipTemplate");
  if (password !== null && !isSecret(desk, password, reader.password ?? "")) return notFound("RelationshipTemplate");
  if (maxNumberOfAllocations !== null && slotsTaken >= maxNumberOfAllocations) return { ok: false, refusal: exhausted };
  return { ok: true, value: { template, standing: "newcomer" } };
}

/** Takes a slot for a newcomer. Gives the answer for the case that the counter is found full. */
export function allocate(
  asked: Asked,
  desk: Desk,
  at: {
    readonly draft: Draft;
    readonly facts: TemplateFacts;
    readonly template: TemplateDocument;
    readonly address: string;
  },
): Refusal | undefined {
  const { draft, facts, template, address } = at;
  const document: AllocationDocument = { of: template.id, address, allocatedAt: asked.now };
  draft.put(allocationKey(template.id, address), document);
  const most = template.maxNumberOfAllocations;
  if (most === null) return undefined;
  const isLast = facts.slotsTaken === most - 1;
  draft.add(allocationCounter(template.id), 1, isLast ? most : most - 1);
  if (!isLast) return takeAgain;
  const payload = { relationshipTemplateId: template.id };
  draft.tell(
    eventOf(asked, desk, { to: template.createdBy, type: "RelationshipTemplateAllocationsExhausted", payload }),
  );
  return exhausted;
}

const exhausted: Refusal = refuse(
  "error.platform.validation.relationshipTemplate.maxNumberOfAllocationsExhausted",
  "The template was loaded as often as it allows.",
).refusal;

/** True once the template has expired. */
export function isOver({ expiresAt }: TemplateDocument, nowMs: number): boolean {
  return expiresAt !== null && Date.parse(expiresAt) <= nowMs;
}

/** The expired template, to be looked at again later. */
export function postponed(template: TemplateDocument, nowMs: number): TemplateDocument {
  return { ...template, forgetAtMs: nowMs + templateLookAgainMs };
}

async function isPartyTo(reads: Reads, templateId: string, address: string): Promise<boolean> {
  const where = { templateId: [{ anyOf: [templateId] }], parties: [{ anyOf: [address] }] };
  for await (const _ of reads.find({ under: relationshipPath, where, limit: 1 })) return true;
  return false;
}
