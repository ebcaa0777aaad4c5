// Contents, queries and items that the tests of items about attributes begin with.
import type { JsonObject } from "rapport/core";

/** A name of somebody; an empty owner is the recipient. */
export const name = (value = "Ann", more: JsonObject = {}): JsonObject => ({
  "@type": "IdentityAttribute",
  owner: "",
  value: { "@type": "GivenName", value },
  ...more,
});

/** A customer number within a Relationship. */
export const customer = (more: JsonObject = {}): JsonObject => ({
  "@type": "RelationshipAttribute",
  owner: "",
  key: "customer",
  confidentiality: "public",
  value: { "@type": "ProprietaryString", title: "Customer", value: "4711" },
  ...more,
});

/** Wants a name. */
export const nameQuery = (more: JsonObject = {}): JsonObject => ({
  "@type": "IdentityAttributeQuery",
  valueType: "GivenName",
  ...more,
});

/** Wants a customer number. */
export const customerQuery = (more: JsonObject = {}): JsonObject => ({
  "@type": "RelationshipAttributeQuery",
  owner: "",
  key: "customer",
  attributeCreationHints: { title: "Customer", valueType: "ProprietaryString", confidentiality: "public" },
  ...more,
});

/** Wants a customer number of the recipient or of somebody that it has a Relationship with. */
export const thirdPartyQuery = (more: JsonObject = {}): JsonObject => ({
  "@type": "ThirdPartyRelationshipAttributeQuery",
  owner: "",
  key: "customer",
  thirdParty: [""],
  ...more,
});

/** Wants what the text describes. */
export const iqlQuery = (queryString: string): JsonObject => ({ "@type": "IQLQuery", queryString });

/** Items. */
export const create = (attribute: JsonObject): JsonObject => ({ "@type": "CreateAttributeRequestItem", attribute });
export const read = (query: JsonObject): JsonObject => ({ "@type": "ReadAttributeRequestItem", query });
export const propose = (query: JsonObject, attribute: JsonObject): JsonObject => ({
  "@type": "ProposeAttributeRequestItem",
  query,
  attribute,
});
export const share = (attributeId: string, attribute: JsonObject, initialAttributePeer?: string): JsonObject => ({
  "@type": "ShareAttributeRequestItem",
  attributeId,
  attribute,
  ...(initialAttributePeer === undefined ? {} : { initialAttributePeer }),
});
export const remove = (attributeId: string): JsonObject => ({ "@type": "DeleteAttributeRequestItem", attributeId });
