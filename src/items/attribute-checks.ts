// Rules that several items about attributes share (spec/domain.md 5.3, 5.6 to 5.9). Pure: they look at what is known.
import { type RelationshipEnvelope, relationshipChart } from "rapport/machines";
import { invariant } from "../errors/bug.ts";
import { fault } from "../errors/rapport-error.ts";
import type { AttributeContent, RelationshipAttribute } from "../model/attribute.ts";
import { attributeProblem, isIdentityAttribute, valueTypeOf } from "../model/attribute.ts";
import type { AttributeRecord } from "../model/attribute-records.ts";
import { needsTagCollection, tagsProblem } from "../model/attribute-tags.ts";
import { forbiddenCharacters } from "../model/characters.ts";
import { extended } from "../model/extended.ts";
import { isId } from "../model/ids.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { PeerRecord, RelationshipRecord } from "../model/records.ts";
import { isArray } from "../model/shape.ts";
import { trimmedValue } from "../model/trimmed.ts";
import type { Validation } from "../model/validation.ts";
import type { ItemInfo, RelayCall } from "../ports/item-kind.ts";
import { hasTag } from "../turn/step.ts";
import { type AttributeIdentity, holderOfKey, type Known } from "./attribute-keys.ts";
import { invalidParameters } from "./verdicts.ts";

/** The other side of the Request; there is one once it is received, sent or answered. */
export function peerOf({ peer }: ItemInfo): string {
  invariant(peer !== undefined, "An item is decided and answered between two.");
  return peer;
}

/** The content of an attribute whose empty owner is this one. */
export function ownedBy<C extends AttributeContent>(content: C, owner: string): C {
  return content.owner === "" ? (extended(content, { owner }) as unknown as C) : content;
}

/** The content as it is kept: facts about identities are trimmed (5.12). */
export function kept<C extends AttributeContent>(content: C): C {
  return isIdentityAttribute(content)
    ? (extended(content, { value: trimmedValue(content.value) }) as unknown as C)
    : content;
}

/** Why the content cannot be kept: some texts are too short once they are trimmed. */
export function keptFlaw(content: AttributeContent): string | undefined {
  const problem = attributeProblem(kept(content));
  return problem === undefined ? undefined : `Without blanks around its texts it is not valid: ${problem}.`;
}

/** The problem with a member that holds the content of an attribute. */
export function contentProblem(object: JsonObject, member: string): string | undefined {
  return attributeProblem(object[member], member);
}

/** The problem with a member that holds the id of an attribute. */
export function attributeIdProblem(object: JsonObject, member: string): string | undefined {
  return isId(object[member], "ATT") ? undefined : `${member} must be ATT and 17 letters or digits`;
}

/** The place of a character that attributes may not have, as a sentence. */
export function charactersFlaw(content: AttributeContent): string | undefined {
  const place = forbiddenCharacters(content);
  return place === undefined ? undefined : `${place} has a character outside of the permitted set. Take it out.`;
}

/** What a RelationshipAttribute is found by between self and the peer. */
export function identityOf(content: RelationshipAttribute, { self, peer }: Pair): AttributeIdentity {
  return { peer, isOwn: content.owner === self, valueType: valueTypeOf(content), key: content.key };
}

/** Self and the partner of a Relationship. */
export interface Pair {
  readonly self: string;
  readonly peer: string;
}

/** Who holds the key already, as a sentence ("key conflict", 5.3). */
export function keyFlaw(known: Known, identity: AttributeIdentity): string | undefined {
  const holder = holderOfKey(known, identity);
  if (holder === undefined) return undefined;
  return `The key ${identity.key} with the value type ${identity.valueType} is taken by ${holder.id}. Choose another key.`;
}

/** A key that is taken: an item that must be accepted never can be (thrown, 5.6), another is only not accepted now. */
export function keyTaken(item: JsonObject, message: string): Validation {
  if (item["mustBeAccepted"] !== true) return invalidParameters(message);
  throw fault("error.consumption.requests.violatedKeyUniquenessOfRelationshipAttributes", message);
}

const collectionKey = "relay/tags";

/** The question for the relay's collection of tags, where one of these tags needs it. */
export function tagLooks(...lists: readonly (Json | undefined)[]): readonly RelayCall[] {
  const isNeeded = lists.some((tags) => needsTagCollection(textsIn(tags)));
  return isNeeded ? [{ key: collectionKey, operation: "getTags" }] : [];
}

/**
 * The first invalid tag, as a sentence. Tags of the relay's collection are judged when it was asked for, that is when they
 * are added to something; where they only come along, they were judged before.
 */
export function tagsFlaw(known: Known, tags: readonly string[] | undefined, valueType: string): string | undefined {
  if (tags === undefined || tags.length === 0) return undefined;
  const answer = known.get(collectionKey);
  const result = answer?.["ok"] === true ? (answer["result"] as JsonObject) : undefined;
  const judged = known.has(collectionKey) ? tags : tags.filter((tag) => !needsTagCollection([tag]));
  const problem = tagsProblem(judged, result === undefined ? { valueType } : { valueType, collection: result });
  return problem === undefined ? undefined : `The tags are not valid: ${problem}.`;
}

/** The texts of a list that may be anything. */
export function textsIn(list: Json | undefined): readonly string[] {
  return isArray(list) ? list.filter((one) => typeof one === "string") : [];
}

/** Both lists as one, each tag once; the very first list where the other adds nothing. */
export function mergedTags(tags: readonly string[] = [], more: readonly string[] = []): readonly string[] {
  const added = more.filter((tag, index) => !tags.includes(tag) && more.indexOf(tag) === index);
  return added.length === 0 ? tags : [...tags, ...added];
}

/** Why an own attribute cannot have these tags too, as a sentence. */
export function unionFlaw(mine: AttributeRecord | undefined, tags: readonly string[] | undefined): string | undefined {
  if (mine === undefined) return undefined;
  const content = mine.content as AttributeContent;
  const problem = attributeProblem(extended(content, { tags: mergedTags(textsIn(content["tags"]), tags) }));
  return problem === undefined ? undefined : `With the tags of ${mine.id} there would be too many: ${problem}.`;
}

/** The documents that tell how things are with the partner of a RelationshipAttribute. */
export function partnerNeeds(known: Known, partner: string): string[] {
  const id = currentWith(known, partner);
  return id === undefined ? [`peers/${partner}`] : [`peers/${partner}`, `relationships/${id}`];
}

/** Whether what exists with the partner may be shown to others: there is or was an established Relationship (5.7, 5.9). */
export function isEstablished(known: Known, partner: string): boolean {
  const id = currentWith(known, partner);
  const record = id === undefined ? undefined : (known.get(`relationships/${id}`) as RelationshipRecord | undefined);
  if (record === undefined) return false;
  return hasTag(relationshipChart, record.state as unknown as RelationshipEnvelope, "sharedWithThirdParties");
}

function currentWith(known: Known, partner: string): string | undefined {
  const record = known.get(`peers/${partner}`) as PeerRecord | undefined;
  return record?.existing ?? record?.newest;
}
