import { type AttributeContent, isIdentityAttribute, isRelationshipAttribute, valueTypeOf } from "./attribute.ts";
import { mismatch, type Parties } from "./attribute-match.ts";
import { iqlMatches, parseIql } from "./iql.ts";
import type { JsonObject } from "./json.ts";
import { isObject } from "./shape.ts";

/** True when the attribute is worth suggesting as an answer to the query. */
export function answersQuery(content: AttributeContent, query: JsonObject, parties: Parties): boolean {
  return suggestionsFor(query, parties)(content);
}

/** The test of many attributes against one query, which is parsed once; a query that cannot be parsed suggests nothing. */
export function suggestionsFor(query: JsonObject, parties: Parties): (content: AttributeContent) => boolean {
  switch (query["@type"]) {
    case "IQLQuery":
      return describedBy(String(query["queryString"]), parties);
    case "RelationshipAttributeQuery":
      return (content) => isUnderKey(content, query, parties);
    case "ThirdPartyRelationshipAttributeQuery":
      return (content) => content["confidentiality"] !== "private" && mismatch(content, query, parties) === undefined;
    default:
      return (content) => mismatch(content, query, parties) === undefined;
  }
}

function describedBy(queryString: string, { recipient }: Parties): (content: AttributeContent) => boolean {
  const parsed = parseIql(queryString);
  if (!parsed.ok) return () => false;
  return (content) => isIdentityAttribute(content) && content.owner === recipient && iqlMatches(parsed.query, content);
}

/** The attribute that such a query would make a second time: how it is titled does not matter (spec/domain.md 5.13). */
function isUnderKey(content: AttributeContent, query: JsonObject, { recipient }: Parties): boolean {
  if (!isRelationshipAttribute(content) || content.key !== query["key"]) return false;
  const hints = query["attributeCreationHints"];
  const owner = query["owner"] === "" ? recipient : query["owner"];
  return content.owner === owner && (!isObject(hints) || hints["valueType"] === valueTypeOf(content));
}
