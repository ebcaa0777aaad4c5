// Attributes, as far as both generations have the same routes (spec/connector-api.md 1.11).
import type { Account, LocalAttribute, Succeeded } from "rapport";
import { fault, type Json, type JsonObject } from "rapport/core";
import { type Ask, type Handler, type HandlersOf, listed, result } from "../handler.ts";
import type { attributeOperations } from "../operations/attributes.ts";
import { extended } from "../profiles/extended.ts";
import { olderFilter } from "./attribute-filter.ts";
import { copyFor, isCopy, joined, olderOf, shownIn, termsOfAttributes } from "./older-attributes.ts";
import { inTerms } from "./rest-codes.ts";

/** Carries out the routes of attributes in both generations. */
export const attributeHandlers: HandlersOf<typeof attributeOperations> = {
  createAttribute: async ({ account, profile, body, command }) => {
    const created = await inTerms(termsOfAttributes(profile), () =>
      account.attributes.create({ content: objectIn(body["content"]) }, command),
    );
    return result(profile.attribute(created), `/Attributes/${created.id}`);
  },
  canCreateAttribute: async ({ account, body }) =>
    result(extended(await account.attributes.canCreate({ content: objectIn(body["content"]) }), {})),
  getAttributes,
  getAttribute: async ({ account, profile, params: { id = "" } }) =>
    result(shownIn(profile)(await (profile.name === "gen3" ? account.attributes.get(id) : olderOf(account, id)))),
  getAttributeVersions,
  succeedAttribute: async ({ account, profile, params: { id = "" }, body, command }) => {
    const input = { predecessorId: id, successorContent: objectIn(body["successorContent"]) };
    const { predecessor, successor, ...told } = await inTerms(termsOfAttributes(profile), () =>
      account.attributes.succeed(input, command),
    );
    const pair = { predecessor: profile.attribute(predecessor), successor: profile.attribute(successor) };
    return result({ ...pair, ...told }, `/Attributes/${successor.id}`);
  },
  notifyPeerOfAttribute,
  executeIdentityAttributeQuery: executing((account, query) => account.attributes.executeIdentityAttributeQuery(query)),
  executeRelationshipAttributeQuery: async ({ account, profile, body }) =>
    result(profile.attribute(await account.attributes.executeRelationshipAttributeQuery(objectIn(body["query"])))),
  executeThirdPartyRelationshipAttributeQuery: executing((account, query) =>
    account.attributes.executeThirdPartyRelationshipAttributeQuery(query),
  ),
  executeIqlQuery: executing(async (account, query) => {
    // Nothing is what a query that cannot be read would find; the caller would search the mistake elsewhere.
    const verdict = await account.attributes.validateIqlQuery(query);
    if (!verdict.isValid) throw fault(invalid, `query/queryString ${verdict.error.message}`);
    return account.attributes.executeIqlQuery(query);
  }),
  validateIqlQuery: async ({ account, body }) =>
    result(extended(await account.attributes.validateIqlQuery(objectIn(body["query"])), {})),
  getTagCollection: async ({ account }) => result(await account.tagCollection()),
};

const invalid = "error.runtime.validation.invalidPropertyValue";

// The contract has checked that it is one.
function objectIn(json: Json | undefined): JsonObject {
  return json as JsonObject;
}

async function getAttributes({ account, profile, filter, page }: Ask): ReturnType<Handler> {
  const resource = "attributes";
  if (profile.name === "gen3") {
    const items = account.attributes.each(filter, { ...page, lenient: true });
    return listed({ resource, items, render: (view) => profile.attribute(view) });
  }
  const query = olderFilter(filter);
  const lists = [
    account.attributes.each(query, { lenient: true }),
    account.attributeCopies.each({ query, lenient: true }),
  ];
  return listed({ resource, items: joined(lists, undefined, page), render: shownIn(profile) });
}

async function getAttributeVersions({ account, profile, params: { id = "" } }: Ask): ReturnType<Handler> {
  const one = profile.name === "gen3" ? await account.attributes.get(id) : await olderOf(account, id);
  if (!isCopy(one)) return result((await account.attributes.versions(id)).map((view) => profile.attribute(view)));
  const { attributeId, peer } = one.details;
  const shown: JsonObject[] = [];
  for await (const { view } of account.attributeCopies.each({ attributeId, peer }))
    shown.unshift(shownIn(profile)(await view()));
  return result(shown);
}

async function notifyPeerOfAttribute(ask: Ask): ReturnType<Handler> {
  const {
    account,
    profile,
    params: { id = "" },
    body,
    command,
  } = ask;
  const input = { attributeId: id, peer: String(body["peer"]) };
  const told = await inTerms(termsOfAttributes(profile), () => account.attributes.notifyPeer(input, command));
  return result(
    { ...(await pairFor(ask, told, input.peer)), notificationId: told.notificationId },
    `/Attributes/${id}`,
  );
}

/** Before the third generation the peer's copies are what has a new version. */
async function pairFor({ account, profile }: Ask, { predecessor, successor }: Succeeded, peer: string) {
  const show = shownIn(profile);
  const one = (version: LocalAttribute) => (profile.name === "gen3" ? version : copyFor(account, version, { peer }));
  return { predecessor: show(await one(predecessor)), successor: show(await one(successor)) };
}

function executing(execute: (account: Account, query: JsonObject) => Promise<LocalAttribute[]>): Handler {
  return async ({ account, profile, body }) =>
    result((await execute(account, objectIn(body["query"]))).map((view) => profile.attribute(view)));
}
