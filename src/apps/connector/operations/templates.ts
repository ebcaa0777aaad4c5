// RelationshipTemplates (spec/connector-api.md 1.4).
import { z } from "zod";
import { table } from "../operation.ts";
import { loading, newTokenFor, protection, protectionFilters, template, token } from "../shapes/exchanged.ts";
import { idOf, instant } from "../shapes/values.ts";

const group = {
  tag: "RelationshipTemplates",
  scopes: ["core:relationshipTemplates"],
  mounts: ["v2", "core"],
} as const;

const fields = [
  "createdAt",
  "expiresAt",
  "createdBy",
  "createdByDevice",
  "maxNumberOfAllocations",
  "forIdentity",
  ...protectionFilters,
];

const list = { ...group, method: "GET", success: 200, result: z.array(template), anyAccept: true } as const;

const ofOne = z.strictObject({ id: idOf("RLT") });

/** Routes of templates. */
export const templateOperations = table({
  getRelationshipTemplates: {
    ...list,
    path: "/RelationshipTemplates",
    summary: "Own templates and those that were loaded.",
    filter: { fields: ["isOwn", ...fields] },
  },
  getOwnRelationshipTemplates: {
    ...list,
    path: "/RelationshipTemplates/Own",
    summary: "Own templates.",
    filter: { fields },
  },
  getPeerRelationshipTemplates: {
    ...list,
    path: "/RelationshipTemplates/Peer",
    summary: "Templates that were loaded.",
    filter: { fields },
  },
  getRelationshipTemplate: {
    ...group,
    method: "GET",
    path: "/RelationshipTemplates/:id",
    params: ofOne,
    summary: "One template, or a QR code that leads to it.",
    success: 200,
    result: template,
    produces: ["json", "png"],
  },
  createOwnRelationshipTemplate: {
    ...group,
    method: "POST",
    path: "/RelationshipTemplates/Own",
    summary: "Publishes a template.",
    body: z.strictObject({
      expiresAt: instant,
      content: z.unknown(),
      maxNumberOfAllocations: z.number().int().min(1).optional(),
      ...protection,
    }),
    success: 201,
    result: template,
  },
  loadPeerRelationshipTemplate: {
    ...group,
    method: "POST",
    path: "/RelationshipTemplates/Peer",
    summary: "Loads somebody's template. A Request in it becomes an incoming LocalRequest.",
    body: z.strictObject(loading("relationship template")),
    success: 201,
    result: template,
  },
  createTokenForOwnRelationshipTemplate: {
    ...group,
    method: "POST",
    path: "/RelationshipTemplates/Own/:id/Token",
    params: ofOne,
    summary: "Makes a token for an own template, or a QR code with one.",
    body: newTokenFor,
    success: 201,
    result: token,
    produces: ["json", "png"],
  },
  deleteRelationshipTemplate: {
    ...group,
    method: "DELETE",
    path: "/RelationshipTemplates/:id",
    params: ofOne,
    summary: "Deletes a template; an own one also at the relay.",
    success: 204,
  },
});
