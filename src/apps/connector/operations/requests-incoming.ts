// Requests that peers sent (spec/connector-api.md 1.6).
import { z } from "zod";
import { table } from "../operation.ts";
import { decision, localRequest, requestFilter, validation } from "../shapes/requests.ts";
import { idOf } from "../shapes/values.ts";

const group = {
  tag: "IncomingRequests",
  scopes: ["core:requests", "core:requests:incoming"],
  mounts: ["v2", "core"],
  success: 200,
} as const;

const ofOne = z.strictObject({ id: idOf("REQ") });

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
    params: ofOne,
    summary: "One Request that a peer sent.",
    result: localRequest,
  },
  canAcceptIncomingRequest: {
    ...group,
    method: "PUT",
    path: "/Requests/Incoming/:id/CanAccept",
    params: ofOne,
    summary: "Whether the Request may be accepted like this.",
    body: decision,
    result: validation,
  },
  acceptIncomingRequest: {
    ...group,
    method: "PUT",
    path: "/Requests/Incoming/:id/Accept",
    params: ofOne,
    summary: "Accepts the Request; the Response is delivered by itself.",
    body: decision,
    result: localRequest,
  },
  canRejectIncomingRequest: {
    ...group,
    method: "PUT",
    path: "/Requests/Incoming/:id/CanReject",
    params: ofOne,
    summary: "Whether the Request may be rejected like this.",
    body: decision,
    result: validation,
  },
  rejectIncomingRequest: {
    ...group,
    method: "PUT",
    path: "/Requests/Incoming/:id/Reject",
    params: ofOne,
    summary: "Rejects the Request; the Response is delivered by itself.",
    body: decision,
    result: localRequest,
  },
});
