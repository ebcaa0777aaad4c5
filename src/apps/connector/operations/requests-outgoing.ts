// Requests to peers (spec/connector-api.md 1.7).
import { z } from "zod";
import { table } from "../operation.ts";
import { localRequest, newRequest, requestFilter, validation } from "../shapes/requests.ts";
import { idOf } from "../shapes/values.ts";

const group = {
  tag: "OutgoingRequests",
  scopes: ["core:requests", "core:requests:outgoing"],
  mounts: ["v2", "core"],
} as const;

const ofOne = z.strictObject({ id: idOf("REQ") });

/** Routes of outgoing Requests. */
export const outgoingRequestOperations = table({
  canCreateOutgoingRequest: {
    ...group,
    method: "POST",
    path: "/Requests/Outgoing/Validate",
    summary: "Whether the Request may be created. A negative answer is a result, too.",
    body: newRequest.partial({ peer: true }),
    success: 201,
    result: validation,
  },
  createOutgoingRequest: {
    ...group,
    method: "POST",
    path: "/Requests/Outgoing",
    summary: "Creates a draft; a Message with its content sends it.",
    body: newRequest,
    success: 201,
    result: localRequest,
  },
  getOutgoingRequests: {
    ...group,
    method: "GET",
    path: "/Requests/Outgoing",
    summary: "The Requests to peers.",
    filter: requestFilter,
    success: 200,
    result: z.array(localRequest),
  },
  getOutgoingRequest: {
    ...group,
    method: "GET",
    path: "/Requests/Outgoing/:id",
    params: ofOne,
    summary: "One Request to a peer.",
    success: 200,
    result: localRequest,
  },
});
