// Why something was decided, and what people here have seen (Rapport's own).
import { fault } from "rapport/core";
import { type HandlersOf, nothing, type Reply, result } from "../handler.ts";
import type { insightOperations } from "../operations/insight.ts";
import { extended } from "../profiles/extended.ts";

/** Carries out the routes of explanations, decision records and marks. */
export const insightHandlers: HandlersOf<typeof insightOperations> = {
  explainIncomingRequest: async ({ account, params: { id = "" } }) =>
    result(extended(await account.requests.explain(id), {})),
  getIncomingRequestDecision: async ({ account, params: { id = "" } }) =>
    decisionOf(id, await account.requests.incoming.decision(id)),
  deliverIncomingRequest: async ({ account, profile, params: { id = "" }, command }) =>
    result(profile.request(await account.requests.incoming.deliver(id, command))),
  deleteIncomingRequest: async ({ account, params: { id = "" }, command }) => {
    await account.requests.incoming.delete(id, command);
    return nothing;
  },
  discardOutgoingRequest: async ({ account, params: { id = "" }, command }) => {
    await account.requests.outgoing.discard(id, command);
    return nothing;
  },
  explainRelationship: async ({ account, params: { id = "" } }) =>
    result(extended(await account.relationships.explain(id), {})),
  getRelationshipDecision: async ({ account, params: { id = "" } }) =>
    decisionOf(id, await account.relationships.decision(id)),
  markMessageAsRead: async ({ account, profile, params: { id = "" }, command }) =>
    result(profile.message(await account.messages.markAsRead(id, command))),
  markMessageAsUnread: async ({ account, profile, params: { id = "" }, command }) =>
    result(profile.message(await account.messages.markAsUnread(id, command))),
  markAttributeAsViewed: async ({ account, profile, params: { id = "" }, command }) =>
    result(profile.attribute(await account.attributes.markAsViewed(id, command))),
};

function decisionOf(id: string, record: object | undefined): Reply {
  if (record === undefined) throw fault("error.runtime.recordNotFound", `Nobody has decided ${id}.`);
  return result(extended(record, {}));
}
