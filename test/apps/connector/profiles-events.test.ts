import type { TemplateView } from "rapport";
import type { JsonObject } from "rapport/core";
import { expect, test } from "vitest";
import { eventOf } from "../../../src/apps/connector/profiles/events.ts";
import { type ProfileName, profileNames } from "../../../src/apps/connector/profiles/profile.ts";
import { profileOf } from "../../../src/apps/connector/profiles/profiles.ts";
import { arbitrary, load, ok, sync, template, v2 } from "./calls.ts";
import { openStage } from "./stage.ts";

const noTemplate = { template: async () => undefined };

async function eventIn(name: ProfileName, event: { name: string; data: JsonObject }, look = noTemplate) {
  const [shown, ...more] = await eventOf(profileOf(name, { legacyRealm: "id1" }), event, look);
  expect(more).toEqual([]);
  return shown;
}

const attribute = (type: string, content = "IdentityAttribute"): JsonObject => ({
  id: "ATT",
  "@type": type,
  createdAt: "2030-01-01T00:00:00.000Z",
  content: { "@type": content, owner: "", value: {} },
  peer: "somebody",
  sourceReference: "REQ",
});

test.each([
  ["OwnIdentityAttribute", "repositoryAttributeSucceeded"],
  ["OwnRelationshipAttribute", "ownSharedAttributeSucceeded"],
  ["PeerIdentityAttribute", "peerSharedAttributeSucceeded"],
  ["ThirdPartyRelationshipAttribute", "thirdPartyRelationshipAttributeSucceeded"],
])("a succession of an %s has its older name, once", async (type, older) => {
  const data = { predecessor: attribute(type), successor: attribute(type) };
  const event = { name: "consumption.attributeSucceeded", data };

  expect(await eventIn("gen2", event)).toMatchObject({ trigger: `consumption.${older}`, aliases: [] });
  expect(await eventIn("union", event)).toMatchObject({ trigger: event.name, aliases: [`consumption.${older}`] });
  expect(await eventIn("gen3", event)).toEqual({ trigger: event.name, aliases: [], data });
});

test.each([
  ["ownAttributeDeletedByOwner", attribute("PeerIdentityAttribute"), "ownSharedAttributeDeletedByOwner"],
  ["peerRelationshipAttributeDeletedByPeer", attribute("OwnRelationshipAttribute"), "peerSharedAttributeDeletedByPeer"],
  ["forwardedAttributeDeletedByPeer", attribute("OwnIdentityAttribute"), "peerSharedAttributeDeletedByPeer"],
  [
    "forwardedAttributeDeletedByPeer",
    attribute("OwnRelationshipAttribute", "RelationshipAttribute"),
    "thirdPartyRelationshipAttributeDeletedByPeer",
  ],
])("%s was %#", async (name, data, older) => {
  const event = { name: `consumption.${name}`, data };

  expect((await eventIn("gen1", event))?.trigger).toBe(`consumption.${older}`);
  expect((await eventIn("gen2", event))?.trigger).toBe(`consumption.${older}`);
});

test("what was shared is an attribute of its own before the third generation, and not told of there", async () => {
  const sharedCopy = { id: "ATTFD", peer: "bob", sourceReference: "REQ", sharedAt: "2030-01-01T00:00:01.000Z" };
  const view = attribute("OwnRelationshipAttribute", "RelationshipAttribute");
  const event = { name: "consumption.attributeForwardingDetailsChanged", data: { ...view, sharedCopy } };
  const older = "consumption.sharedAttributeCopyCreated";

  expect(await eventIn("gen3", event)).toEqual({ trigger: event.name, aliases: [], data: view });
  expect(await eventIn("union", event)).toMatchObject({ trigger: event.name, aliases: [older], data: { id: "ATT" } });
  expect(await eventIn("gen2", event)).toMatchObject({
    trigger: older,
    data: { id: "ATTFD", shareInfo: { peer: "bob", sourceAttribute: "ATT", thirdPartyAddress: "somebody" } },
  });
  expect(await eventIn("gen2", { ...event, data: view })).toMatchObject({ trigger: event.name, data: { id: "ATT" } });
});

test("the first generation's name of a Request that a creation completed", async () => {
  const data = { id: "REQ", content: { items: [] } };
  const event = { name: "consumption.outgoingRequestFromRelationshipCreationCreatedAndCompleted", data };
  const older = "consumption.outgoingRequestFromRelationshipCreationChangeCreatedAndCompleted";

  expect((await eventIn("gen1", event))?.trigger).toBe(older);
  expect((await eventIn("gen2", event))?.trigger).toBe(event.name);
  expect((await eventIn("union", event))?.aliases).toEqual([older]);
});

