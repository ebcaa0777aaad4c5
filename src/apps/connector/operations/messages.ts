// Messages and what they carry (spec/connector-api.md 1.8).
import { z } from "zod";
import { table } from "../operation.ts";
import { file } from "../shapes/exchanged.ts";
import { message, messageWithAttachments, newMessage } from "../shapes/messages.ts";
import { idOf } from "../shapes/values.ts";

const group = { tag: "Messages", scopes: ["core:messages"], mounts: ["v2", "core"] } as const;

const ofOne = z.strictObject({ id: idOf("MSG") });
const ofAttachment = z.strictObject({ id: idOf("MSG"), fileId: idOf("FIL") });

/** Routes of Messages. */
export const messageOperations = table({
  getMessages: {
    ...group,
    method: "GET",
    path: "/Messages",
    summary: "Messages that were sent and received.",
    filter: {
      fields: [
        "id",
        "isOwn",
        "createdBy",
        "createdByDevice",
        "createdAt",
        "content.@type",
        "content.body",
        "content.bodyFormat",
        "content.subject",
        "contentType",
        "contentSubject",
        "contentBody",
        "attachments",
        "recipients.address",
        "recipients.relationshipId",
        "wasReadAt",
        "participant",
      ],
    },
    success: 200,
    result: z.array(message),
  },
  sendMessage: {
    ...group,
    method: "POST",
    path: "/Messages",
    summary: "Sends a Message, end-to-end encrypted.",
    body: newMessage,
    success: 201,
    result: message,
  },
  getMessage: {
    ...group,
    method: "GET",
    path: "/Messages/:id",
    params: ofOne,
    summary: "One Message with the Files that it carries.",
    success: 200,
    result: messageWithAttachments,
  },
  getAttachment: {
    ...group,
    method: "GET",
    path: "/Messages/:id/Attachments/:fileId",
    params: ofAttachment,
    summary: "A File that the Message carries.",
    success: 200,
    result: file,
  },
  downloadAttachment: {
    ...group,
    method: "GET",
    path: "/Messages/:id/Attachments/:fileId/Download",
    params: ofAttachment,
    summary: "The content of a File that the Message carries.",
    success: 200,
    produces: ["bytes"],
    anyAccept: true,
  },
});
