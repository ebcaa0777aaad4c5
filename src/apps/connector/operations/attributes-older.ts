// Attributes of the first two generations, where what a peer was given is an attribute of its own (spec/connector-api.md 1.11).
import { z } from "zod";
import { table } from "../operation.ts";
import { attribute, attributeFields, prefixedFields } from "../shapes/attributes.ts";
import { address, idOf } from "../shapes/values.ts";

const group = { tag: "Attributes", scopes: ["core:attributes"], mounts: ["v2"] } as const;
const list = { ...group, method: "GET", success: 200, result: z.array(attribute) } as const;
const flag = z.string().optional();
const texts = z.union([z.string(), z.array(z.string())]);

const withPeer = z.strictObject({ peer: address, hideTechnical: flag, onlyLatestVersions: flag, onlyValid: flag });

const deletion = {
  ...group,
  method: "DELETE",
  success: 200,
  result: z.strictObject({ notificationId: z.string() }),
  anyAccept: true,
} as const;

const ofOne = z.strictObject({ id: idOf("ATT") });

/** Routes that only the first two generations have. */
export const olderAttributeOperations = table({
  getValidAttributes: {
    ...list,
    path: "/Attributes/Valid",
    summary: "All attributes that are valid now.",
    filter: { lenient: true, fields: attributeFields },
  },
  getOwnRepositoryAttributes: {
    ...list,
    path: "/Attributes/Own/Repository",
    summary: "IdentityAttributes of one's own, without what peers were given.",
    query: z.strictObject({ onlyLatestVersions: flag }),
    filter: { fields: prefixedFields },
  },
  getOwnSharedAttributes: {
    ...list,
    path: "/Attributes/Own/Shared/Identity",
    summary: "What a peer has of one's own.",
    query: withPeer,
    filter: { fields: prefixedFields },
  },
  getPeerSharedAttributes: {
    ...list,
    path: "/Attributes/Peer/Shared/Identity",
    summary: "What a peer has given of its own.",
    query: withPeer,
    filter: { fields: prefixedFields },
  },
  getSharedVersionsOfAttribute: {
    ...list,
    path: "/Attributes/:id/Versions/Shared",
    params: ofOne,
    summary: "The versions that peers were given.",
    query: z.strictObject({ peers: texts.optional(), onlyLatestVersions: flag }),
  },
  deleteRepositoryAttribute: {
    ...group,
    method: "DELETE",
    path: "/Attributes/:id",
    params: ofOne,
    summary: "Deletes an attribute of one's own.",
    success: 204,
    anyAccept: true,
  },
  deleteOwnSharedAttribute: {
    ...deletion,
    path: "/Attributes/Own/Shared/:id",
    params: ofOne,
    summary: "Deletes what a peer was given of one's own, and tells the peer.",
  },
  deletePeerSharedAttribute: {
    ...deletion,
    path: "/Attributes/Peer/Shared/:id",
    params: ofOne,
    summary: "Deletes what a peer has given, and tells the peer.",
  },
  deleteThirdPartyAttribute: {
    ...deletion,
    path: "/Attributes/ThirdParty/:id",
    params: ofOne,
    summary: "Deletes what came from, or went to, a Relationship with somebody else, and tells the peer.",
  },
});