test("a template that is only known by its id is looked up, and stays an id when it is gone", async () => {
  const known = { id: "RLT", isOwn: false, content: arbitrary, truncatedReference: "x" } as unknown as TemplateView;
  const data = { template: { id: "RLT" }, result: "RequestAutomaticallyDecided", requestId: "REQ" };
  const event = { name: "consumption.relationshipTemplateProcessed", data };

  const found = await eventIn("gen3", event, { template: async () => known } as never);

  expect(found?.data).toMatchObject({ requestId: "REQ", template: { id: "RLT", content: arbitrary } });
  expect((await eventIn("gen3", event))?.data).toEqual(data);
});

test("an identity's deletion is approved before the third generation, and active in it", async () => {
  const event = { name: "transport.identityDeletionProcessStatusChanged", data: { id: "IDP", status: "Active" } };
  const shown = await Promise.all(profileNames.map((name) => eventIn(name, event)));

  expect(shown.map((one) => one?.data["status"])).toEqual(["Approved", "Approved", "Approved", "Active"]);
});

test("whatever the engine tells can be shown in every generation, as JSON that the routes show too", async () => {
  await using stage = await openStage();
  const alice = await stage.actor("alice");
  const bob = await stage.actor("bob");
  const heard: { name: string; data: JsonObject; look: { template: (id: string) => Promise<TemplateView> } }[] = [];
  for (const { connector } of [alice, bob])
    for (const { account } of connector.identities)
      account.events.on("*", ({ namespace: name, data }) => {
        heard.push({ name, data: JSON.parse(JSON.stringify(data)), look: { template: account.templates.get } });
      });
  const items = [{ "@type": "ConsentRequestItem", mustBeAccepted: true, consent: "May we?" }];
  const content = { "@type": "RelationshipTemplateContent", onNewRelationship: { "@type": "Request", items } };
  const { truncatedReference } = await template(alice, { content });
  const { id: templateId, createdBy: peer } = await load(bob, { reference: truncatedReference });
  const [request] = await ok(bob, `GET ${v2}/Requests/Incoming?source.reference=${templateId}`);
  await ok(bob, `PUT ${v2}/Requests/Incoming/${request.id}/Accept`, { items: [{ accept: true }] });
  await sync(bob);
  const [{ id }] = (await sync(alice)).relationships;
  await ok(alice, `PUT ${v2}/Relationships/${id}/Accept`);
  await sync(bob);
  const mail = { "@type": "Mail", to: [peer], subject: "s", body: "b" };
  await ok(bob, `POST ${v2}/Messages`, { recipients: [peer], content: mail });
  await sync(alice);
  await ok(bob, `POST ${v2}/Attributes`, { content: { value: { "@type": "GivenName", value: "Bob" } } });
  await ok(alice, `PUT ${v2}/Relationships/${id}/Terminate`);

  for (const { name, data, look } of heard)
    for (const profile of profileNames) {
      const [shown] = await eventOf(profileOf(profile, { legacyRealm: "id1" }), { name, data }, look);
      expect(JSON.parse(JSON.stringify(shown?.data)), `${name} in ${profile}`).toEqual(shown?.data);
    }
  const names = new Set(heard.map(({ name }) => name));
  for (const name of [
    "transport.peerRelationshipTemplateLoaded",
    "transport.relationshipChanged",
    "transport.messageSent",
    "transport.messageReceived",
    "consumption.incomingRequestReceived",
    "consumption.incomingRequestStatusChanged",
    "consumption.relationshipTemplateProcessed",
    "consumption.outgoingRequestFromRelationshipCreationCreatedAndCompleted",
    "consumption.mailReceived",
    `consumption.relationshipEvent.${id}`,
    "consumption.attributeCreated",
  ])
    expect(names).toContain(name);
  const changed = heard.findLast(({ name }) => name === "transport.relationshipChanged");
  const [shown] = await eventOf(profileOf("union", { legacyRealm: "id1" }), changed as never, changed?.look as never);
  expect([
    await ok(alice, `GET ${v2}/Relationships/${id}`),
    await ok(bob, `GET ${v2}/Relationships/${id}`),
  ]).toContainEqual(shown?.data);
});
