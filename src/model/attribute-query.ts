import type { Confidentiality } from "./attribute.ts";
import type { Json, JsonObject } from "./json.ts";

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

/** The first problem of a query; `allowed` names the kinds that may stand here, all four if left out. */
export function queryProblem(_json: Json | undefined, _allowed?: readonly string[]): string | undefined {
  return undefined;
}
