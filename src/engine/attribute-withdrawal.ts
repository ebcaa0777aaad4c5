/**
 * Deleting what a peer was given and keeping the attribute, as the second generation does with its shared copies: the peer is
 * told what an owner's deletion tells it, and the copy and those of earlier versions are forgotten here.
 */
import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import { attributeIn, forwardsIn, isHeld, lineNeeds, versionsIn, versionsNeeds } from "../items/attribute-keys.ts";
import { createLedger } from "../items/attribute-ledger.ts";
import type { AttributeRecord, ForwardsRecord } from "../model/attribute-records.ts";
import { newId } from "../model/ids.ts";
import { instantOf } from "../model/instant.ts";
import { pathOf } from "../model/keys.ts";
import { deletedByOwnerItem, deletedByPeerItem } from "../model/notification.ts";
import type { IntentRecord } from "../model/records.ts";
import type { Reads } from "../turn/turn.ts";
import { accountTurn } from "./change.ts";
import { type CommandTag, recordResult } from "./commands.ts";
import type { Account } from "./context.ts";
import { relationshipWith } from "./deciding-facts.ts";
import { applyEffects } from "./effects.ts";
import { gatherDocuments, type Known } from "./knowledge.ts";
import { postLetter, type SealedLetter } from "./outgoing-message.ts";
import { sealNotice } from "./outgoing-notification.ts";
import { canBeInformed } from "./recipients.ts";
import { isRelationship } from "./relationship-state.ts";

/** The Notification about it and the intent that sends it, where the peer can be told. */
export interface Withdrawal {
  readonly notificationId?: string;
  readonly intent?: IntentRecord;
}

/** Withdraws the copy with this id. While the Relationship with its peer is Pending, it cannot be. */
export function withdrawCopy(account: Account, id: string, tag: CommandTag): Promise<Outcome<Withdrawal>> {
  return accountTurn<Outcome<Gathered>, Withdrawal>(account, {
    gather: (reads) => gather(account, reads, { id, tag }),
    plan(gathered, change) {
      if (!gathered.ok) return gathered;
      const { known, versions, peer, letter, notificationId } = gathered.value;
      const now = instantOf(account.clock.now());
      const ledger = createLedger({ known, now, newId: (prefix) => newId(prefix, account.entropy) });
      for (const version of versions) ledger.unforward(version, peer);
      applyEffects(change, ledger.effects());
      if (letter === undefined || notificationId === undefined) {
        recordResult(account, change, { tag, result: {} });
        return allow({});
      }
      postLetter(account, change, letter);
      return allow({ notificationId, intent: letter.intent });
    },
  });
}

interface Gathered {
  readonly peer: string;
  readonly known: Known;
  /** The version of the copy and those before it. */
  readonly versions: readonly AttributeRecord[];
  readonly notificationId?: string;
  readonly letter?: SealedLetter;
}

async function gather(
  account: Account,
  reads: Reads,
  { id, tag }: { readonly id: string; readonly tag: CommandTag },
): Promise<Outcome<Gathered>> {
  const place = await placeOf(account, reads, id);
  if (place === undefined) return refuse("error.runtime.recordNotFound", `There is no copy ${id} of an attribute.`);
  const { attributeId, peer } = place;
  const known = await gatherDocuments(account, reads, (found) => [
    ...versionsNeeds(found, attributeId),
    ...lineNeeds(found, attributeId, peer),
  ]);
  const attribute = attributeIn(known, attributeId);
  const details = attribute === undefined ? [] : (forwardsIn(known, attribute.root, peer)?.details ?? []);
  const given = details.find((one) => one.id === id);
  if (attribute === undefined || given === undefined)
    return refuse("error.runtime.recordNotFound", `There is no copy ${id} of an attribute.`);
  const facts = { peer, known, versions: versionsIn(known, attributeId) };
  const relationship = await relationshipWith(account, reads, peer);
  if (relationship !== undefined && isRelationship(relationship, "pending")) {
    const code = "error.runtime.attributes.cannotDeleteSharedAttributeWhileRelationshipIsPending";
    return refuse(code, `${attributeId} is shared with ${peer}, and the Relationship is Pending.`);
  }
  if (!isHeld(given) || !canBeInformed(relationship)) return allow(facts);
  const type = attribute["@type"] === "PeerRelationshipAttribute" ? deletedByPeerItem : deletedByOwnerItem;
  const notificationId = newId("NOT", account.entropy);
  const item = { "@type": type, attributeId };
  const sealed = await sealNotice(account, reads, {
    id: notificationId,
    item,
    relationship,
    result: { notificationId },
    tag,
  });
  return sealed.ok ? allow({ ...facts, notificationId, letter: sealed.value }) : sealed;
}

async function placeOf(account: Account, reads: Reads, id: string) {
  const where = { "details.id": [{ anyOf: [id] }] };
  for await (const { document } of reads.find<ForwardsRecord>({
    under: pathOf(account.id, "attributeforwards"),
    where,
  })) {
    const given = document.details.find((one) => one.id === id);
    if (given !== undefined) return { attributeId: given.attributeId, peer: document.peer };
  }
  return undefined;
}
