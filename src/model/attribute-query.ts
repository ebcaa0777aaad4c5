import { iqlCharactersMax } from "../limits.ts";
import {
  type Confidentiality,
  confidentialities,
  isAddressLike,
  keyRule,
  ownerProblem,
  tagListProblem,
} from "./attribute.ts";
import { identityValueTypes } from "./identity-values.ts";
import type { Json, JsonObject } from "./json.ts";
import { relationshipValueTypes } from "./relationship-values.ts";
import { choiceProblem, isArray, isObject, textProblem } from "./shape.ts";
import { valueHintsProblem } from "./value-hints.ts";

/** Wants a fact about an identity (spec/domain.md 6.5). */
export type IdentityAttributeQuery = {
  readonly "@type": "IdentityAttributeQuery";
  readonly valueType: string;
  readonly tags?: readonly string[];
  readonly [member: string]: Json | undefined;
};

/** How an attribute within the Relationship is to be made. */
export type RelationshipCreationHints = {
  readonly title: string;
  readonly valueType: string;
  readonly description?: string;
  readonly valueHints?: JsonObject;
  readonly confidentiality: Confidentiality;
  readonly [member: string]: Json | undefined;
};

/** Wants a new fact within the Relationship. */
export type RelationshipAttributeQuery = {
  readonly "@type": "RelationshipAttributeQuery";
  readonly key: string;
  readonly owner: string;
  readonly attributeCreationHints: RelationshipCreationHints;
  readonly [member: string]: Json | undefined;
};

/** Whose fact a third-party query wants: the recipient's, the third party's, or either's. */
export type ThirdPartyOwner = "" | "recipient" | "thirdParty";

/** Wants a fact from a Relationship of the recipient with somebody else; `""` among the parties is anybody. */
export type ThirdPartyRelationshipAttributeQuery = {
  readonly "@type": "ThirdPartyRelationshipAttributeQuery";
  readonly key: string;
  readonly owner: ThirdPartyOwner;
  readonly thirdParty: readonly string[];
  readonly [member: string]: Json | undefined;
};

/** Wants a fact about an identity, described in IQL. */
export type IqlQuery = {
  readonly "@type": "IQLQuery";
  readonly queryString: string;
  readonly attributeCreationHints?: {
    readonly valueType: string;
    readonly tags?: readonly string[];
    readonly [member: string]: Json | undefined;
  };
  readonly [member: string]: Json | undefined;
};

/** A query of any kind. */
export type AttributeQuery =
  | IdentityAttributeQuery
  | RelationshipAttributeQuery
  | ThirdPartyRelationshipAttributeQuery
  | IqlQuery;

/** The kinds of queries. */
export const queryTypes: readonly AttributeQuery["@type"][] = Object.freeze([
  "IdentityAttributeQuery",
  "RelationshipAttributeQuery",
  "ThirdPartyRelationshipAttributeQuery",
  "IQLQuery",
]);

/** The owners that a third-party query may want. */
const thirdPartyOwners: readonly ThirdPartyOwner[] = ["", "recipient", "thirdParty"];

const titleRule = { max: 100, required: true } as const;
const descriptionRule = { max: 1000 };
const queryStringRule = { max: iqlCharactersMax, required: true } as const;

/**
 * The first problem of a query, starting with `query`; `allowed` names the kinds that may stand here, all four if left
 * out. Whether IQL can be parsed and whether tags mean something is asked elsewhere.
 */
export function queryProblem(json: Json | undefined, allowed: readonly string[] = queryTypes): string | undefined {
  if (!isObject(json)) return "query must be an object";
  const type = json["@type"];
  if (typeof type !== "string" || !allowed.includes(type)) return `query.@type must be one of ${allowed.join(", ")}`;
  const problem = memberProblem(json, type);
  return problem === undefined ? undefined : `query.${problem}`;
}

function memberProblem(query: JsonObject, type: string): string | undefined {
  switch (type) {
    case "IdentityAttributeQuery":
      return choiceProblem(query, "valueType", identityValueTypes) ?? tagListProblem(query["tags"]);
    case "RelationshipAttributeQuery":
      return (
        textProblem(query, "key", keyRule) ??
        ownerProblem(query, "owner") ??
        relationshipHintsProblem(query["attributeCreationHints"])
      );
    case "ThirdPartyRelationshipAttributeQuery":
      return (
        textProblem(query, "key", keyRule) ??
        thirdPartyOwnerProblem(query["owner"]) ??
        thirdPartyProblem(query["thirdParty"])
      );
    default:
      return (
        textProblem(query, "queryString", queryStringRule) ?? identityHintsProblem(query["attributeCreationHints"])
      );
  }
}

function relationshipHintsProblem(hints: Json | undefined): string | undefined {
  if (!isObject(hints)) return "attributeCreationHints must be an object";
  const { valueHints } = hints;
  const problem =
    textProblem(hints, "title", titleRule) ??
    choiceProblem(hints, "valueType", relationshipValueTypes) ??
    textProblem(hints, "description", descriptionRule) ??
    (valueHints === undefined ? undefined : valueHintsProblem(valueHints)) ??
    choiceProblem(hints, "confidentiality", confidentialities);
  return problem === undefined ? undefined : `attributeCreationHints.${problem}`;
}

function identityHintsProblem(hints: Json | undefined): string | undefined {
  if (hints === undefined) return undefined;
  if (!isObject(hints)) return "attributeCreationHints must be an object";
  const problem = choiceProblem(hints, "valueType", identityValueTypes) ?? tagListProblem(hints["tags"]);
  return problem === undefined ? undefined : `attributeCreationHints.${problem}`;
}

function thirdPartyOwnerProblem(owner: Json | undefined): string | undefined {
  return thirdPartyOwners.some((known) => known === owner)
    ? undefined
    : "owner must be recipient, thirdParty or an empty text for either";
}

function thirdPartyProblem(parties: Json | undefined): string | undefined {
  if (!isArray(parties) || parties.length === 0)
    return "thirdParty must be an array of at least one address; an empty text stands for anybody";
  const index = parties.findIndex((party) => party !== "" && !isAddressLike(party));
  return index < 0 ? undefined : `thirdParty[${index}] must be an address, or an empty text for anybody`;
}
