// Requests to peers (spec/connector-api.md 1.7).
import type { NewRequest } from "rapport";
import type { JsonObject } from "rapport/core";
import { entryOf, type HandlersOf, listed, result } from "../handler.ts";
import type { outgoingRequestOperations } from "../operations/requests-outgoing.ts";
import { contentGiven } from "../profiles/contents.ts";

/** Carries out the routes of outgoing Requests. */
export const outgoingRequestHandlers: HandlersOf<typeof outgoingRequestOperations> = {
  canCreateOutgoingRequest: async ({ account, body }) => result(await account.requests.outgoing.canCreate(input(body))),
  createOutgoingRequest: async ({ account, profile, body, command }) => {
    const created = await account.requests.outgoing.create({ peer: "", ...input(body) }, command);
    return result(profile.request(created), `/Requests/Outgoing/${created.id}`);
  },
  getOutgoingRequests: async ({ account, profile, filter, page }) =>
    listed({
      resource: "requests",
      items: account.requests.outgoing.each(filter, { ...page, lenient: true }),
      render: profile.request,
      isVerbatim: profile.verbatim?.request,
    }),
  getOutgoingRequest: async ({ account, profile, params: { id = "" } }) =>
    entryOf(await account.requests.outgoing.entry(id), { resource: "requests", render: profile.request }),
};

// The contract has checked the shape, and the engine checks it again.
function input(body: JsonObject): NewRequest {
  return { ...body, content: contentGiven(body["content"] as JsonObject) };
}
