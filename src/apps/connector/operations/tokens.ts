// Tokens (spec/connector-api.md 1.10).
import { z } from "zod";
import { table } from "../operation.ts";
import { loading, protection, protectionFilters, token } from "../shapes/exchanged.ts";
import { idOf, instant } from "../shapes/values.ts";

const group = { tag: "Tokens", scopes: ["core:tokens"], mounts: ["v2", "core"] } as const;

const fields = ["isOwn", "createdAt", "createdBy", "createdByDevice", "expiresAt", "forIdentity", ...protectionFilters];

const ofOne = z.strictObject({ id: idOf("TOK") });

/** Routes of tokens. */
export const tokenOperations = table({
  createOwnToken: {
    ...group,
    method: "POST",
    path: "/Tokens/Own",
    summary: "Makes a token with content of your own.",
    body: z.strictObject({
      content: z.unknown(),
      expiresAt: instant,
      ephemeral: z.boolean().optional(),
      ...protection,
    }),
    success: 201,
    result: token,
  },
  loadPeerToken: {
    ...group,
    method: "POST",
    path: "/Tokens/Peer",
    summary: "Loads somebody's token, and keeps it unless it is ephemeral.",
    body: z.strictObject({ ...loading("token"), ephemeral: z.boolean().optional() }),
    success: 201,
    result: token,
  },
  getOwnTokens: {
    ...group,
    method: "GET",
    path: "/Tokens/Own",
    summary: "Own tokens that are kept.",
    filter: { fields },
    success: 200,
    result: z.array(token),
  },
  getPeerTokens: {
    ...group,
    method: "GET",
    path: "/Tokens/Peer",
    summary: "Tokens that were loaded and are kept.",
    filter: { fields },
    success: 200,
    result: z.array(token),
  },
  getToken: {
    ...group,
    method: "GET",
    path: "/Tokens/:id",
    params: ofOne,
    summary: "One token, or a QR code that leads to it. Ephemeral ones are never found.",
    success: 200,
    result: token,
    produces: ["json", "png"],
  },
  deleteToken: {
    ...group,
    method: "DELETE",
    path: "/Tokens/:id",
    params: ofOne,
    summary: "Deletes a token; an own one also at the relay.",
    success: 204,
  },
});
