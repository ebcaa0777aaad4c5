// Rules about queries that the items with a query share (spec/domain.md 5.7, 5.8). Pure: they look at what is known.
import { type AttributeContent, isIdentityAttribute } from "../model/attribute.ts";
import { type MatchRules, mismatch } from "../model/attribute-match.ts";
import type {
  AttributeQuery,
  RelationshipAttributeQuery,
  ThirdPartyRelationshipAttributeQuery,
} from "../model/attribute-query.ts";
import { parseIql } from "../model/iql.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { Validation } from "../model/validation.ts";
import type { ItemInfo } from "../ports/item-kind.ts";
import type { Judged } from "./attribute-application.ts";
import { keyFlaw, type Pair, peerOf, tagsFlaw, textsIn } from "./attribute-checks.ts";
import { type AttributeIdentity, identityNeeds, type Known } from "./attribute-keys.ts";
import { failed, fine } from "./verdicts.ts";

/** What the item wants to be answered. */
export function queryOf(item: JsonObject): AttributeQuery {
  return item["query"] as unknown as AttributeQuery;
}

/** True for queries for a new fact within the Relationship. */
export function isRelationshipQuery(query: AttributeQuery): query is RelationshipAttributeQuery {
  return query["@type"] === "RelationshipAttributeQuery";
}

/** True for queries for a fact from a Relationship with somebody else. */
export function isThirdPartyQuery(query: AttributeQuery): query is ThirdPartyRelationshipAttributeQuery {
  return query["@type"] === "ThirdPartyRelationshipAttributeQuery";
}

/** Why the text of an IQL query cannot be parsed, as a sentence. */
export function iqlFlaw(query: AttributeQuery): string | undefined {
  if (query["@type"] !== "IQLQuery") return undefined;
  const parsed = parseIql(String(query["queryString"]));
  return parsed.ok ? undefined : `The IQL query cannot be parsed at ${parsed.offset}: ${parsed.message}`;
}

/** The tags that a query, or its hints, name. */
export function queryTags(query: AttributeQuery): readonly string[] {
  return textsIn(tagged(query)?.["tags"]);
}

/** The first invalid tag of a query, as a sentence. */
export function queryTagsFlaw(known: Known, query: AttributeQuery): string | undefined {
  return tagsFlaw(known, queryTags(query), String(tagged(query)?.["valueType"] ?? ""));
}

function tagged(query: AttributeQuery): { readonly [member: string]: Json | undefined } | undefined {
  if (query["@type"] === "IdentityAttributeQuery") return query;
  return query["@type"] === "IQLQuery" ? query.attributeCreationHints : undefined;
}

// At the sender: an empty owner is the peer.
function identityAsked({ owner, key, attributeCreationHints: hints }: RelationshipAttributeQuery, pair: Pair) {
  return { peer: pair.peer, isOwn: owner === pair.self, valueType: hints.valueType, key } satisfies AttributeIdentity;
}

/** The documents that tell whether a query asks for a key that is taken, once the recipient is known. */
export function queryNeeds(query: AttributeQuery, { known, self, peer }: ItemInfo): readonly string[] {
  if (!isRelationshipQuery(query) || peer === undefined) return [];
  return identityNeeds(known, identityAsked(query, { self, peer }));
}

/** Who holds the key that is asked for already, as a sentence. */
export function queryKeyFlaw(query: AttributeQuery, { known, self, peer }: ItemInfo): string | undefined {
  if (!isRelationshipQuery(query) || peer === undefined) return undefined;
  return keyFlaw(known, identityAsked(query, { self, peer }));
}

/** The failure of an attribute that does not answer the query. */
export function unanswered(message: string): Validation {
  return failed("error.consumption.requests.attributeQueryMismatch", message);
}

/** Whether this account holds answers to an IQLQuery against its text. */
export function strictness({ strictIql }: ItemInfo): Pick<MatchRules, "strictIql"> {
  return strictIql === undefined ? {} : { strictIql };
}

/** Whether the attribute answers the query by 6.6. */
export function matchVerdict(content: AttributeContent, query: AttributeQuery, parties: MatchRules): Validation {
  const problem = mismatch(content, query, parties);
  return problem === undefined ? fine : unanswered(`The attribute does not answer the query: ${problem}.`);
}

/** Whether an answer of the peer answers the query, which only the sender can hold against it (6.6, 5.7). */
export function judgeAnswer(
  { content, initialAttributePeer, isSuccessor }: Judged,
  item: JsonObject,
  info: ItemInfo,
): Validation {
  const query = queryOf(item);
  const parties = { recipient: peerOf(info), asker: info.self, ...strictness(info) };
  const verdict = matchVerdict(content, query, parties);
  if (!verdict.isSuccess) return verdict;
  if (!isThirdPartyQuery(query) || isIdentityAttribute(content))
    return initialAttributePeer === undefined ? fine : unanswered("There must be no initialAttributePeer.");
  if (content.confidentiality === "private") return unanswered("The attribute is private. It must not be shown.");
  if (initialAttributePeer === undefined)
    return isSuccessor ? fine : unanswered("initialAttributePeer must say whom the attribute exists with.");
  return thirdVerdict({ third: initialAttributePeer, owner: content.owner }, query, parties);
}

function thirdVerdict(
  { third, owner }: { readonly third: string; readonly owner: string },
  query: ThirdPartyRelationshipAttributeQuery,
  { recipient, asker }: { readonly recipient: string; readonly asker: string },
): Validation {
  if (third === asker || third === recipient) return unanswered("initialAttributePeer must be a third identity.");
  if (owner === third) return fine;
  if (owner !== recipient) return unanswered("The owner must be the peer or initialAttributePeer.");
  return isListed(query, third) ? fine : unanswered(`The query does not ask for attributes shared with ${third}.`);
}

/** True when the query asks for facts from a Relationship with this partner. */
export function isListed({ thirdParty }: ThirdPartyRelationshipAttributeQuery, partner: string): boolean {
  return thirdParty.includes("") || thirdParty.includes(partner);
}
