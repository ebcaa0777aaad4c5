// Attributes through the published client: nineteen methods. Alice and Bob, and Alice and Carol, are friends.
import { expect } from "vitest";
import { type Journey, type Party, settle } from "./party.ts";

type Attribute = {
  id: string;
  content: { tags?: string[]; value: { value?: string } };
  shareInfo?: { peer: string; sourceAttribute?: string };
  deletionInfo?: { deletionStatus: string };
};

const name = (value: string) => ({ value: { "@type": "GivenName", value } });

/** Everything about one's own. */
export async function callOwnAttributes({ alice, check }: Journey): Promise<void> {
  const mine = alice.client.attributes;
  const first = await check<Attribute>(
    mine.createRepositoryAttribute({ content: { ...name("Ann"), tags: ["x+%+a"] } as never }) as never,
    "ConnectorAttribute",
  );
  await check(mine.getAttribute(first.id) as never, "ConnectorAttribute");
  const { successor } = await check<{ successor: Attribute }>(
    mine.succeedAttribute(first.id, { successorContent: { ...name("Anna"), tags: ["x+%+a"] } as never }) as never,
    "SucceedAttributeResponse",
  );
  const versions = await check<Attribute[]>(mine.getVersionsOfAttribute(first.id) as never, "ConnectorAttributes");
  expect(versions.map(({ id }) => id).toSorted()).toEqual([first.id, successor.id].toSorted());
  const all = await check<Attribute[]>(
    mine.getAttributes({ content: { value: { "@type": "GivenName" } } }) as never,
    "ConnectorAttributes",
  );
  expect(all).toHaveLength(2);
  const valid = await check<Attribute[]>(mine.getValidAttributes({} as never) as never, "ConnectorAttributes");
  expect(valid.map(({ id }) => id)).toContain(successor.id);
  const latest = await check<Attribute[]>(mine.getOwnRepositoryAttributes({}) as never, "ConnectorAttributes");
  expect(latest.map(({ id }) => id)).toEqual([successor.id]);
  const byType = await check<Attribute[]>(
    mine.executeIdentityAttributeQuery({
      query: { "@type": "IdentityAttributeQuery", valueType: "GivenName" } as never,
    }) as never,
    "ConnectorAttributes",
  );
  expect(byType.map(({ id }) => id)).toEqual([successor.id]);
  const byIql = await check<Attribute[]>(
    mine.executeIQLQuery({ query: { queryString: "GivenName" } as never }) as never,
    "ConnectorAttributes",
  );
  expect(byIql.map(({ id }) => id)).toEqual([successor.id]);
  await check(mine.deleteRepositoryAttribute(successor.id) as never);
}

