/**
 * Deleting an attribute (spec/domain.md 6.7): its versions before it go with it, and everybody who has one of them, or whom
 * it came from, is told. One commit has all of it, and the letters.
 */
import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import { attributeIn, forwardsKey, isHeld, removalNeeds, versionsIn } from "../items/attribute-keys.ts";
import { createLedger } from "../items/attribute-ledger.ts";
import type { AttributeRecord, ForwardsRecord } from "../model/attribute-records.ts";
import { newId } from "../model/ids.ts";
import { instantOf } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import {
  deletedByOwnerItem,
  deletedByPeerItem,
  forwardedDeletedItem,
  type NotificationItem,
} from "../model/notification.ts";
import type { IntentRecord, RelationshipRecord } from "../model/records.ts";
import type { Reads } from "../turn/turn.ts";
import { accountTurn, type Change } from "./change.ts";
import { type CommandTag, recordResult } from "./commands.ts";
import type { Account } from "./context.ts";
import { relationshipWith } from "./deciding-facts.ts";
import { applyEffects } from "./effects.ts";
import { forwardsOf } from "./exchanged.ts";
import { gatherDocuments, type Known } from "./knowledge.ts";
import { postLetter, type SealedLetter } from "./outgoing-message.ts";
import { sealNotice } from "./outgoing-notification.ts";
import { canBeInformed } from "./recipients.ts";
import { isRelationship } from "./relationship-state.ts";

/** What a deletion came to: the Notifications about it, and the intents that send them. */
export interface Deleted {
  readonly notificationIds: readonly string[];
  readonly intents: readonly IntentRecord[];
}

/** Deletes it. While a Relationship in which it was shared is Pending, it cannot be. */
export function deleteAttribute(account: Account, id: string, tag: CommandTag): Promise<Outcome<Deleted>> {
  return accountTurn(account, {
    gather: (reads) => gatherDeletion(account, reads, { id, tag }),
    plan: (facts, change) => planDeletion(account, change, { facts, tag }),
  });
}

const timedOut = "ToBeDeleted";

/** Its date has come: deletes it if it is still to be. Peers who can be told are told. */
export async function deleteDueAttribute(account: Account, entity: string): Promise<void> {
  const id = entity.slice(entity.indexOf("-") + 1);
  await accountTurn(account, {
    async gather(reads) {
      const read = async (wanted: string) =>
        (await reads.get<AttributeRecord>(keyOf(account.id, "attributes", wanted)))?.document;
      const attribute = await read(id);
      const successor = attribute?.succeededBy === undefined ? undefined : await read(attribute.succeededBy);
      const dueAt = dueOf(attribute);
      // A version after it that is due, too, takes it along.
      const isDue = dueAt !== undefined && dueAt < instantOf(account.clock.now());
      const goesAlong = isDue && (dueOf(successor) ?? "9999") <= dueAt;
      const facts = isDue && !goesAlong ? await gatherDeletion(account, reads, { id, isDue: true }) : undefined;
      return { dueAt: isDue ? undefined : dueAt, facts };
    },
    plan({ dueAt, facts }, change): Outcome<unknown> {
      change.deadline(entity, dueAt);
      return facts === undefined ? allow(undefined) : planDeletion(account, change, { facts, tag: undefined });
    },
  });
}

function dueOf(attribute: AttributeRecord | undefined): string | undefined {
  const info = attribute?.deletionInfo;
  return info?.deletionStatus === timedOut ? info.deletionDate : undefined;
}

interface Deletion {
  readonly id: string;
  readonly known: Known;
  readonly forwards: readonly ForwardsRecord[];
  readonly notificationIds: readonly string[];
  readonly letters: readonly SealedLetter[];
  readonly now: string;
}

