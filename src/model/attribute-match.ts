import { type AttributeContent, isIdentityAttribute, isRelationshipAttribute, valueTypeOf } from "./attribute.ts";
import { iqlMatches, parseIql } from "./iql.ts";
import type { Json, JsonObject } from "./json.ts";
import { isArray, isObject } from "./shape.ts";

/** Who asked and who answers. */
export interface Parties {
  readonly recipient: string;
  readonly asker: string;
}

/** `strictIql` evaluates the text of IQL queries, which the reference does not (spec/domain.md 12 #18). */
export interface MatchRules extends Parties {
  readonly strictIql?: boolean;
}

/**
 * Why the attribute does not answer the query; undefined if it does (spec/domain.md 6.6). An empty owner is nobody here:
 * put in who it stands for before.
 */
export function mismatch(content: AttributeContent, query: JsonObject, rules: MatchRules): string | undefined {
  switch (query["@type"]) {
    case "IdentityAttributeQuery":
      return identityMismatch(content, query, rules);
    case "IQLQuery":
      return iqlMismatch(content, query, rules);
    case "RelationshipAttributeQuery":
      return relationshipMismatch(content, query, rules);
    case "ThirdPartyRelationshipAttributeQuery":
      return thirdPartyMismatch(content, query, rules);
    default:
      return "query.@type must be that of a query";
  }
}

function identityMismatch(content: JsonObject, query: JsonObject, { recipient }: Parties): string | undefined {
  const { tags } = query;
  return (
    ownMismatch(content, recipient) ??
    differs("value.@type", valueTypeOf(content), query["valueType"]) ??
    (isArray(tags) && tags.length > 0 && !shareOne(tags, content["tags"])
      ? `tags must have one of ${tags.join(", ")}`
      : undefined)
  );
}

function shareOne(wanted: readonly Json[], tags: Json | undefined): boolean {
  return isArray(tags) && tags.some((tag) => wanted.includes(tag));
}

function iqlMismatch(content: JsonObject, query: JsonObject, rules: MatchRules): string | undefined {
  const problem = ownMismatch(content, rules.recipient);
  if (problem !== undefined || rules.strictIql !== true) return problem;
  const parsed = parseIql(String(query["queryString"]));
  if (!parsed.ok) return `query.queryString cannot be parsed: ${parsed.message}`;
  return iqlMatches(parsed.query, content) ? undefined : "attribute must be what query.queryString describes";
}

function ownMismatch(content: JsonObject, recipient: string): string | undefined {
  if (!isIdentityAttribute(content)) return "@type must be IdentityAttribute";
  return differs("owner", content.owner, recipient);
}

function relationshipMismatch(content: JsonObject, query: JsonObject, { recipient }: Parties): string | undefined {
  if (!isRelationshipAttribute(content)) return "@type must be RelationshipAttribute";
  const hints = isObject(query["attributeCreationHints"]) ? query["attributeCreationHints"] : {};
  const { value } = content;
  return (
    differs("owner", content.owner, query["owner"] === "" ? recipient : query["owner"]) ??
    differs("key", content.key, query["key"]) ??
    differs("confidentiality", content.confidentiality, hints["confidentiality"]) ??
    differs("value.@type", value["@type"], hints["valueType"]) ??
    (value["@type"] === "Consent"
      ? undefined
      : (differs("value.title", value["title"], hints["title"]) ??
        differs("value.description", value["description"], hints["description"])))
  );
}

function thirdPartyMismatch(content: JsonObject, query: JsonObject, parties: Parties): string | undefined {
  if (!isRelationshipAttribute(content)) return "@type must be RelationshipAttribute";
  if (content.owner === parties.asker) return "owner must not be the one who asks";
  const listed = isArray(query["thirdParty"]) ? query["thirdParty"] : [];
  const isRecipient = content.owner === parties.recipient;
  const isThirdParty = listed.includes(content.owner) || (listed.includes("") && !isRecipient);
  switch (query["owner"]) {
    case "recipient":
      if (!isRecipient) return "owner must be the one who answers";
      break;
    case "thirdParty":
      if (!isThirdParty) return "owner must be one of query.thirdParty";
      break;
    default:
      if (!isRecipient && !isThirdParty) return "owner must be the one who answers or one of query.thirdParty";
  }
  return differs("key", content.key, query["key"]);
}

function differs(member: string, found: Json | undefined, wanted: Json | undefined): string | undefined {
  if (found === wanted) return undefined;
  return wanted === undefined ? `${member} must be left out` : `${member} must be ${JSON.stringify(wanted)}`;
}