/** What two and three share. */
export async function callSharedAttributes(journey: Journey): Promise<void> {
  const { alice, bob, check } = journey;
  const own = await check<Attribute>(
    alice.client.attributes.createRepositoryAttribute({
      content: { value: { "@type": "Surname", value: "Berg" } } as never,
    }) as never,
    "ConnectorAttribute",
  );
  await ask(journey, alice, bob, {
    "@type": "ShareAttributeRequestItem",
    mustBeAccepted: true,
    attribute: own.content,
    sourceAttributeId: own.id,
  });
  const [copy] = await check<Attribute[]>(
    alice.client.attributes.getOwnSharedIdentityAttributes({ peer: bob.address }) as never,
    "ConnectorAttributes",
  );
  const [received] = await check<Attribute[]>(
    bob.client.attributes.getPeerSharedIdentityAttributes({ peer: alice.address }) as never,
    "ConnectorAttributes",
  );
  expect([copy?.shareInfo?.sourceAttribute, copy?.shareInfo?.peer]).toEqual([own.id, bob.address]);
  expect(received?.content.value).toEqual(own.content.value);

  const { successor } = await check<{ successor: Attribute }>(
    alice.client.attributes.succeedAttribute(own.id, {
      successorContent: { value: { "@type": "Surname", value: "Bergmann" } } as never,
    }) as never,
    "SucceedAttributeResponse",
  );
  await check(
    alice.client.attributes.notifyPeerAboutRepositoryAttributeSuccession(successor.id, { peer: bob.address }) as never,
    "NotifyPeerAboutRepositoryAttributeSuccessionResponse",
  );
  await settle(bob);
  const versions = await check<Attribute[]>(
    alice.client.attributes.getSharedVersionsOfAttribute(successor.id, {
      peers: [bob.address],
      onlyLatestVersions: false,
    }) as never,
    "ConnectorAttributes",
  );
  expect(versions).toHaveLength(2);

  const [newest] = await check<Attribute[]>(
    alice.client.attributes.getOwnSharedIdentityAttributes({ peer: bob.address }) as never,
    "ConnectorAttributes",
  );
  await check(
    alice.client.attributes.deleteOwnSharedAttributeAndNotifyPeer(newest?.id ?? "") as never,
    "DeleteOwnSharedAttributeAndNotifyPeerResponse",
  );
  await settle(bob);
  const [deleted] = await check<Attribute[]>(
    bob.client.attributes.getPeerSharedIdentityAttributes({ peer: alice.address }) as never,
    "ConnectorAttributes",
  );
  expect(deleted?.deletionInfo?.deletionStatus).toBe("DeletedByOwner");
  await check(
    bob.client.attributes.deletePeerSharedAttributeAndNotifyOwner(deleted?.id ?? "") as never,
    "DeletePeerSharedAttributeAndNotifyOwnerResponse",
  );
}

/** What Carol gave Alice, Bob asks Alice for. */
export async function callThirdPartyAttributes(journey: Journey): Promise<void> {
  const { alice, bob, carol, check } = journey;
  await ask(journey, carol, alice, {
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
  const hints = {
    "@type": "RelationshipAttributeCreationHints",
    title: "Customer number",
    valueType: "ProprietaryString",
    confidentiality: "public",
  };
  const one = await check<Attribute>(
    alice.client.attributes.executeRelationshipAttributeQuery({
      query: {
        "@type": "RelationshipAttributeQuery",
        key: "customer",
        owner: carol.address,
        attributeCreationHints: hints,
      } as never,
    }) as never,
    "ConnectorAttribute",
  );
  expect(one.content.value.value).toBe("4711");
  const query = {
    "@type": "ThirdPartyRelationshipAttributeQuery",
    key: "customer",
    owner: "thirdParty",
    thirdParty: [carol.address],
  };
  const found = await check<Attribute[]>(
    alice.client.attributes.executeThirdPartyRelationshipAttributeQuery({ query: query as never }) as never,
    "ConnectorAttributes",
  );
  expect(found.map(({ id }) => id)).toEqual([one.id]);

  await ask(
    journey,
    bob,
    alice,
    { "@type": "ReadAttributeRequestItem", mustBeAccepted: true, query },
    { existingAttributeId: one.id },
  );
  const [theirs] = await check<Attribute[]>(
    bob.client.attributes.getAttributes({ content: { key: "customer" } }) as never,
    "ConnectorAttributes",
  );
  expect(theirs?.content.value.value).toBe("4711");
  await check(
    bob.client.attributes.deleteThirdPartyRelationshipAttributeAndNotifyPeer(theirs?.id ?? "") as never,
    "DeleteThirdPartyRelationshipAttributeAndNotifyPeerResponse",
  );
}

async function ask({ check }: Journey, from: Party, to: Party, item: object, decision: object = {}): Promise<void> {
  const draft = await check<{ id: string; content: object }>(
    from.client.outgoingRequests.createRequest({ content: { items: [item] }, peer: to.address } as never) as never,
    "ConnectorRequest",
  );
  await check(
    from.client.messages.sendMessage({ recipients: [to.address], content: draft.content as never }) as never,
    "ConnectorMessage",
  );
  await settle(to);
  await check(
    to.client.incomingRequests.accept(draft.id, { items: [{ accept: true, ...decision }] } as never) as never,
    "ConnectorRequest",
  );
  await settle(to, from);
}