async function gatherDeletion(
  account: Account,
  reads: Reads,
  { id, isDue, tag }: { readonly id: string; readonly isDue?: true; readonly tag?: CommandTag },
): Promise<Outcome<Deletion>> {
  const known = await gatherDocuments(account, reads, (found) => removalNeeds(found, id));
  const attribute = attributeIn(known, id);
  if (attribute === undefined) return refuse("error.runtime.recordNotFound", `There is no attribute ${id}.`);
  const versions = versionsIn(known, id);
  const forwards = await forwardsOf(
    account,
    reads,
    versions.map((version) => version.id),
  );
  for (const one of forwards) known.set(forwardsKey(one.root, one.peer), one as unknown as JsonObject);
  const told: { relationship: RelationshipRecord; item: NotificationItem; id: string }[] = [];
  for (const [peer, item] of tidings(attribute, versions, forwards)) {
    const relationship = await relationshipWith(account, reads, peer);
    const isPending = relationship !== undefined && isRelationship(relationship, "pending");
    if (isPending && isDue === undefined) return whilePending(id, peer);
    if (canBeInformed(relationship)) told.push({ relationship, item, id: newId("NOT", account.entropy) });
  }
  const notificationIds = told.map((one) => one.id);
  const letters: SealedLetter[] = [];
  for (const one of told) {
    // The command is over when its last letter has left.
    const last = letters.length === told.length - 1 ? { tag } : {};
    const sealed = await sealNotice(account, reads, { ...one, ...last, result: { notificationIds } });
    if (!sealed.ok) return sealed;
    letters.push(sealed.value);
  }
  return allow({ id, known, forwards, notificationIds, letters, now: instantOf(account.clock.now()) });
}

function whilePending(id: string, peer: string): Outcome<never> {
  const code = "error.runtime.attributes.cannotDeleteSharedAttributeWhileRelationshipIsPending";
  return refuse(code, `${id} is shared with ${peer}, and the Relationship is Pending.`);
}

// Who is told what: the newest of the versions that go and that a peer has, once for every peer.
function tidings(
  attribute: AttributeRecord,
  versions: readonly AttributeRecord[],
  forwards: readonly ForwardsRecord[],
): Map<string, NotificationItem> {
  const told = new Map<string, NotificationItem>();
  const { id, peer, "@type": type, deletionInfo } = attribute;
  const isOver = ["DeletedByRecipient", "DeletedByEmitter"].includes(deletionInfo?.deletionStatus ?? "");
  if (peer !== undefined && !isOver) told.set(peer, { "@type": itemOf[type], attributeId: id });
  const toHolders = type === "PeerRelationshipAttribute" ? deletedByPeerItem : deletedByOwnerItem;
  for (const { peer: holder, details } of forwards) {
    const version = versions.find((one) => details.some((given) => given.attributeId === one.id && isHeld(given)));
    if (version !== undefined && holder !== peer) told.set(holder, { "@type": toHolders, attributeId: version.id });
  }
  return told;
}

/** What the partner or emitter is told. */
const itemOf = {
  OwnIdentityAttribute: deletedByOwnerItem,
  OwnRelationshipAttribute: deletedByOwnerItem,
  PeerRelationshipAttribute: deletedByPeerItem,
  PeerIdentityAttribute: forwardedDeletedItem,
  ThirdPartyRelationshipAttribute: forwardedDeletedItem,
} as const satisfies { readonly [type in AttributeRecord["@type"]]: string };

function planDeletion(
  account: Account,
  change: Change,
  { facts, tag }: { readonly facts: Outcome<Deletion>; readonly tag: CommandTag },
): Outcome<Deleted> {
  if (!facts.ok) return facts;
  const { id, known, forwards, letters, notificationIds, now } = facts.value;
  const ledger = createLedger({ known, now, newId: (prefix) => newId(prefix, account.entropy) });
  const versions = versionsIn(known, id);
  for (const { peer } of forwards) for (const version of versions) ledger.unforward(version, peer);
  for (const version of versions) ledger.remove(version.id);
  applyEffects(change, ledger.effects());
  for (const letter of letters) postLetter(account, change, letter);
  if (letters.length === 0) recordResult(account, change, { tag, result: { notificationIds } });
  return allow({ notificationIds, intents: letters.map(({ intent }) => intent) });
}
