// Attributes of the first two generations (spec/connector-api.md 1.11).
import type { Account } from "rapport";
import { type Code, fault, type JsonObject } from "rapport/core";
import { type Ask, type Handler, type HandlersOf, listed, nothing, result } from "../handler.ts";
import type { olderAttributeOperations } from "../operations/attributes-older.ts";
import { flagIn, olderFilter } from "./attribute-filter.ts";
import { isCopy, isOwnedBy, isValid, joined, type Older, olderOf, shownIn } from "./older-attributes.ts";

/** Carries out the routes that only the first two generations have. */
export const olderAttributeHandlers: HandlersOf<typeof olderAttributeOperations> = {
  getValidAttributes: async ({ account, profile, filter, page, connector }) => {
    const query = olderFilter(filter);
    const lists = [
      account.attributes.each(query, { lenient: true }),
      account.attributeCopies.each({ query, lenient: true }),
    ];
    const now = new Date(connector.now()).toISOString();
    return listed({ resource, items: joined(lists, (one) => isValid(one, now), page), render: shownIn(profile) });
  },
  getOwnRepositoryAttributes: async ({ account, profile, query, filter, page }) => {
    const onlyLatestVersions = flagIn(query["onlyLatestVersions"], true);
    const items = account.attributes.eachOwn({ ...page, query: olderFilter(filter), onlyLatestVersions });
    return listed({ resource, items, render: (view) => profile.attribute(view) });
  },
  getOwnSharedAttributes: (ask) => sharedAttributes(ask, ask.account.address),
  getPeerSharedAttributes: (ask) => sharedAttributes(ask, String(ask.query["peer"])),
  getSharedVersionsOfAttribute,
  deleteRepositoryAttribute: async ({ account, params: { id = "" }, command }) => {
    const one = await olderOf(account, id);
    if (isCopy(one) || one["@type"] !== "OwnIdentityAttribute")
      throw notOf("isNotRepositoryAttribute", id, "no attribute of one's own that is not shared");
    await account.attributes.delete(id, command);
    return nothing;
  },
  deleteOwnSharedAttribute: deleting("isNotOwnSharedAttribute", (one, { address }) => {
    return isOwnedBy(one, address) && (isCopy(one) || one["@type"] === "OwnRelationshipAttribute");
  }),
  deletePeerSharedAttribute: deleting("isNotPeerSharedAttribute", (one) => {
    return !isCopy(one) && (one["@type"] === "PeerIdentityAttribute" || one["@type"] === "PeerRelationshipAttribute");
  }),
  deleteThirdPartyAttribute: deleting("isNotThirdPartyRelationshipAttribute", (one) => {
    return isCopy(one) ? one.attribute.peer !== undefined : one["@type"] === "ThirdPartyRelationshipAttribute";
  }),
};

const resource = "attributes";

/** What self and the peer share of what one of them says about itself. */
async function sharedAttributes(ask: Ask, owner: string): ReturnType<Handler> {
  const { account, profile, query: given, filter, page, connector } = ask;
  const peer = String(given["peer"]);
  const onlyLatestVersions = flagIn(given["onlyLatestVersions"], true);
  const hidesTechnical = flagIn(given["hideTechnical"], false);
  const now = flagIn(given["onlyValid"], false) ? new Date(connector.now()).toISOString() : undefined;
  const query = olderFilter(filter);
  const part = { query, onlyLatestVersions };
  const lists =
    owner === account.address
      ? [account.attributes.eachOwnSharedWith(peer, part), account.attributeCopies.each({ peer, ...part })]
      : [account.attributes.eachReceivedFrom(peer, part)];
  const keeps = (one: Older) =>
    isShared(one) &&
    isOwnedBy(one, owner) &&
    !(hidesTechnical && isTechnical(one)) &&
    (now === undefined || isValid(one, now));
  return listed({ resource, items: joined(lists, keeps, page), render: shownIn(profile) });
}

// Of what was given it is the copy that the peer shares.
function isShared(one: Older): boolean {
  return isCopy(one) || one.peer !== undefined;
}

function isTechnical(one: Older): boolean {
  return (isCopy(one) ? one.attribute : one).content["isTechnical"] === true;
}

async function getSharedVersionsOfAttribute({ account, profile, params, query }: Ask): ReturnType<Handler> {
  const { id = "" } = params;
  const { peers } = query;
  const wanted = typeof peers === "string" ? [peers] : peers;
  if (wanted?.every((peer) => peer === ""))
    throw fault(
      "error.runtime.validation.invalidPropertyValue",
      "peers must not be empty. Leave it out to ask for all.",
    );
  const one = await olderOf(account, id);
  const attributeId = isCopy(one) ? one.details.attributeId : id;
  const onlyLatestVersions = flagIn(query["onlyLatestVersions"], true);
  const shown: JsonObject[] = [];
  for await (const { view } of account.attributeCopies.each({ attributeId, onlyLatestVersions })) {
    const copy = await view();
    if (wanted === undefined || wanted.includes(copy.details.peer)) shown.unshift(shownIn(profile)(copy));
  }
  // What exists with the peer is its own copy.
  if (isCopy(one) || one.peer === undefined || wanted?.includes(one.peer) === false) return result(shown);
  const own = await account.attributes.versionsSharedWith(id, one.peer, { onlyLatestVersions });
  return result([...own.map((version) => profile.attribute(version)), ...shown]);
}

/** Deletes what was shared, if it is of the kind that the route is for. */
function deleting(code: KindCode, isRight: (one: Older, account: Account) => boolean): Handler {
  return async ({ account, params: { id = "" }, command }) => {
    const one = await olderOf(account, id);
    if (!isRight(one, account)) throw notOf(code, id, "an attribute of another kind");
    const { notificationId = "" } = isCopy(one)
      ? await account.attributeCopies.withdraw(id, command)
      : firstOf(await account.attributes.delete(id, command));
    // Clients expect a text, also where nobody had to be told.
    return result({ notificationId });
  };
}

function firstOf({ notificationIds: [first] }: { readonly notificationIds: readonly string[] }) {
  return first === undefined ? {} : { notificationId: first };
}

type KindCode = Code extends infer C ? (C extends `error.runtime.attributes.${infer Name}` ? Name : never) : never;

function notOf(name: KindCode, id: string, what: string) {
  return fault(`error.runtime.attributes.${name}`, `${id} is ${what}. Choose the route for its kind.`);
}
