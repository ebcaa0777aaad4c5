// Attributes of the third generation: one attribute, and details of who was given it (spec/connector-api.md 1.11).
import { z } from "zod";
import { table } from "../operation.ts";
import { attribute, forwardingDetails, prefixedFields } from "../shapes/attributes.ts";
import { address, idOf } from "../shapes/values.ts";

const group = { tag: "Attributes", scopes: ["core:attributes"], mounts: ["core"] } as const;
const list = { ...group, method: "GET", success: 200, result: z.array(attribute) } as const;
const flag = z.string().optional();
const part = z.strictObject({ hideTechnical: flag, onlyLatestVersions: flag });

const ofOne = z.strictObject({ id: idOf("ATT") });
const ofPeer = z.strictObject({ peer: address });

/** Routes that only the third generation has. */
export const newerAttributeOperations = table({
  getOwnIdentityAttributes: {
    ...list,
    path: "/Attributes/Own/Identity",
    summary: "IdentityAttributes of one's own.",
    query: z.strictObject({ onlyLatestVersions: flag }),
    filter: { fields: prefixedFields },
  },
  getOwnAttributesSharedWithPeer: {
    ...list,
    path: "/Attributes/Own/Shared/:peer",
    params: ofPeer,
    summary: "Own attributes that the peer was given.",
    query: part,
    filter: { fields: prefixedFields },
  },
  getAttributesOfPeer: {
    ...list,
    path: "/Attributes/Peer/:peer",
    params: ofPeer,
    summary: "What the peer has given.",
    query: part,
    filter: { fields: prefixedFields },
  },
  getVersionsSharedWithPeer: {
    ...list,
    path: "/Attributes/:id/Versions/Shared",
    params: ofOne,
    summary: "The versions that the peer was given, the newest first.",
    query: z.strictObject({ peer: address, onlyLatestVersions: flag }),
  },
  getForwardingDetails: {
    ...group,
    method: "GET",
    path: "/Attributes/:id/ForwardingDetails",
    params: ofOne,
    summary: "Which peers were given this version.",
    filter: {
      fields: [
        "peer",
        "sourceReference",
        "sharedAt",
        "deletionInfo",
        "deletionInfo.deletionStatus",
        "deletionInfo.deletionDate",
      ],
    },
    success: 200,
    result: z.array(forwardingDetails),
  },
  deleteAttribute: {
    ...group,
    method: "DELETE",
    path: "/Attributes/:id",
    params: ofOne,
    summary: "Deletes it with its earlier versions, and tells everybody who has one of them.",
    success: 200,
    result: z.strictObject({ notificationIds: z.array(z.string()) }),
    anyAccept: true,
  },
});
