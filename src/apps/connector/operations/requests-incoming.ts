// Requests that peers sent (spec/connector-api.md 1.6).
import { z } from "zod";
import { table } from "../operation.ts";
import { decision, localRequest, requestFilter, validation } from "../shapes/requests.ts";

const group = {
  tag: "IncomingRequests",
  scopes: ["core:requests", "core:requests:incoming"],
  mounts: ["v2", "core"],
  success: 200,
} as const;

/** Routes of incoming Requests. */
export const incomingRequestOperations = table({
  getIncomingRequests: {
    ...group,
    method: "GET",
    path: "/Requests/Incoming",
    summary: "The Requests that peers sent.",
    filter: requestFilter,
    result: z.array(localRequest),
  },
  getIncomingRequest: {
    ...group,
    method: "GET",
    path: "/Requests/Incoming/:id",
    summary: "One Request that a peer sent.",
    result: localRequest,
  },
  canAcceptIncomingRequest: {
    ...group,
    method: "PUT",
    path: "/Requests/Incoming/:id/CanAccept",
    summary: "Whether the Request may be accepted like this.",
    body: decision,
    result: validation,
  },
  acceptIncomingRequest: {
    ...group,
    method: "PUT",
    path: "/Requests/Incoming/:id/Accept",
    summary: "Accepts the Request; the Response is delivered by itself.",
    body: decision,
    result: localRequest,
  },
  canRejectIncomingRequest: {
    ...group,
    method: "PUT",
    path: "/Requests/Incoming/:id/CanReject",
    summary: "Whether the Request may be rejected like this.",
    body: decision,
    result: validation,
  },
  rejectIncomingRequest: {
    ...group,
    method: "PUT",
    path: "/Requests/Incoming/:id/Reject",
    summary: "Rejects the Request; the Response is delivered by itself.",
    body: decision,
    result: localRequest,
  },
});
