// Files (spec/connector-api.md 1.9).
import { z } from "zod";
import { table } from "../operation.ts";
import { file, loading, newTokenFor, token } from "../shapes/exchanged.ts";
import { idOf, instant } from "../shapes/values.ts";

const group = { tag: "Files", scopes: ["core:files"], mounts: ["v2", "core"] } as const;

const fields = [
  "createdAt",
  "createdBy",
  "createdByDevice",
  "description",
  "expiresAt",
  "filename",
  "filesize",
  "mimetype",
  "title",
  "tags",
  "ownershipToken",
  "ownershipIsLocked",
];

const list = { ...group, method: "GET", success: 200, result: z.array(file) } as const;

const ofOne = z.strictObject({ id: idOf("FIL") });

/** Routes of Files. */
export const fileOperations = table({
  getFiles: {
    ...list,
    path: "/Files",
    summary: "Own Files, and those of peers.",
    filter: { fields: ["isOwn", ...fields] },
  },
  getOwnFiles: { ...list, path: "/Files/Own", summary: "Own Files.", filter: { fields } },
  getPeerFiles: { ...list, path: "/Files/Peer", summary: "Files of peers.", filter: { fields } },
  uploadOwnFile: {
    ...group,
    method: "POST",
    path: "/Files/Own",
    summary: "Uploads a File, end-to-end encrypted. The form has it under the name file.",
    form: z.strictObject({
      title: z.string().optional(),
      description: z.string().optional(),
      expiresAt: instant.optional(),
      tags: z.union([z.string(), z.array(z.string())]).optional(),
    }),
    success: 201,
    result: file,
  },
  loadPeerFile: {
    ...group,
    method: "POST",
    path: "/Files/Peer",
    summary: "Learns of somebody's File by its reference, or by that of a token for it.",
    body: z.strictObject(loading("file")),
    success: 201,
    result: file,
  },
  getFile: {
    ...group,
    method: "GET",
    path: "/Files/:idOrReference",
    summary: "What is known of a File, or a QR code that leads to it.",
    success: 200,
    result: file,
    produces: ["json", "png"],
  },
  downloadFile: {
    ...group,
    method: "GET",
    path: "/Files/:id/Download",
    params: ofOne,
    summary: "The content of a File.",
    success: 200,
    produces: ["bytes"],
    anyAccept: true,
  },
  createTokenForFile: {
    ...group,
    method: "POST",
    path: "/Files/:id/Token",
    params: ofOne,
    summary: "Makes a token for a File, or a QR code with one.",
    body: newTokenFor,
    success: 201,
    result: token,
    produces: ["json", "png"],
  },
  regenerateOwnershipToken: {
    ...group,
    method: "PATCH",
    path: "/Files/:id/RegenerateOwnershipToken",
    params: ofOne,
    summary: "Gives an own File another ownership token; who has the old one cannot claim it any more.",
    success: 200,
    result: file,
  },
  deleteFile: {
    ...group,
    method: "DELETE",
    path: "/Files/:id",
    params: ofOne,
    summary: "Deletes a File; an own upload also at the relay.",
    success: 204,
  },
});
