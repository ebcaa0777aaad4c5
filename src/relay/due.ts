/**
 * What is due: the relay's retention. Every deadline is a stored fact that an index finds, so it does not matter how long
 * nobody looked (invariant T1 of the design).
 *
 * U1. A commit erases one object and what goes with it, and checks that it is still due. Several processes may run at
 *     once: who comes second finds nothing to do.
 * U2. One run does at most `dueAtOnceMax` objects of each kind; the next one goes on.
 */
import { dueAtOnceMax, sweptRoundsMax } from "../limits.ts";
import { instantOf } from "../model/instant.ts";
import type { Document } from "../ports/store.ts";
import type { Reads } from "../turn/turn.ts";
import type { DueTimers } from "./admin.ts";
import type { NewsDesk } from "./desk.ts";
import {
  allocationCounter,
  challengePath,
  type IdentityDocument,
  idempotencyPath,
  identityPath,
  leftoverKey,
  type PairDocument,
  pairKey,
  type RelationshipDocument,
  relationshipPath,
  type TemplateDocument,
  type TokenDocument,
  templatePath,
  tokenFailureCounter,
  tokenPath,
} from "./documents.ts";
import { gatherDoomed } from "./erasing.ts";
import { type FileDocument, filePath } from "./file-documents.ts";
import { endFile, isThere } from "./files.ts";
import { endIdentity } from "./identity-erasure.ts";
import { finishLeftovers } from "./leftovers.ts";
import { type OwnStep, takeOwnTurn } from "./own-turn.ts";
import { is } from "./relationship-state.ts";
import { sweepExpired } from "./sweeper.ts";
import { postponed } from "./template-access.ts";

/** One kind of object with a deadline in an indexed field. `erase` gives the step for one that is due; its yes means that it was erased. */
interface DueKind {
  readonly counted: Exclude<keyof DueTimers, "identitiesErased">;
  readonly under: string;
  readonly field: "forgetAtMs" | "expiresAt";
  erase(at: {
    readonly desk: NewsDesk;
    readonly reads: Reads;
    readonly key: string;
    readonly nowMs: number;
  }): Promise<OwnStep | undefined>;
}

/** Whoever adds a kind with a deadline adds a row here. */
const kinds: readonly DueKind[] = [
  { counted: "templatesErased", under: templatePath, field: "forgetAtMs", erase: eraseTemplate },
  { counted: "tokensErased", under: tokenPath, field: "forgetAtMs", erase: eraseToken },
  { counted: "filesErased", under: filePath, field: "expiresAt", erase: eraseFile },
  { counted: "relationshipsErased", under: relationshipPath, field: "forgetAtMs", erase: eraseRelationship },
];

/** Collections whose documents all live equally long, so that the oldest expire first. */
const expiring = [challengePath, idempotencyPath] as const;

/** Erases whatever is due by now, and finishes what was left to do. */
export async function runDueTimers(desk: NewsDesk): Promise<DueTimers> {
  const nowMs = desk.clock.now();
  const counts = { templatesErased: 0, tokensErased: 0, filesErased: 0, relationshipsErased: 0, identitiesErased: 0 };
  const isDue = ({ status, endsAtMs }: IdentityDocument) =>
    status === "ToBeDeleted" && endsAtMs !== undefined && endsAtMs <= nowMs;
  for await (const { document } of due<IdentityDocument>(desk, { under: identityPath, field: "endsAtMs", nowMs })) {
    if (isDue(document) && (await endIdentity(desk, document.address, isDue))) counts.identitiesErased += 1;
  }
  await finishLeftovers(desk);
  for (const { counted, under, field, erase } of kinds) {
    for await (const { key } of due(desk, { under, field, nowMs })) {
      if (await takeOwnTurn(desk, (reads) => erase({ desk, reads, key, nowMs }))) counts[counted] += 1;
    }
  }
  await finishLeftovers(desk);
  for (const path of expiring) await sweepAll(desk, path, nowMs);
  return counts;
}

function due<D extends Document>(
  { store }: NewsDesk,
  { under, field, nowMs }: { readonly under: string; readonly field: string; readonly nowMs: number },
) {
  const below = field === "expiresAt" ? instantOf(nowMs) : nowMs;
  return store.find<D>({ under, where: { [field]: [{ below, orEqual: true }] }, limit: dueAtOnceMax });
}

/** A template stays while a Relationship rests on it that is not over, because its parties may still read it (12.2). */
async function eraseTemplate({ reads, key, nowMs }: Parameters<DueKind["erase"]>[0]): ReturnType<DueKind["erase"]> {
  const template = (await reads.get<TemplateDocument>(key))?.document;
  if (template === undefined || !isPast(template.forgetAtMs, nowMs)) return undefined;
  const { id } = template;
  if (await carries(reads, id)) {
    return (draft) => {
      draft.put(key, postponed(template, nowMs));
      return false;
    };
  }
  const doomed = await gatherDoomed(reads, { id });
  return (draft) => {
    draft.delete(key);
    draft.delete(allocationCounter(id));
    draft.erase(id, doomed);
    return true;
  };
}

/** Whoever builds on an expired template writes it, so that the commit after this question notices. */
async function carries(reads: Reads, templateId: string): Promise<boolean> {
  const where = { templateId: [{ anyOf: [templateId] }] };
  for await (const { document } of reads.find<RelationshipDocument>({ under: relationshipPath, where })) {
    if (is(document, "existing")) return true;
  }
  return false;
}

async function eraseToken({ reads, key, nowMs }: Parameters<DueKind["erase"]>[0]): ReturnType<DueKind["erase"]> {
  const token = (await reads.get<TokenDocument>(key))?.document;
  if (token === undefined || !isPast(token.forgetAtMs, nowMs)) return undefined;
  const doomed = await gatherDoomed(reads, { id: token.id });
  return (draft) => {
    draft.delete(key);
    draft.delete(tokenFailureCounter(token.id));
    draft.erase(token.id, doomed);
    return true;
  };
}

async function eraseFile({ desk, reads, key, nowMs }: Parameters<DueKind["erase"]>[0]): ReturnType<DueKind["erase"]> {
  const file = (await reads.get<FileDocument>(key))?.document;
  if (file === undefined || isThere(file, nowMs)) return undefined;
  return (draft) => {
    endFile(draft, desk, { file, nowMs });
    return true;
  };
}

/** The row of a Relationship that both have left, once its Messages are gone, and what it was the youngest of. */
async function eraseRelationship({ reads, key, nowMs }: Parameters<DueKind["erase"]>[0]): ReturnType<DueKind["erase"]> {
  const relationship = (await reads.get<RelationshipDocument>(key))?.document;
  if (relationship === undefined || !isPast(relationship.forgetAtMs, nowMs)) return undefined;
  const { id, from, to } = relationship;
  if ((await reads.get(leftoverKey(id))) !== undefined) return undefined;
  const pair = await reads.get<PairDocument>(pairKey(from, to));
  return (draft) => {
    draft.delete(key);
    if (pair?.document.relationshipId === id) draft.delete(pair.key);
    return true;
  };
}

function isPast(forgetAtMs: number | undefined, nowMs: number): boolean {
  return forgetAtMs !== undefined && forgetAtMs <= nowMs;
}

async function sweepAll({ store }: NewsDesk, path: string, nowMs: number): Promise<void> {
  for (let round = 0; round < sweptRoundsMax; round += 1) {
    if (!(await sweepExpired(store, path, nowMs))) return;
  }
}
