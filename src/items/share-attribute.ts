/** Gives the recipient an attribute that the sender has (spec/domain.md 5.9). */
import { type AttributeContent, isIdentityAttribute, valueTypeOf } from "../model/attribute.ts";
import type { AttributeRecord } from "../model/attribute-records.ts";
import type { JsonObject } from "../model/json.ts";
import { isSameJson } from "../model/same-json.ts";
import { textProblem } from "../model/shape.ts";
import type { Validation } from "../model/validation.ts";
import type { ItemEffects, ItemInfo, ItemKind, ItemMoment } from "../ports/item-kind.ts";
import { idVerdict, received, renewed } from "./attribute-application.ts";
import {
  attributeIdProblem,
  contentProblem,
  isEstablished,
  partnerNeeds,
  peerOf,
  tagLooks,
  tagsFlaw,
  textsIn,
} from "./attribute-checks.ts";
import { attributeIn, attributeKey, forwardsIn, isHeld, lineNeeds } from "./attribute-keys.ts";
import { createLedger, type NewAttribute } from "./attribute-ledger.ts";
import { alreadyShared, plain } from "./attribute-responses.ts";
import { accepted } from "./own-identity-answer.ts";
import { failed, fine, invalidItem } from "./verdicts.ts";

/** Shares an attribute with the recipient. */
export const shareAttributeItem: ItemKind = Object.freeze<ItemKind>({
  type: "ShareAttributeRequestItem",
  parse: (item) =>
    contentProblem(item, "attribute") ??
    attributeIdProblem(item, "attributeId") ??
    textProblem(item, "initialAttributePeer", { min: 1, max: 200 }),
  responses: { ...plain, ...alreadyShared },
  looks: (item, { response }) => (response === undefined ? tagLooks(contentOf(item)["tags"]) : []),
  needs,
  canCreate,
  canAccept,
  accept,
  apply,
});

function contentOf(item: JsonObject): AttributeContent {
  return item["attribute"] as unknown as AttributeContent;
}

function idOf(item: JsonObject): string {
  return String(item["attributeId"]);
}

function needs(item: JsonObject, { info, decision, response }: ItemMoment): readonly string[] {
  const { known, peer } = info;
  if (decision !== undefined) return decision.accept ? [attributeKey(idOf(item))] : [];
  const line = lineNeeds(known, idOf(item), peer);
  const partner = attributeIn(known, idOf(item))?.peer;
  return response !== undefined || partner === undefined ? line : [...line, ...partnerNeeds(known, partner)];
}

function canCreate(item: JsonObject, info: ItemInfo): Validation {
  const attribute = attributeIn(info.known, idOf(item));
  if (attribute === undefined) return invalidItem(`There is no attribute ${idOf(item)}.`);
  const type = attribute["@type"];
  if (type === "PeerIdentityAttribute" || type === "ThirdPartyRelationshipAttribute")
    return invalidItem(`An attribute of the type ${type} is not yours to share.`);
  if (!isSameJson(attribute.content, contentOf(item)))
    return invalidItem(`attribute is not the content of ${attribute.id}. Take it from there.`);
  const again = info.isAnswered ? undefined : sharedFlaw(attribute, info);
  if (again !== undefined) return invalidItem(again);
  return type === "OwnIdentityAttribute" ? judgeIdentity(item, info) : judgeRelationship(item, attribute, info);
}

// Rows 4 to 6. An answer that comes later answers for what the peer has, so they are asked before only.
function sharedFlaw({ id, root, version }: AttributeRecord, { known, peer }: ItemInfo): string | undefined {
  if (peer === undefined) return undefined;
  const held = (forwardsIn(known, root, peer)?.details ?? []).filter((forward) => isHeld(forward, false));
  if (held.some(({ attributeId }) => attributeId === id)) return `${peer} has ${id} already.`;
  if (held.some((forward) => forward.version > version)) return `${peer} has a newer version of ${id} already.`;
  if (held.length === 0) return undefined;
  return `${peer} has an older version of ${id}. Notify about the succession instead.`;
}

