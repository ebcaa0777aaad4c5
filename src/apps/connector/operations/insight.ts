// Why something was decided, and what people here have seen (Rapport's own).
import { table } from "../operation.ts";
import { message } from "../shapes/messages.ts";
import { localRequest } from "../shapes/requests.ts";
import { anyObject } from "../shapes/values.ts";

const own = { mounts: ["own"], success: 200 } as const;
const requests = { ...own, tag: "IncomingRequests", scopes: ["core:requests", "core:requests:incoming"] } as const;
const relationships = { ...own, tag: "Relationships", scopes: ["core:relationships"] } as const;
const messages = { ...own, tag: "Messages", scopes: ["core:messages"] } as const;

/** Routes of explanations, decision records and marks. */
export const insightOperations = table({
  explainIncomingRequest: {
    ...requests,
    method: "GET",
    path: "/Requests/Incoming/:id/Explain",
    summary: "Why the Request was decided as it was, or what it waits for.",
    result: anyObject,
  },
  getIncomingRequestDecision: {
    ...requests,
    method: "GET",
    path: "/Requests/Incoming/:id/Decision",
    summary: "The record of the decision: who or what decided, and what it saw.",
    result: anyObject,
  },
  deliverIncomingRequest: {
    ...requests,
    method: "POST",
    path: "/Requests/Incoming/:id/Deliver",
    summary: "Tries again to deliver the Response of a decided Request.",
    result: localRequest,
  },
  deleteIncomingRequest: {
    ...requests,
    method: "DELETE",
    path: "/Requests/Incoming/:id",
    summary: "Deletes an expired Request.",
    success: 204,
  },
  discardOutgoingRequest: {
    ...own,
    tag: "OutgoingRequests",
    scopes: ["core:requests", "core:requests:outgoing"],
    method: "DELETE",
    path: "/Requests/Outgoing/:id",
    summary: "Removes a draft.",
    success: 204,
  },
  explainRelationship: {
    ...relationships,
    method: "GET",
    path: "/Relationships/:id/Explain",
    summary: "Why the Relationship was accepted or rejected, or what it waits for.",
    result: anyObject,
  },
  getRelationshipDecision: {
    ...relationships,
    method: "GET",
    path: "/Relationships/:id/Decision",
    summary: "The record of the decision on the Relationship.",
    result: anyObject,
  },
  markMessageAsRead: {
    ...messages,
    method: "PUT",
    path: "/Messages/:id/MarkAsRead",
    summary: "Notes when somebody read the Message; the sender is not told.",
    result: message,
  },
  markMessageAsUnread: {
    ...messages,
    method: "PUT",
    path: "/Messages/:id/MarkAsUnread",
    summary: "Takes the note back.",
    result: message,
  },
  markAttributeAsViewed: {
    ...own,
    tag: "Attributes",
    scopes: ["core:attributes"],
    method: "PUT",
    path: "/Attributes/:id/MarkAsViewed",
    summary: "Notes when somebody first saw the attribute.",
    result: anyObject,
  },
});
