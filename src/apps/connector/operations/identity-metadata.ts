// Notes about identities, which never leave the account (spec/connector-api.md 1.12).
import { z } from "zod";
import { table } from "../operation.ts";
import { address } from "../shapes/values.ts";

const group = {
  tag: "IdentityMetadata",
  scopes: ["core:identityMetadata"],
  mounts: ["v2", "core"],
  path: "/IdentityMetadata",
} as const;

const place = z.strictObject({ reference: address, key: z.string().optional() });
const note = place.extend({ value: z.unknown() });

/** Routes of notes about identities. */
export const identityMetadataOperations = table({
  upsertIdentityMetadata: {
    ...group,
    method: "PUT",
    summary: "Writes a note about oneself or a peer, or writes it anew.",
    body: note,
    success: 200,
    result: note,
  },
  getIdentityMetadata: {
    ...group,
    method: "GET",
    summary: "The note about this identity under this key.",
    query: place,
    success: 200,
    result: note,
    anyAccept: true,
  },
  deleteIdentityMetadata: {
    ...group,
    method: "DELETE",
    summary: "Deletes the note.",
    query: place,
    success: 204,
    anyAccept: true,
  },
});
