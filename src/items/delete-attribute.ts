/** Asks the recipient to delete its copy of an attribute (spec/domain.md 5.10). */
import type { AttributeRecord, DeletionInfo } from "../model/attribute-records.ts";
import type { ItemDecision } from "../model/decision.ts";
import type { JsonObject } from "../model/json.ts";
import { isSameJson } from "../model/same-json.ts";
import type { Validation } from "../model/validation.ts";
import type { ItemEffects, ItemInfo, ItemKind, ItemMoment } from "../ports/item-kind.ts";
import { attributeIdProblem, peerOf } from "./attribute-checks.ts";
import {
  attributeIn,
  type Forward,
  forwardsIn,
  isHeld,
  isLeaving,
  lineNeeds,
  versionsIn,
  versionsNeeds,
} from "./attribute-keys.ts";
import { createLedger } from "./attribute-ledger.ts";
import { deletionDateIn, leaving, plain } from "./attribute-responses.ts";
import { accepted } from "./own-identity-answer.ts";
import { fine, invalidItem, invalidParameters, malformedParameters } from "./verdicts.ts";

/** Deletes an attribute at the recipient. */
export const deleteAttributeItem: ItemKind = Object.freeze<ItemKind>({
  type: "DeleteAttributeRequestItem",
  parse: (item) => attributeIdProblem(item, "attributeId"),
  responses: { DeleteAttributeAcceptResponseItem: leaving, ...plain },
  needs,
  canCreate,
  canAccept,
  accept,
  sent: (item, info) => marked(item, info, { deletionStatus: "DeletionRequestSent", deletionDate: info.now }),
  apply,
});

const idOf = (item: JsonObject): string => String(item["attributeId"]);

function needs(item: JsonObject, { info, decision }: ItemMoment): readonly string[] {
  const { known, peer } = info;
  if (decision !== undefined) return decision.accept ? versionsNeeds(known, idOf(item)) : [];
  return [...versionsNeeds(known, idOf(item)), ...lineNeeds(known, idOf(item), peer)];
}

function canCreate(item: JsonObject, { known, peer }: ItemInfo): Validation {
  const id = idOf(item);
  const attribute = attributeIn(known, id);
  if (attribute === undefined) return invalidItem(`There is no attribute ${id}.`);
  if (peer === undefined) return invalidItem("A template has no recipient yet who could have the attribute.");
  const { "@type": type, content } = attribute;
  if (type === "PeerIdentityAttribute" || type === "ThirdPartyRelationshipAttribute")
    return invalidItem(`An attribute of the type ${type} was received. Delete it yourself.`);
  if (type === "PeerRelationshipAttribute" && content["owner"] === peer)
    return invalidItem("The recipient owns the attribute.");
  if (isWithPartner(attribute, peer))
    return isLeaving(attribute) ? invalidItem(`${peer} has deleted ${id}, or is about to.`) : fine;
  const forward = forwardOf(attribute, { known, peer });
  if (forward === undefined) return invalidItem(`${id} is not shared with ${peer}.`);
  return isHeld(forward, false) ? fine : invalidItem(`${peer} has deleted ${id}, or is about to.`);
}

/** True for an own attribute that exists with this peer: what becomes of it there is noted on the attribute itself. */
function isWithPartner({ "@type": type, peer: partner }: AttributeRecord, peer: string | undefined): boolean {
  return type === "OwnRelationshipAttribute" && partner === peer;
}

function forwardOf(
  { id, root }: AttributeRecord,
  { known, peer }: { readonly known: ItemInfo["known"]; readonly peer: string },
): Forward | undefined {
  return forwardsIn(known, root, peer)?.details.find(({ attributeId }) => attributeId === id);
}

function canAccept(item: JsonObject, decision: ItemDecision, info: ItemInfo): Validation {
  const parameters = decision as JsonObject;
  if (typeof parameters["deletionDate"] !== "string")
    return malformedParameters("deletionDate must say when: an ISO 8601 date.");
  const attribute = attributeIn(info.known, idOf(item));
  if (attribute === undefined) return fine;
  const isReceived = attribute["@type"] !== "OwnIdentityAttribute" && attribute["@type"] !== "OwnRelationshipAttribute";
  if (!isReceived || attribute.peer !== info.peer)
    return invalidItem(`${attribute.id} was not received from ${info.peer}. Reject the item.`);
  const date = deletionDateIn(parameters);
  if (date === undefined) return invalidParameters("deletionDate must be an ISO 8601 date, with time and zone.");
  return date < info.now ? invalidParameters(`deletionDate is ${date}, which is over.`) : fine;
}

function accept(item: JsonObject, decision: ItemDecision, info: ItemInfo) {
  const id = idOf(item);
  if (attributeIn(info.known, id) === undefined)
    return { response: { "@type": "AcceptResponseItem", result: "Accepted" } };
  const deletionDate = deletionDateIn(decision as JsonObject) ?? info.now;
  const ledger = createLedger(info);
  const deletionInfo = { deletionStatus: "ToBeDeleted", deletionDate };
  // Another item may have said so of the same versions: thousands of items are not to write each of them again.
  for (const { id: version, deletionInfo: before } of versionsIn(info.known, id))
    if (before === undefined || !isSameJson(before, deletionInfo)) ledger.mark(version, deletionInfo);
  return { response: accepted("DeleteAttribute", { deletionDate }), effects: ledger.effects() };
}

function apply(response: JsonObject, item: JsonObject, info: ItemInfo): ItemEffects {
  if (response["@type"] === "DeleteAttributeAcceptResponseItem") {
    const deletionDate = deletionDateIn(response) ?? info.now;
    return marked(item, info, { deletionStatus: "ToBeDeletedByRecipient", deletionDate });
  }
  if (response["result"] !== "Rejected") return {};
  return marked(item, info, { deletionStatus: "DeletionRequestRejected", deletionDate: info.now });
}

/** Notes it of the attribute and its versions before, except where the peer has deleted its copy or said that it will. */
function marked(item: JsonObject, info: ItemInfo, deletionInfo: DeletionInfo): ItemEffects {
  const peer = peerOf(info);
  const ledger = createLedger(info);
  for (const version of versionsIn(info.known, idOf(item))) {
    const forward = forwardOf(version, { known: ledger.known, peer });
    if (isWithPartner(version, peer)) {
      if (!isLeaving(version)) ledger.mark(version.id, deletionInfo);
    } else if (forward !== undefined && isHeld(forward, false)) ledger.markForward(version, peer, deletionInfo);
  }
  return ledger.effects();
}
