// Attributes, as far as both generations have the same routes (spec/connector-api.md 1.11).
import { z } from "zod";
import { table } from "../operation.ts";
import { attribute, attributeFields, possible, succession } from "../shapes/attributes.ts";
import { address, anyObject, idOf, instant } from "../shapes/values.ts";

const group = { tag: "Attributes", scopes: ["core:attributes"], mounts: ["v2", "core"] } as const;
const content = z.strictObject({
  value: anyObject,
  tags: z.array(z.string()).optional(),
  validFrom: instant.optional(),
  validTo: instant.optional(),
  // Said by the first clients, although nothing else is possible.
  "@type": z.string().optional(),
  owner: address.optional(),
});
const asked = z.strictObject({ query: anyObject });

const answers = {
  ...group,
  method: "POST",
  body: asked,
  success: 200,
  result: z.array(attribute),
} as const;

const ofOne = z.strictObject({ id: idOf("ATT") });

/** Routes of attributes in both generations. */
export const attributeOperations = table({
  createAttribute: {
    ...group,
    method: "POST",
    path: "/Attributes",
    summary: "Creates an IdentityAttribute of one's own.",
    body: z.strictObject({ content }),
    success: 201,
    result: attribute,
  },
  canCreateAttribute: {
    ...group,
    method: "PUT",
    path: "/Attributes/CanCreate",
    summary: "Whether it could be created. A negative answer is a result, too.",
    body: z.strictObject({ content }),
    success: 200,
    result: possible,
  },
  getAttributes: {
    ...group,
    method: "GET",
    path: "/Attributes",
    summary: "All attributes, own ones and those of peers.",
    filter: { lenient: true, fields: attributeFields },
    success: 200,
    result: z.array(attribute),
  },
  getAttribute: {
    ...group,
    method: "GET",
    path: "/Attributes/:id",
    params: ofOne,
    summary: "One attribute.",
    success: 200,
    result: attribute,
  },
  getAttributeVersions: {
    ...group,
    method: "GET",
    path: "/Attributes/:id/Versions",
    params: ofOne,
    summary: "All versions of it that are here, the newest first.",
    success: 200,
    result: z.array(attribute),
  },
  succeedAttribute: {
    ...group,
    method: "POST",
    path: "/Attributes/:id/Succeed",
    params: ofOne,
    summary: "Puts a new version in its place. The partner of a RelationshipAttribute is told at once.",
    body: z.strictObject({ successorContent: content }),
    success: 201,
    result: succession,
  },
  notifyPeerOfAttribute: {
    ...group,
    method: "POST",
    path: "/Attributes/:id/NotifyPeer",
    params: ofOne,
    summary: "Gives this version to a peer who has an earlier one.",
    body: z.strictObject({ peer: address }),
    success: 201,
    result: succession,
  },
  executeIdentityAttributeQuery: {
    ...answers,
    path: "/Attributes/ExecuteIdentityAttributeQuery",
    summary: "Own attributes that answer the query.",
  },
  executeRelationshipAttributeQuery: {
    ...answers,
    path: "/Attributes/ExecuteRelationshipAttributeQuery",
    summary: "The attribute that answers the query.",
    result: attribute,
  },
  executeThirdPartyRelationshipAttributeQuery: {
    ...answers,
    path: "/Attributes/ExecuteThirdPartyRelationshipAttributeQuery",
    summary: "Attributes of other Relationships that answer the query.",
  },
  executeIqlQuery: {
    ...answers,
    path: "/Attributes/ExecuteIQLQuery",
    summary: "Own attributes that answer the query.",
  },
  validateIqlQuery: {
    ...group,
    method: "POST",
    path: "/Attributes/ValidateIQLQuery",
    summary: "Whether the text of the query can be read, and if not, where it goes wrong.",
    body: asked,
    success: 200,
    result: z.strictObject({ isValid: z.boolean(), error: anyObject.optional() }),
  },
  getTagCollection: {
    ...group,
    method: "GET",
    path: "/Attributes/TagCollection",
    summary: "Tags for attributes, as the relay's operator collected them.",
    success: 200,
    result: anyObject,
  },
});
