/**
 * What the items of a Notification do at its receiver (spec/domain.md 8.2), one entry per type. Pure: they work on a ledger,
 * and what they did is dropped when one of them refuses.
 */
import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import type { AttributeRecord } from "../model/attribute-records.ts";
import { isId } from "../model/ids.ts";
import type { JsonObject } from "../model/json.ts";
import {
  deletedByOwnerItem,
  deletedByPeerItem,
  forwardedDeletedItem,
  type NotificationItem,
  notificationItemProblem,
  succeededItem,
  unknownItem,
} from "../model/notification.ts";
import { attributeIn, forwardsKey, type Known, versionsIn, versionsNeeds } from "./attribute-keys.ts";
import { attributeView, type Ledger } from "./attribute-ledger.ts";
import { judgeSuccession, type Succession, successionNeeds } from "./attribute-succession.ts";

/** Who said it in which Notification, and when it is processed. */
export interface Informed {
  readonly peer: string;
  readonly notificationId: string;
  readonly now: string;
}

/** One type of NotificationItem. */
export interface NotificationItemKind {
  /** Documents to read first. Asked again with what was found, until it names nothing new. */
  needs(item: NotificationItem, known: Known, informed: Informed): readonly string[];
  process(item: NotificationItem, ledger: Ledger, informed: Informed): Outcome<undefined>;
}

/** The documents that an item reads and writes. One that will be refused has none: what it names is not fit to be looked for. */
export function itemNeeds(item: NotificationItem, known: Known, informed: Informed): readonly string[] {
  if (notificationItemProblem(item) !== undefined) return [];
  return notificationItemKinds.get(item["@type"])?.needs(item, known, informed) ?? [];
}

const prefix = "error.consumption.attributes";

/** Every type by its name. */
export const notificationItemKinds: ReadonlyMap<string, NotificationItemKind> = new Map([
  [succeededItem, { needs: (item, known) => successionNeeds(known, successionOf(item)), process: succeeded }],
  [deletedByOwnerItem, deletion(deletedByOwner, "consumption.ownAttributeDeletedByOwner")],
  [deletedByPeerItem, deletion(deletedByPeer, "consumption.peerRelationshipAttributeDeletedByPeer")],
  [forwardedDeletedItem, deletion(forwardedDeleted, "consumption.forwardedAttributeDeletedByPeer")],
]);

/** Processes one item; a malformed one, or one of an unknown type, is refused. */
export function processItem(item: NotificationItem, ledger: Ledger, informed: Informed): Outcome<undefined> {
  const kind = notificationItemKinds.get(item["@type"]);
  const problem = notificationItemProblem(item);
  if (kind === undefined || problem === unknownItem)
    return refuse("error.runtime.unknownType", `${item["@type"]} is no type of NotificationItem that is known here.`);
  if (problem !== undefined) return refuse("error.runtime.servalError", `${item["@type"]}: ${problem}.`);
  return kind.process(item, ledger, informed);
}

function successionOf(item: NotificationItem): Succession {
  const successor = { id: String(item["successorId"]), content: (item["successorContent"] ?? {}) as JsonObject };
  return { predecessorId: String(item["predecessorId"]), successor };
}

function succeeded(item: NotificationItem, ledger: Ledger, { peer, notificationId }: Informed): Outcome<undefined> {
  const succession = successionOf(item);
  const { predecessorId, successor } = succession;
  const before = ledger.attribute(predecessorId);
  if (before === undefined)
    return refuse(`${prefix}.predecessorDoesNotExist`, `There is no attribute ${predecessorId}.`);
  if (before["@type"] === "OwnIdentityAttribute" || before["@type"] === "OwnRelationshipAttribute")
    return refuse(`${prefix}.wrongTypeOfAttribute`, `${predecessorId} is an own attribute; nobody else succeeds it.`);
  if (before.peer !== peer || before.content["owner"] !== peer)
    return refuse(`${prefix}.successionPeerIsNotOwner`, `${predecessorId} is not of ${peer}.`);
  const judged = judgeSuccession(ledger.known, succession);
  if (!judged.ok) return judged;
  const { initialAttributePeer } = before;
  ledger.succeed(predecessorId, {
    id: successor.id,
    "@type": before["@type"],
    content: successor.content,
    peer,
    sourceReference: notificationId,
    ...(initialAttributePeer === undefined ? {} : { initialAttributePeer }),
  });
  return allow(undefined);
}