function judgeIdentity(item: JsonObject, { self, known }: ItemInfo): Validation {
  const content = contentOf(item);
  if (content.owner !== self) return invalidItem("The attribute is not about yourself.");
  if (item["initialAttributePeer"] !== undefined)
    return invalidItem("initialAttributePeer is for RelationshipAttributes only. Leave it out.");
  const tags = tagsFlaw(known, textsIn(content["tags"]), valueTypeOf(content));
  return tags === undefined ? fine : invalidItem(tags);
}

function judgeRelationship(item: JsonObject, { peer: partner = "" }: AttributeRecord, info: ItemInfo): Validation {
  const content = contentOf(item);
  if (info.peer === partner) return invalidItem("The attribute exists with the recipient, who has it.");
  if (!isEstablished(info.known, partner))
    return failed(
      "error.consumption.requests.cannotShareRelationshipAttributeOfPendingRelationship",
      `The Relationship with ${partner} is not established.`,
    );
  if (item["initialAttributePeer"] !== partner)
    return invalidItem(`initialAttributePeer must be ${partner}, with whom the attribute exists.`);
  if (content.owner === info.peer) return invalidItem("The recipient owns the attribute.");
  return content["confidentiality"] === "private" ? invalidItem("The attribute is private.") : fine;
}

// The rows of 5.9, then what a sender that keeps the rules cannot send.
function canAccept(item: JsonObject, _decision: unknown, info: ItemInfo): Validation {
  const content = contentOf(item);
  const { self } = info;
  const peer = peerOf(info);
  const third = item["initialAttributePeer"];
  const tags = tagsFlaw(info.known, textsIn(content["tags"]), valueTypeOf(content));
  if (tags !== undefined) return invalidItem(tags);
  if (isIdentityAttribute(content)) {
    if (third !== undefined) return invalidItem("initialAttributePeer does not go with an IdentityAttribute.");
    if (content.owner !== peer) return invalidItem(`The attribute is about ${content.owner}, not about the sender.`);
  } else {
    if (third === undefined) return invalidItem("initialAttributePeer is missing.");
    if (third === self || third === peer || content.owner === self)
      return invalidItem("The attribute must be from a Relationship of the sender with somebody else.");
    if (content.owner !== peer && content.owner !== third)
      return invalidItem("The owner must be the sender or initialAttributePeer.");
    if (content["confidentiality"] === "private") return invalidItem("The attribute is private.");
  }
  const verdict = idVerdict(draftOf(item, info), info);
  return verdict.isSuccess ? fine : invalidItem(verdict.message);
}

function accept(item: JsonObject, _decision: unknown, info: ItemInfo) {
  const id = idOf(item);
  if (attributeIn(info.known, id) !== undefined)
    return { response: accepted("AttributeAlreadyShared", { attributeId: id }), effects: renewed(id, info) };
  const response = { "@type": "AcceptResponseItem", result: "Accepted" };
  return { response, effects: received(draftOf(item, info), info) };
}

function draftOf(item: JsonObject, info: ItemInfo): NewAttribute {
  const { initialAttributePeer: third } = item;
  const content = contentOf(item);
  return {
    id: idOf(item),
    "@type": isIdentityAttribute(content) ? "PeerIdentityAttribute" : "ThirdPartyRelationshipAttribute",
    content,
    peer: peerOf(info),
    sourceReference: info.requestId ?? "",
    ...(typeof third === "string" ? { initialAttributePeer: third } : {}),
  };
}

// The attribute may be gone by now: then there is nothing to note.
function apply(response: JsonObject, item: JsonObject, info: ItemInfo): ItemEffects {
  const attribute = attributeIn(info.known, idOf(item));
  if (response["result"] !== "Accepted" || attribute === undefined) return {};
  const peer = peerOf(info);
  const ledger = createLedger(info);
  const known = forwardsIn(info.known, attribute.root, peer)?.details ?? [];
  const isKnown = known.some(({ attributeId }) => attributeId === attribute.id);
  if (isKnown && response["@type"] === "AttributeAlreadySharedAcceptResponseItem")
    ledger.markForward(attribute, peer, undefined);
  else ledger.forward(attribute, { peer, sourceReference: info.requestId ?? "" });
  return ledger.effects();
}
