// Relationships (spec/connector-api.md 1.5).
import { z } from "zod";
import { table } from "../operation.ts";
import { newRelationship, possible, relationship } from "../shapes/relationships.ts";
import { anyObject, idOf } from "../shapes/values.ts";

const group = { tag: "Relationships", scopes: ["core:relationships"], mounts: ["v2", "core"] } as const;
const step = { ...group, method: "PUT", success: 200, result: relationship } as const;

const ofOne = z.strictObject({ id: idOf("REL") });

/** Routes of Relationships. */
export const relationshipOperations = table({
  canCreateRelationship: {
    ...group,
    method: "PUT",
    path: "/Relationships/CanCreate",
    summary: "Whether a Relationship could be created, and if not, why.",
    body: newRelationship,
    success: 200,
    result: possible,
  },
  createRelationship: {
    ...group,
    method: "POST",
    path: "/Relationships",
    summary: "Asks the owner of a loaded template for a Relationship.",
    body: newRelationship,
    success: 201,
    result: relationship,
  },
  getRelationships: {
    ...group,
    method: "GET",
    path: "/Relationships",
    summary: "Relationships of every status.",
    filter: { fields: ["peer", "status", "template.id", "templateId"] },
    success: 200,
    result: z.array(relationship),
  },
  getRelationship: {
    ...group,
    method: "GET",
    path: "/Relationships/:id",
    params: ofOne,
    summary: "One Relationship.",
    success: 200,
    result: relationship,
  },
  getAttributesForRelationship: {
    ...group,
    method: "GET",
    path: "/Relationships/:id/Attributes",
    params: ofOne,
    summary: "The newest versions of what is shared with the peer, in both directions.",
    success: 200,
    result: z.array(anyObject),
  },
  acceptRelationship: {
    ...step,
    path: "/Relationships/:id/Accept",
    params: ofOne,
    summary: "Accepts a pending Relationship.",
  },
  rejectRelationship: {
    ...step,
    path: "/Relationships/:id/Reject",
    params: ofOne,
    summary: "Rejects a pending Relationship.",
  },
  revokeRelationship: {
    ...step,
    path: "/Relationships/:id/Revoke",
    params: ofOne,
    summary: "Takes back a pending Relationship of one's own.",
  },
  terminateRelationship: {
    ...step,
    path: "/Relationships/:id/Terminate",
    params: ofOne,
    summary: "Ends an active Relationship; it can be brought back.",
  },
  requestRelationshipReactivation: {
    ...step,
    path: "/Relationships/:id/Reactivate",
    params: ofOne,
    summary: "Asks the peer to bring a terminated Relationship back.",
  },
  acceptRelationshipReactivation: {
    ...step,
    path: "/Relationships/:id/Reactivate/Accept",
    params: ofOne,
    summary: "Brings it back, as the peer has asked.",
  },
  rejectRelationshipReactivation: {
    ...step,
    path: "/Relationships/:id/Reactivate/Reject",
    params: ofOne,
    summary: "Leaves it terminated, whatever the peer has asked.",
  },
  revokeRelationshipReactivation: {
    ...step,
    path: "/Relationships/:id/Reactivate/Revoke",
    params: ofOne,
    summary: "Takes one's own wish back.",
  },
  decomposeRelationship: {
    ...group,
    method: "DELETE",
    path: "/Relationships/:id",
    params: ofOne,
    summary: "Erases one's own side of an ended Relationship: it, its keys and all that was exchanged.",
    success: 204,
  },
});
