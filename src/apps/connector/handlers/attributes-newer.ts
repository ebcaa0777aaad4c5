// Attributes of the third generation (spec/connector-api.md 1.11).
import type { AttributeListOptions } from "rapport";
import { type Ask, type HandlersOf, listed, result } from "../handler.ts";
import type { newerAttributeOperations } from "../operations/attributes-newer.ts";
import { extended, picked } from "../profiles/extended.ts";
import { flagIn } from "./attribute-filter.ts";

/** Carries out the routes that only the third generation has. */
export const newerAttributeHandlers: HandlersOf<typeof newerAttributeOperations> = {
  getOwnIdentityAttributes: async (ask) => listed({ ...list(ask), items: ask.account.attributes.eachOwn(partOf(ask)) }),
  getOwnAttributesSharedWithPeer: async (ask) =>
    listed({ ...list(ask), items: ask.account.attributes.eachOwnSharedWith(ask.params["peer"] ?? "", partOf(ask)) }),
  getAttributesOfPeer: async (ask) =>
    listed({ ...list(ask), items: ask.account.attributes.eachReceivedFrom(ask.params["peer"] ?? "", partOf(ask)) }),
  getVersionsSharedWithPeer: async ({ account, profile, params: { id = "" }, query }) => {
    const options = { onlyLatestVersions: flagIn(query["onlyLatestVersions"], true) };
    const versions = await account.attributes.versionsSharedWith(id, String(query["peer"]), options);
    return result(versions.map((view) => profile.attribute(view)));
  },
  getForwardingDetails: async ({ account, params: { id = "" }, filter, page }) =>
    result(
      (await account.attributes.forwardingDetails(id, filter))
        .slice(0, page.limit)
        .map((details) => picked(details, "peer", "sourceReference", "sharedAt", "deletionInfo")),
    ),
  deleteAttribute: async ({ account, params: { id = "" }, command }) =>
    result(extended(await account.attributes.delete(id, command), {})),
};

function list({ profile }: Ask) {
  return { resource: "attributes", render: profile.attribute };
}

function partOf({ query, filter, page }: Ask): AttributeListOptions {
  return {
    ...page,
    query: filter,
    onlyLatestVersions: flagIn(query["onlyLatestVersions"], true),
    hideTechnical: flagIn(query["hideTechnical"], false),
  };
}
