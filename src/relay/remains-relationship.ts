/**
 * A Relationship, when the identity of one side is erased (spec/backbone-protocol.md 4.4, 14). The chart says what becomes
 * of it; where it says nothing (Rejected, Revoked, left before), only the address goes.
 */
import { relationshipChart } from "rapport/machines";
import { invariant } from "../errors/bug.ts";
import { instantOf } from "../model/instant.ts";
import { step } from "../turn/step.ts";
import type { Reads } from "../turn/turn.ts";
import type { NewsDesk } from "./desk.ts";
import {
  type IdentityDocument,
  pairKey,
  type RelationshipDocument,
  relationshipKey,
  relationshipPath,
  unreceivedCounter,
} from "./documents.ts";
import type { Draft } from "./draft.ts";
import { gatherDoomed, nothingDoomed } from "./erasing.ts";
import { eventOf } from "./events.ts";
import { fulfil, hasPeer, peerOf, roleOf } from "./relationship-state.ts";
import { bury, gatherParked, releaseOrDrop } from "./transitions.ts";

/** An identity in the course of being erased. */
export interface Ending {
  readonly desk: NewsDesk;
  readonly reads: Reads;
  readonly address: string;
  /** What stands for it from now on. */
  readonly pseudonym: string;
  readonly identity: IdentityDocument;
  readonly nowMs: number;
}

/** Takes the identity out of the next of its Relationships; nothing when it has none left. */
export async function leaveNext(ending: Ending): Promise<((draft: Draft) => void) | undefined> {
  const { reads, address } = ending;
  const where = { parties: [{ anyOf: [address] }] };
  for await (const { key } of reads.find({ under: relationshipPath, where, limit: 1 })) {
    const relationship = (await reads.get<RelationshipDocument>(key))?.document;
    // Somebody else was faster; the next turn looks for another one.
    if (relationship?.parties.includes(address) !== true) return () => undefined;
    const { id, decomposedBy } = relationship;
    const leftBy = decomposedBy.includes(address) ? decomposedBy : [...decomposedBy, address];
    const parked = await gatherParked(reads, relationship);
    // With one side left, only its own events would go, and its whole stream goes anyway.
    const doomed = leftBy.length < 2 ? nothingDoomed : await gatherDoomed(reads, { id, leftBy });
    return (draft) => {
      const changed = leave(ending, { draft, relationship, leftBy });
      if (leftBy.length === 2) bury(draft, changed, ending.nowMs);
      else draft.put(relationshipKey(id), changed);
      releaseOrDrop(draft, relationship, { changed, parked });
      draft.erase(id, doomed);
      draft.delete(unreceivedCounter(id, address));
      // Its key names both; who is left can neither write to the identity nor begin anew with it.
      draft.delete(pairKey(relationship.from, relationship.to));
    };
  }
  return undefined;
}

function leave(
  { desk, address, pseudonym, identity, nowMs }: Ending,
  at: { readonly draft: Draft; readonly relationship: RelationshipDocument; readonly leftBy: readonly string[] },
): RelationshipDocument {
  const { draft, relationship, leftBy } = at;
  const asked = { nowMs, now: instantOf(nowMs) };
  const by = roleOf(relationship, address);
  invariant(by, `The identity is a party of ${relationship.id} and on neither side.`);
  if (hasPeer(relationship)) {
    const deletionDate = instantOf(identity.endsAtMs ?? nowMs);
    const payload = { relationshipId: relationship.id, deletionDate };
    const to = peerOf(relationship, address);
    draft.tell(eventOf(asked, desk, { to, type: "PeerDeleted", payload, relationshipId: relationship.id }));
  }
  const stepped = step(relationshipChart, relationship.state, { type: "identity.deleted", by });
  const caller = { address, deviceId: null };
  const auditLog = stepped.ok
    ? fulfil(asked, desk, { draft, relationship, effects: stepped.effects, caller })
    : relationship.auditLog;
  const named = (text: string) => (text === address ? pseudonym : text);
  return {
    ...relationship,
    from: named(relationship.from),
    to: named(relationship.to),
    parties: relationship.parties.filter((party) => party !== address),
    state: stepped.ok ? stepped.next : relationship.state,
    auditLog: auditLog.map((entry) => ({ ...entry, createdBy: named(entry.createdBy) })),
    decomposedBy: leftBy.map(named),
  };
}
