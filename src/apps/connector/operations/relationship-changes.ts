// Changes of Relationships, the first generation's way to answer (spec/connector-api.md 1.5, 5.3; seeds 001 and 002).
import { z } from "zod";
import { table } from "../operation.ts";
import { changeAnswer, relationship } from "../shapes/relationships.ts";
import { anyObject, idOf } from "../shapes/values.ts";

const group = { tag: "Relationships", scopes: ["core:relationships"], mounts: ["v2"], result: relationship } as const;
const answer = { ...group, method: "PUT", success: 200, body: changeAnswer } as const;

const ofOne = z.strictObject({ id: idOf("REL") });
const ofChange = z.strictObject({ id: idOf("REL"), changeId: idOf("RCH") });

/** Routes of changes. */
export const relationshipChangeOperations = table({
  acceptRelationshipChange: {
    ...answer,
    path: "/Relationships/:id/Changes/:changeId/Accept",
    params: ofChange,
    summary: "Accepts a pending Relationship; the content reaches the other side, end-to-end encrypted.",
  },
  rejectRelationshipChange: {
    ...answer,
    path: "/Relationships/:id/Changes/:changeId/Reject",
    params: ofChange,
    summary: "Rejects a pending Relationship; the content reaches the other side, end-to-end encrypted.",
  },
  revokeRelationshipChange: {
    ...answer,
    path: "/Relationships/:id/Changes/:changeId/Revoke",
    params: ofChange,
    summary: "Takes back a pending Relationship of one's own.",
  },
  createRelationshipChange: {
    ...group,
    method: "POST",
    path: "/Relationships/:id/Changes",
    params: ofOne,
    summary: "Is refused: use Terminate, which the first generation had no route for.",
    body: anyObject,
    success: 201,
  },
});
