/** Asks the recipient to keep an attribute: a fact about itself, or one within the Relationship (spec/domain.md 5.6). */
import { fault } from "../errors/rapport-error.ts";
import {
  type AttributeContent,
  isIdentityAttribute,
  isRelationshipAttribute,
  valueTypeOf,
} from "../model/attribute.ts";
import type { JsonObject } from "../model/json.ts";
import { isObject } from "../model/shape.ts";
import { isSameValue } from "../model/trimmed.ts";
import type { Validation } from "../model/validation.ts";
import type { ItemInfo, ItemKind, ItemMoment } from "../ports/item-kind.ts";
import { createApplication, type Judged } from "./attribute-application.ts";
import {
  charactersFlaw,
  contentProblem,
  identityOf,
  kept,
  keptFlaw,
  keyFlaw,
  keyTaken,
  ownedBy,
  peerOf,
  tagLooks,
  tagsFlaw,
  unionFlaw,
} from "./attribute-checks.ts";
import { identityNeeds, ownWithValue, valueNeeds } from "./attribute-keys.ts";
import { createLedger } from "./attribute-ledger.ts";
import { alreadyShared, created, succession } from "./attribute-responses.ts";
import { accepted, answerWithOwn } from "./own-identity-answer.ts";
import { fine, invalidItem } from "./verdicts.ts";

const application = createApplication({
  fresh: "CreateAttributeAcceptResponseItem",
  given: (_response, item, info) => ({ content: kept(ownedBy(contentOf(item), peerOf(info))) }),
  judge: judgeGiven,
});

/** Creates an attribute at both. */
export const createAttributeItem: ItemKind = Object.freeze<ItemKind>({
  type: "CreateAttributeRequestItem",
  parse: (item) => contentProblem(item, "attribute"),
  responses: { CreateAttributeAcceptResponseItem: created, ...alreadyShared, ...succession },
  looks: (item, { response }) => (response === undefined ? tagLooks(contentOf(item)["tags"]) : []),
  needs,
  canCreate,
  canAccept,
  accept,
  canApply: application.canApply,
  apply: application.apply,
});

function contentOf(item: JsonObject): AttributeContent {
  return item["attribute"] as unknown as AttributeContent;
}

function needs(item: JsonObject, moment: ItemMoment): readonly string[] {
  const { info, decision, response } = moment;
  if (response !== undefined) return application.needs(item, moment);
  if (decision?.accept === false || info.peer === undefined) return [];
  const pair = { self: info.self, peer: info.peer };
  const content = ownedBy(contentOf(item), decision === undefined ? pair.peer : pair.self);
  if (isRelationshipAttribute(content)) return identityNeeds(info.known, identityOf(content, pair));
  return decision === undefined ? [] : valueNeeds(info.known, content.value, pair.peer);
}

function canCreate(item: JsonObject, info: ItemInfo): Validation {
  const content = contentOf(item);
  const { self, peer, known } = info;
  const characters = charactersFlaw(content);
  if (characters !== undefined) return invalidItem(characters);
  if (isIdentityAttribute(content)) {
    if (content.owner === self)
      return invalidItem("The attribute is your own. Share it with a ShareAttributeRequestItem instead.");
    if (content.owner !== "" && content.owner !== peer)
      return invalidItem("The owner must be the recipient: leave it empty.");
    const tags = tagsFlaw(known, content.tags, valueTypeOf(content)) ?? keptFlaw(content);
    return tags === undefined ? fine : invalidItem(tags);
  }
  if (content.owner !== "" && content.owner !== self && content.owner !== peer)
    return invalidItem("The owner must be the sender or the recipient; an empty owner is the recipient.");
  if (peer === undefined) return fine;
  const key = keyFlaw(known, identityOf(ownedBy(content, peer), { self, peer }));
  return key === undefined ? fine : invalidItem(key);
}

function canAccept(item: JsonObject, _decision: unknown, info: ItemInfo): Validation {
  const { self, known } = info;
  const peer = peerOf(info);
  const content = ownedBy(contentOf(item), self);
  if (content.owner !== self && (content.owner !== peer || isIdentityAttribute(content)))
    return invalidItem(`The attribute is that of ${content.owner}, who has no part in this. Reject the item.`);
  const characters = charactersFlaw(content);
  if (characters !== undefined) throw fault("error.consumption.attributes.forbiddenCharactersInAttribute", characters);
  if (isRelationshipAttribute(content)) {
    const key = keyFlaw(known, identityOf(content, { self, peer }));
    return key === undefined ? fine : keyTaken(item, key);
  }
  const tags =
    tagsFlaw(known, content.tags, valueTypeOf(content)) ??
    keptFlaw(content) ??
    unionFlaw(ownWithValue(known, content.value), content.tags);
  return tags === undefined ? fine : invalidItem(tags);
}

function accept(item: JsonObject, _decision: unknown, info: ItemInfo) {
  const { self, requestId: sourceReference = "" } = info;
  const peer = peerOf(info);
  const content = ownedBy(contentOf(item), self);
  const ledger = createLedger(info);
  const answer = (id: string) => accepted("CreateAttribute", { attributeId: id });
  if (isIdentityAttribute(content)) {
    const response = answerWithOwn(ledger, content, { peer, sourceReference, fresh: ({ id }) => answer(id) });
    return { response, effects: ledger.effects() };
  }
  const type = content.owner === self ? "OwnRelationshipAttribute" : "PeerRelationshipAttribute";
  const { id } = ledger.create({ id: ledger.newId(), "@type": type, content, peer, sourceReference });
  return { response: answer(id), effects: ledger.effects() };
}

// Only a successor has content of the peer's choice: its fact, with the value that was asked for.
function judgeGiven({ content, isSuccessor }: Judged, item: JsonObject, info: ItemInfo): Validation {
  const wanted = ownedBy(contentOf(item), peerOf(info));
  const isFit =
    content["@type"] === wanted["@type"] &&
    (isSuccessor === undefined || isIdentityAttribute(content)) &&
    content.owner === wanted.owner &&
    isObject(content["value"]) &&
    isSameValue(content.value, wanted.value);
  return isFit ? fine : invalidItem("The answer has another owner or value than what was asked for.");
}
