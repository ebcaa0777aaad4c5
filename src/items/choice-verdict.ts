/** Whether a choice answers the item's query, in the order of the tables (spec/domain.md 5.7, 5.8, "canAccept"). */
import {
  type AttributeContent,
  isIdentityAttribute,
  isRelationshipAttribute,
  valueTypeOf,
} from "../model/attribute.ts";
import type { AttributeQuery } from "../model/attribute-query.ts";
import type { AttributeRecord } from "../model/attribute-records.ts";
import { extended } from "../model/extended.ts";
import type { JsonObject } from "../model/json.ts";
import type { Validation } from "../model/validation.ts";
import type { ItemInfo } from "../ports/item-kind.ts";
import {
  charactersFlaw,
  identityOf,
  isEstablished,
  keyFlaw,
  keyTaken,
  mergedTags,
  peerOf,
  tagsFlaw,
  textsIn,
  unionFlaw,
} from "./attribute-checks.ts";
import type { Choice } from "./attribute-choice.ts";
import { attributeIn, forwardsIn, latestHeld, ownWithValue } from "./attribute-keys.ts";
import {
  isListed,
  isRelationshipQuery,
  isThirdPartyQuery,
  matchVerdict,
  queryOf,
  strictness,
  unanswered,
} from "./query-checks.ts";
import { failed, fine, invalidParameters, malformedParameters } from "./verdicts.ts";

/** What judging takes: the types of attributes that may answer, besides what is known. */
export interface Judging {
  readonly info: ItemInfo;
  readonly types: readonly AttributeRecord["@type"][];
}

/** Whether accepting the item with this choice is allowed. */
export function judgeChoice(item: JsonObject, choice: Choice, judging: Judging): Validation {
  const query = queryOf(item);
  if (choice.is === "malformed") return malformedParameters(choice.problem);
  if (choice.is === "new") {
    if (isThirdPartyQuery(query))
      return invalidParameters("A third-party query is answered with an attribute that exists.");
    const { content } = choice;
    const more = isIdentityAttribute(content)
      ? unionFlaw(ownWithValue(judging.info.known, content.value), content.tags)
      : undefined;
    return judgeContent(item, content, { info: judging.info, more });
  }
  if (isRelationshipQuery(query)) return invalidParameters("The query asks for a new attribute.");
  const attribute = attributeIn(judging.info.known, choice.id);
  if (attribute === undefined)
    return failed("error.transport.recordNotFound", `There is no attribute ${choice.id}. Check the id.`);
  if (!judging.types.includes(attribute["@type"]))
    return invalidParameters(`An attribute of the type ${attribute["@type"]} cannot be given away.`);
  const verdict = judgeExisting(query, attribute, { info: judging.info, tags: choice.tags });
  if (!verdict.isSuccess) return verdict;
  const content = attribute.content as AttributeContent;
  const tags = mergedTags(textsIn(content["tags"]), choice.tags);
  const added = tags.length > textsIn(content["tags"]).length;
  const candidate = added ? (extended(content, { tags }) as unknown as AttributeContent) : content;
  return judgeContent(item, candidate, {
    info: judging.info,
    more: added ? successionFlaw(attribute, tags) : undefined,
  });
}

function successionFlaw(attribute: AttributeRecord, tags: readonly string[]): string | undefined {
  if (attribute["@type"] !== "OwnIdentityAttribute") return "Only facts about yourself have tags.";
  if (attribute.succeededBy === undefined) return unionFlaw(attribute, tags);
  return `There is a newer version, ${attribute.succeededBy}. Add the tags to that one.`;
}

/** Rows 4 to 6, which depend on the query. */
function judgeExisting(
  query: AttributeQuery,
  attribute: AttributeRecord,
  { info, tags }: { readonly info: ItemInfo; readonly tags: readonly string[] | undefined },
): Validation {
  const { known } = info;
  const peer = peerOf(info);
  const held = latestHeld(forwardsIn(known, attribute.root, peer));
  const isOutdated = held !== undefined && held.version > attribute.version;
  const outdated = `The peer has ${held?.attributeId}, a newer version. Answer with that one.`;
  if (!isThirdPartyQuery(query)) return isOutdated ? unanswered(outdated) : fine;
  const { "@type": type, peer: partner } = attribute;
  if (partner !== undefined) {
    if (partner === peer) return unanswered("The attribute exists with the one who asks.");
    if (type === "OwnRelationshipAttribute" && !isListed(query, partner))
      return unanswered(`The query does not ask for attributes shared with ${partner}.`);
    if (!isEstablished(known, partner))
      return failed(
        "error.consumption.requests.cannotShareRelationshipAttributeOfPendingRelationship",
        `The Relationship with ${partner} is not established.`,
      );
  }
  if (tags !== undefined) return invalidParameters("tags do not go with an answer to a third-party query.");
  return isOutdated ? unanswered(outdated) : fine;
}

/** Rows a to e, which hold for existing and new attributes alike; `more` is what comes last. */
function judgeContent(
  item: JsonObject,
  content: AttributeContent,
  { info, more }: { readonly info: ItemInfo; readonly more: string | undefined },
): Validation {
  const { self, known } = info;
  const peer = peerOf(info);
  const query = queryOf(item);
  const characters = charactersFlaw(content);
  if (characters !== undefined) return invalidParameters(characters);
  const match = matchVerdict(content, query, { recipient: self, asker: peer, ...strictness(info) });
  if (!match.isSuccess) return match;
  if (isRelationshipQuery(query) && isRelationshipAttribute(content)) {
    if (content.owner !== self && content.owner !== peer)
      return invalidParameters(`The attribute is that of ${content.owner}, who has no part in this. Reject the item.`);
    const key = keyFlaw(known, identityOf(content, { self, peer }));
    if (key !== undefined) return keyTaken(item, key);
  }
  if (isThirdPartyQuery(query) && content["confidentiality"] === "private")
    return unanswered("The attribute is private. It must not be shown to others.");
  const last = tagsFlaw(known, textsIn(content["tags"]), valueTypeOf(content)) ?? more;
  return last === undefined ? fine : invalidParameters(last);
}
