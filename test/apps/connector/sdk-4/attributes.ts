// Attributes of the first generation.
import { expect } from "vitest";
import type { FirstJourney, FirstParty } from "./party.ts";

type Attribute = { id: string; content: { value: { value?: string } }; shareInfo?: { sourceAttribute?: string } };

const ids = (attributes: readonly Attribute[]) => attributes.map(({ id }) => id);

/** Everything about one's own. */
export async function callFirstAttributes({ alice }: FirstJourney): Promise<void> {
  const first = await alice.ask<Attribute>("attributes.createRepositoryAttribute", "ConnectorAttribute", {
    content: { value: { "@type": "GivenName", value: "Ann" } },
  });
  await alice.ask("attributes.getAttribute", "ConnectorAttribute", first.id);
  const { successor } = await alice.ask<{ successor: Attribute }>(
    "attributes.succeedAttribute",
    "SucceedAttributeResponse",
    first.id,
    { successorContent: { value: { "@type": "GivenName", value: "Anna" } } },
  );
  const lists = [
    await alice.ask<Attribute[]>("attributes.getAttributes", "ConnectorAttributes", {}),
    await alice.ask<Attribute[]>("attributes.getValidAttributes", "ConnectorAttributes", {}),
    await alice.ask<Attribute[]>("attributes.getVersionsOfAttribute", "ConnectorAttributes", first.id),
  ];
  expect(lists.map((list) => ids(list).includes(successor.id))).toEqual([true, true, true]);
  const latest = await alice.ask<Attribute[]>("attributes.getOwnRepositoryAttributes", "ConnectorAttributes", {});
  const byType = await alice.ask<Attribute[]>("attributes.executeIdentityAttributeQuery", "ConnectorAttributes", {
    query: { "@type": "IdentityAttributeQuery", valueType: "GivenName" },
  });
  const byIql = await alice.ask<Attribute[]>("attributes.executeIQLQuery", "ConnectorAttributes", {
    query: { queryString: "GivenName" },
  });
  expect([ids(latest), ids(byType), ids(byIql)]).toEqual([[successor.id], [successor.id], [successor.id]]);
}

/** What is shared with Bob, and what Carol gave. */
export async function callFirstShared({ alice, bob, carol }: FirstJourney): Promise<void> {
  const own = await alice.ask<Attribute>("attributes.createRepositoryAttribute", "ConnectorAttribute", {
    content: { value: { "@type": "Surname", value: "Berg" } },
  });
  await put(alice, bob, {
    "@type": "ShareAttributeRequestItem",
    mustBeAccepted: true,
    attribute: own.content,
    sourceAttributeId: own.id,
  });
  const shared = () =>
    alice.ask<Attribute[]>("attributes.getOwnSharedIdentityAttributes", "ConnectorAttributes", { peer: bob.address });
  expect((await shared()).map(({ shareInfo }) => shareInfo?.sourceAttribute)).toEqual([own.id]);
  const received = await bob.ask<Attribute[]>("attributes.getPeerSharedIdentityAttributes", "ConnectorAttributes", {
    peer: alice.address,
  });
  expect(received.map(({ content }) => content.value.value)).toEqual(["Berg"]);
  const { successor } = await alice.ask<{ successor: Attribute }>(
    "attributes.succeedAttribute",
    "SucceedAttributeResponse",
    own.id,
    { successorContent: { value: { "@type": "Surname", value: "Bergmann" } } },
  );
  await alice.ask(
    "attributes.notifyPeerAboutRepositoryAttributeSuccession",
    "NotifyPeerAboutRepositoryAttributeSuccessionResponse",
    successor.id,
    { peer: bob.address },
  );
  const versions = await alice.ask<Attribute[]>(
    "attributes.getSharedVersionsOfRepositoryAttribute",
    "ConnectorAttributes",
    successor.id,
    { peers: [bob.address], onlyLatestVersions: false },
  );
  expect(versions).toHaveLength(2);

  await put(carol, alice, {
    "@type": "CreateAttributeRequestItem",
    mustBeAccepted: true,
    attribute: {
      "@type": "RelationshipAttribute",
      owner: carol.address,
      key: "customer",
      confidentiality: "public",
      value: { "@type": "ProprietaryString", title: "Customer number", value: "4711" },
    },
  });
  const one = await alice.ask<Attribute>("attributes.executeRelationshipAttributeQuery", "ConnectorAttribute", {
    query: {
      "@type": "RelationshipAttributeQuery",
      key: "customer",
      owner: carol.address,
      attributeCreationHints: {
        "@type": "RelationshipAttributeCreationHints",
        title: "Customer number",
        valueType: "ProprietaryString",
        confidentiality: "public",
      },
    },
  });
  const found = await alice.ask<Attribute[]>(
    "attributes.executeThirdPartyRelationshipAttributeQuery",
    "ConnectorAttributes",
    {
      query: {
        "@type": "ThirdPartyRelationshipAttributeQuery",
        key: "customer",
        owner: "thirdParty",
        thirdParty: [carol.address],
      },
    },
  );
  expect(ids(found)).toEqual([one.id]);
}

async function put(from: FirstParty, to: FirstParty, item: object): Promise<void> {
  const draft = await from.ask<{ id: string; content: object }>("outgoingRequests.createRequest", undefined, {
    content: { items: [item] },
    peer: to.address,
  });
  await from.ask("messages.sendMessage", undefined, { recipients: [to.address], content: draft.content });
  await to.sync();
  await to.ask("incomingRequests.accept", undefined, draft.id, { items: [{ accept: true }] });
  await to.sync();
  await from.sync();
}
