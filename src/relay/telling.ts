/**
 * Telling the peers of an identity that it is about to be deleted, or not any more.
 *
 * G1. The commit that changes the identity's status leaves a mark, and the peers are told by the commits that follow it.
 *     Whoever creates a Relationship checks both identities in its commit, so either it is found here or it was refused.
 * G2. A commit tells at most `peersToldAtOnceMax` peers and moves the mark on. After a crash the relay goes on from there.
 */
import { peersToldAtOnceMax } from "../limits.ts";
import { instantOf } from "../model/instant.ts";
import type { Reads } from "../turn/turn.ts";
import type { NewsDesk } from "./desk.ts";
import {
  type LeftoverDocument,
  type RelationshipDocument,
  relationshipKey,
  relationshipPath,
  type Telling,
} from "./documents.ts";
import { eventOf, type Happening } from "./events.ts";
import { takeOwnTurn } from "./own-turn.ts";
import { hasPeer, peerOf } from "./relationship-state.ts";

/** One commit; true when another one is needed. */
export function tellMore(desk: NewsDesk, key: string): Promise<boolean> {
  const now = instantOf(desk.clock.now());
  return takeOwnTurn(desk, async (reads) => {
    const mark = (await reads.get<LeftoverDocument>(key))?.document;
    // Somebody else was faster.
    if (mark?.telling === undefined) return undefined;
    const { telling } = mark;
    const { told, last } = await gatherPeers(reads, telling);
    return (draft) => {
      for (const relationship of told) draft.tell(eventOf({ now }, desk, happening(relationship, telling)));
      if (last === undefined) draft.delete(key);
      else draft.put(key, { ...mark, telling: { ...telling, after: last } });
      return last !== undefined;
    };
  });
}

/** The next Relationships that have a peer to be told, and the key to go on after when there may be more. */
async function gatherPeers(reads: Reads, { about, after }: Telling) {
  const told: RelationshipDocument[] = [];
  let last: string | undefined;
  let seen = 0;
  // Should the last one be gone by now, all are told again: hearing it twice changes nothing for a client.
  const start = after === null || (await reads.peek(after)) === undefined ? {} : { after };
  const where = { parties: [{ anyOf: [about] }] };
  const query = { under: relationshipPath, where, limit: peersToldAtOnceMax, ...start };
  for await (const { key, document } of reads.find<RelationshipDocument>(query)) {
    seen += 1;
    last = key;
    // Read so that the commit checks it: an event of a Relationship goes with it when one side leaves.
    const fresh = hasPeer(document)
      ? (await reads.get<RelationshipDocument>(relationshipKey(document.id)))?.document
      : undefined;
    if (fresh !== undefined && hasPeer(fresh)) told.push(fresh);
  }
  return { told, last: seen < peersToldAtOnceMax ? undefined : last };
}

function happening(relationship: RelationshipDocument, { about, type, deletionDate }: Telling): Happening {
  const { id: relationshipId } = relationship;
  const payload = deletionDate === null ? { relationshipId } : { relationshipId, deletionDate };
  return { to: peerOf(relationship, about), type, payload, relationshipId };
}