type Marking = (attribute: AttributeRecord, ledger: Ledger, informed: Informed) => Outcome<"marked" | "skipped">;

// A deletion that somebody tells of. Of an attribute that is not here any more there is nothing to mark.
function deletion(mark: Marking, event: string): NotificationItemKind {
  return {
    needs: ({ attributeId }, known, { peer }) => [
      ...(isId(attributeId, "ATT") ? versionsNeeds(known, attributeId) : []),
      ...rootsOf(known, String(attributeId)).map((root) => forwardsKey(root, peer)),
    ],
    process({ attributeId }, ledger, informed) {
      const attribute = ledger.attribute(String(attributeId));
      if (attribute === undefined) return allow(undefined);
      const marked = mark(attribute, ledger, informed);
      if (!marked.ok) return marked;
      const now = ledger.attribute(attribute.id) ?? attribute;
      if (marked.value === "marked") ledger.event(event, attributeView(now) as JsonObject);
      return allow(undefined);
    },
  };
}

const rootsOf = (known: Known, id: string) => [attributeIn(known, id)?.root ?? []].flat();

function deletedByOwner(attribute: AttributeRecord, ledger: Ledger, { peer, now }: Informed): ReturnType<Marking> {
  if (attribute.peer !== peer) return notShared(attribute, peer);
  if (attribute["@type"] === "OwnRelationshipAttribute") return wrongType(attribute);
  return markVersions(attribute, ledger, { deletionStatus: "DeletedByEmitter", deletionDate: now });
}

function deletedByPeer(attribute: AttributeRecord, ledger: Ledger, informed: Informed): ReturnType<Marking> {
  const { peer, now } = informed;
  if (attribute.peer !== peer) return notShared(attribute, peer);
  if (attribute["@type"] === "ThirdPartyRelationshipAttribute") return deletedByOwner(attribute, ledger, informed);
  if (attribute["@type"] !== "OwnRelationshipAttribute") return wrongType(attribute);
  return markVersions(attribute, ledger, { deletionStatus: "DeletedByRecipient", deletionDate: now });
}

function forwardedDeleted(attribute: AttributeRecord, ledger: Ledger, { peer, now }: Informed): ReturnType<Marking> {
  const details = ledger.forwards(attribute, peer);
  if (!details.some(({ attributeId }) => attributeId === attribute.id)) return notShared(attribute, peer);
  for (const version of versionsIn(ledger.known, attribute.id))
    ledger.markForward(version, peer, { deletionStatus: "DeletedByRecipient", deletionDate: now });
  return allow("marked");
}

function markVersions(
  attribute: AttributeRecord,
  ledger: Ledger,
  info: { readonly deletionStatus: string; readonly deletionDate: string },
): ReturnType<Marking> {
  // What this side has promised to delete by a date goes then, whatever the other side does.
  if (attribute.deletionInfo?.deletionStatus === "ToBeDeleted") return allow("skipped");
  for (const version of versionsIn(ledger.known, attribute.id)) {
    if (version.deletionInfo?.deletionStatus !== "ToBeDeleted") ledger.mark(version.id, info);
  }
  return allow("marked");
}

function notShared({ id }: AttributeRecord, peer: string): Outcome<never> {
  return refuse(`${prefix}.senderIsNotPeerOfSharedAttribute`, `${id} is not shared with ${peer}.`);
}

function wrongType({ id, "@type": type }: AttributeRecord): Outcome<never> {
  return refuse(`${prefix}.wrongTypeOfAttribute`, `${id} is an ${type}, of which that cannot be said.`);
}
