/**
 * Erasing what nobody can see any more.
 *
 * E1. The commit that ends something also erases what belonged to it, but at most `erasedAtOnceMax` documents: the slots of a
 *     template, the readers of a token, the events that a Relationship still had for the one who leaves, and, once both
 *     have left, its Messages. When more may be left, the same commit stores a mark.
 * E2. Whatever has a mark is erased by commits of as many documents each, and the last one takes the mark. They follow the
 *     call that set it; if they do not come to their end, they go on when the relay is opened and after later calls.
 * E3. Nothing joins what has ended, since whoever would write it checks in the commit that it has not. So erasing ends.
 */
import { erasedAtOnceMax } from "../limits.ts";
import { isId } from "../model/ids.ts";
import type { Query } from "../ports/store.ts";
import { type Place, type Reads, takeTurn } from "../turn/turn.ts";
import {
  allocationPath,
  eventStream,
  type LeftoverDocument,
  type MessageDocument,
  messagePath,
  type RelationshipDocument,
  relationshipKey,
} from "./documents.ts";

/** Something that ended: a template or a token, or a Relationship for those who have left it. */
export interface Ended {
  readonly id: string;
  readonly leftBy?: readonly string[];
}

/** Keys of what goes with it, as many as one commit may delete, and whether there may be more. */
export interface Doomed {
  readonly keys: readonly string[];
  readonly hasMore: boolean;
}

/** What goes when nothing has ended. */
export const nothingDoomed: Doomed = Object.freeze({ keys: [], hasMore: false });

/** Finds what goes with something that ended. */
export async function gatherDoomed(reads: Reads, ended: Ended): Promise<Doomed> {
  const keys: string[] = [];
  for await (const key of doomedBy(reads, ended)) {
    keys.push(key);
    if (keys.length >= erasedAtOnceMax) return { keys, hasMore: true };
  }
  return { keys, hasMore: false };
}

async function* doomedBy(reads: Reads, { id, leftBy }: Ended): AsyncGenerator<string> {
  if (leftBy === undefined) {
    yield* keysOf(reads, { under: allocationPath, where: { of: [{ anyOf: [id] }] } });
    return;
  }
  for (const address of leftBy) {
    yield* keysOf(reads, { under: eventStream(address), where: { relationshipId: [{ anyOf: [id] }] } });
  }
  if (leftBy.length < 2) return;
  const where = { "recipients.relationshipId": [{ anyOf: [id] }] };
  for await (const { key, document } of reads.find<MessageDocument>({ under: messagePath, where })) {
    if (await isNobodys(reads, document, id)) yield key;
  }
}

async function* keysOf(reads: Reads, query: Query): AsyncGenerator<string> {
  for await (const { key } of reads.find(query)) yield key;
}

/**
 * A Message to several recipients is somebody's until the last of its Relationships has ended. Those are read so that the
 * commit checks them: when two end at the same time, one of the two commits sees the other's end.
 */
async function isNobodys(reads: Reads, { recipients }: MessageDocument, endedId: string): Promise<boolean> {
  for (const { relationshipId } of recipients) {
    if (relationshipId === endedId) continue;
    const other = await reads.get<RelationshipDocument>(relationshipKey(relationshipId));
    if (other !== undefined && other.document.decomposedBy.length < 2) return false;
  }
  return true;
}

/** One commit; true when another one is needed. */
export async function eraseMore(place: Place, key: string): Promise<boolean> {
  const taken = await takeTurn(place, {
    gather: async (reads) => {
      const mark = await reads.get<LeftoverDocument>(key);
      return mark === undefined ? undefined : gatherDoomed(reads, await endedBy(reads, mark.document));
    },
    plan: (doomed) => {
      // Somebody else was faster.
      if (doomed === undefined) return { ok: true, value: { value: false } };
      const { keys, hasMore } = doomed;
      return { ok: true, value: { value: hasMore, deletes: hasMore ? keys : [...keys, key] } };
    },
  });
  return taken.ok && taken.value;
}

async function endedBy(reads: Reads, { id }: LeftoverDocument): Promise<Ended> {
  if (!isId(id, "REL")) return { id };
  const relationship = await reads.get<RelationshipDocument>(relationshipKey(id));
  return { id, leftBy: relationship?.document.decomposedBy ?? [] };
}
