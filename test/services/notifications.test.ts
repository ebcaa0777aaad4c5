// Notifications, sent and received (spec/domain.md 8.1, 8.2).
import type { Account } from "rapport";
import type { JsonObject, StorePort } from "rapport/core";
import { describe, expect, test } from "vitest";
import { agreed, type Exchanged, exchanged, nameOf } from "./exchanging.ts";
import { active, listen, only, pending, refused, terminated } from "./scenes.ts";

const c = "error.consumption.attributes";
const id = (letter: string) => `NOT${letter.repeat(17)}`;
const attributeId = (letter: string) => `ATT${letter.repeat(17)}`;
const notification = (letter: string, ...items: readonly JsonObject[]): JsonObject => ({
  "@type": "Notification",
  id: id(letter),
  items,
});
const deletedByOwner = (of: string) => ({ "@type": "OwnAttributeDeletedByOwnerNotificationItem", attributeId: of });
const deletedByPeer = (of: string) => ({
  "@type": "PeerRelationshipAttributeDeletedByPeerNotificationItem",
  attributeId: of,
});
const forwardedDeleted = (of: string) => ({
  "@type": "ForwardedAttributeDeletedByPeerNotificationItem",
  attributeId: of,
});
const succeeded = (predecessorId: string, successorId: string, successorContent: JsonObject) => ({
  "@type": "PeerAttributeSucceededNotificationItem",
  predecessorId,
  successorId,
  successorContent,
});
const send = (from: Account, to: Account, content: JsonObject) =>
  from.messages.send({ recipients: [to.address], content });

test("#28: a Notification to a Terminated Relationship waits for its reactivation", async () => {
  await using two = await terminated();
  const [templator, initiator] = [two.templator.account, two.initiator.account];

  await send(templator, initiator, notification("a", deletedByOwner(attributeId("a"))));
  await initiator.sync();
  expect(await templator.notifications.get(id("a"))).toMatchObject({ isOwn: true, status: "Sent" });
  expect(await initiator.notifications.find()).toEqual([]);

  await initiator.relationships.requestReactivation(two.id);
  await templator.sync();
  await templator.relationships.acceptReactivation(two.id);
  const { messages } = await initiator.sync();

  expect(only(messages).content["@type"]).toBe("Notification");
  expect(await initiator.notifications.get(id("a"))).toMatchObject({
    isOwn: false,
    status: "Completed",
    peer: templator.address,
    receivedByDevice: initiator.deviceId,
    source: { type: "Message", reference: only(messages).id },
  });
});

test("#119: strangers get neither letters nor Notifications, each with its code", async () => {
  await using two = await active();
  const recipients = ["did:e:localhost:dids:aaaaaaaaaaaaaaaaaaaaaa"];
  const where = { world: two.world, people: [two.initiator] };
  const sending = (content: JsonObject) => () => two.initiator.account.messages.send({ recipients, content });

  await refused(
    "error.runtime.messages.hasNoActiveRelationship",
    sending({ "@type": "ArbitraryMessageContent", value: "hello" }),
    where,
  );
  await refused(
    "error.transport.messages.hasNeitherActiveNorTerminatedRelationship",
    sending(notification("a", deletedByOwner(attributeId("a")))),
    where,
  );
});

test("a Pending Relationship gets no Notification", async () => {
  await using two = await pending();

  await refused(
    "error.transport.messages.hasNeitherActiveNorTerminatedRelationship",
    () => send(two.templator.account, two.initiator.account, notification("a", deletedByOwner(attributeId("a")))),
    { world: two.world, people: [two.templator] },
  );
});

const invalid = "error.runtime.validation.invalidPropertyValue";

test.for<[string, JsonObject, string]>([
  ["without an id", { "@type": "Notification", items: [deletedByOwner(attributeId("a"))] }, invalid],
  ["without items", notification("a"), invalid],
  [
    "with more items than anybody needs",
    notification("a", ...Array(101).fill(deletedByOwner(attributeId("a")))),
    invalid,
  ],
  ["with something that is no item", notification("a", {}), invalid],
  ["with a malformed item", notification("a", { "@type": deletedByOwner("")["@type"] }), invalid],
  ["with a malformed attribute", notification("a", succeeded("ATT", "ATT", {})), invalid],
  ["with an item of an unknown type", notification("a", { "@type": "Gossip" }), "error.runtime.unknownType"],
])("a Notification %s is not sent", async ([, content, code]) => {
  await using two = await active();

  await refused(code, () => send(two.templator.account, two.initiator.account, content), {
    world: two.world,
    people: [two.templator],
  });
});

test("a Notification is for one, and its id is used once", async () => {
  await using two = await active();
  const { messages, address } = two.templator.account;
  const peer = two.initiator.account.address;
  const content = notification("a", deletedByOwner(attributeId("a")));
  const where = { world: two.world, people: [two.templator] };

  await refused(invalid, () => messages.send({ recipients: [peer, address], content }), where);
  await messages.send({ recipients: [peer], content });
  await refused(invalid, () => messages.send({ recipients: [peer], content }), where);
});

describe("#121: a Notification whose second item fails", () => {
  /** The owner of the number says that it was deleted, and that a version which is not here was succeeded. */
  async function failing(options: Parameters<typeof exchanged>[1] = {}) {
    const two = await exchanged("Active", options);
    const [owner, partner] = [two.templator.account, two.initiator.account];
    const version = (value: string) => agreed(owner.address, value);
    const bad = notification(
      "a",
      deletedByOwner(two.numberId),
      succeeded(attributeId("b"), attributeId("c"), version("three")),
    );
    await send(owner, partner, bad);
    const ear = listen(partner);
    await partner.sync();
    return { ...two, owner, partner, ear, version };
  }

  test("leaves nothing of the first one, and says nothing", async () => {
    await using two = await failing();

    expect(await two.partner.notifications.get(id("a"))).toMatchObject({
      status: "Error",
      error: { code: `${c}.predecessorDoesNotExist` },
    });
    expect(await two.partner.attributes.get(two.numberId)).not.toHaveProperty("deletionInfo");
    expect(two.ear.names()).toEqual(["transport.messageReceived", "consumption.messageProcessed"]);
    expect((await two.partner.notifications.process(id("a"))).status).toBe("Error");
  });

  test("is completed later, when it can be", async () => {
    await using two = await failing();
    await send(
      two.owner,
      two.partner,
      notification("b", succeeded(two.numberId, attributeId("b"), two.version("two"))),
    );

    await two.partner.sync();

    expect(await two.partner.notifications.find({ status: "Completed" })).toHaveLength(2);
    expect(await two.partner.attributes.get(attributeId("c"))).toMatchObject({ succeeds: attributeId("b") });
    expect(two.ear.names()).toContain("consumption.ownAttributeDeletedByOwner");
    await refused("notification.alreadyProcessed", () => two.partner.notifications.process(id("a")), {
      world: two.world,
      people: [two.initiator],
    });
  });

  test("is processed by the device alone that received it", async () => {
    const other = { isHere: false };
    const elsewhere = <T extends { readonly document: object } | undefined>(stored: T): T =>
      other.isHere && stored !== undefined && "receivedByDevice" in stored.document
        ? { ...stored, document: { ...stored.document, receivedByDevice: "DVCotherotherotherot" } }
        : stored;
    const store = (port: StorePort): StorePort => ({
      ...port,
      get: async (key) => elsewhere(await port.get(key)) as never,
      find: async function* (query) {
        for await (const stored of port.find(query)) yield elsewhere(stored) as never;
      },
    });
    await using two = await failing({ initiator: { store } });
    other.isHere = true;

    const processing = () => two.partner.notifications.process(id("a"));

    await refused("notification.otherDevice", processing, { world: two.world, people: [two.initiator] });
  });
});

describe("what is not for the sender to say", () => {
  const spoofs: readonly (readonly [string, string, (two: Exchanged) => readonly [Account, JsonObject]])[] = [
    [
      "a succession by somebody who is not the owner",
      `${c}.wrongTypeOfAttribute`,
      ({ initiator: { account }, templator, numberId }) => [
        account,
        succeeded(numberId, attributeId("z"), agreed(templator.account.address, "two")),
      ],
    ],
    [
      "a succession that changes the owner",
      `${c}.successionMustNotChangeOwner`,
      ({ templator: { account }, initiator, numberId }) => [
        account,
        succeeded(numberId, attributeId("z"), agreed(initiator.account.address, "two")),
      ],
    ],
    [
      "a succession under an id that exists",
      `${c}.successorMustNotYetExist`,
      ({ templator: { account }, numberId, nameId }) => [
        account,
        succeeded(numberId, nameId, agreed(account.address, "two")),
      ],
    ],
    [
      "a succession without a change",
      `${c}.successionMustChangeContent`,
      ({ templator: { account }, numberId }) => [
        account,
        succeeded(numberId, attributeId("z"), agreed(account.address, "one")),
      ],
    ],
    [
      "the deletion of an attribute by its owner, who is the receiver",
      `${c}.wrongTypeOfAttribute`,
      ({ initiator: { account }, numberId }) => [account, deletedByOwner(numberId)],
    ],
    [
      "the deletion by a peer of what the peer owns",
      `${c}.wrongTypeOfAttribute`,
      ({ templator: { account }, numberId }) => [account, deletedByPeer(numberId)],
    ],
    [
      "the deletion of an own fact, by its owner",
      `${c}.senderIsNotPeerOfSharedAttribute`,
      ({ templator: { account }, nameId }) => [account, deletedByOwner(nameId)],
    ],
    [
      "the deletion of a copy that was never forwarded",
      `${c}.senderIsNotPeerOfSharedAttribute`,
      ({ initiator: { account }, numberId }) => [account, forwardedDeleted(numberId)],
    ],
  ];

  test.for(spoofs)("%s", async ([, code, say]) => {
    await using two = await exchanged("Active");
    const [from, item] = say(two);
    const to = from === two.templator.account ? two.initiator.account : two.templator.account;
    const before = await to.attributes.find();
    await send(from, to, notification("a", item));

    await to.sync();

    expect(await to.notifications.get(id("a"))).toMatchObject({ status: "Error", error: { code } });
    expect(await to.attributes.find()).toEqual(before);
  });
});

test("a word about an attribute that is not here is heard and changes nothing", async () => {
  await using two = await exchanged("Active");
  const items = [deletedByOwner, deletedByPeer, forwardedDeleted].map((say) => say(attributeId("q")));
  await send(two.initiator.account, two.templator.account, notification("a", ...items));
  const ear = listen(two.templator.account);

  await two.templator.account.sync();

  expect((await two.templator.account.notifications.get(id("a"))).status).toBe("Completed");
  expect(ear.names()).toEqual(["transport.messageReceived", "consumption.messageProcessed"]);
});

test("a second Notification with the same id does not take the place of the first", async () => {
  await using two = await exchanged("Active");
  const [templator, initiator] = [two.templator.account, two.initiator.account];
  await send(templator, initiator, notification("a", deletedByOwner(attributeId("q"))));
  await send(initiator, templator, notification("a", deletedByOwner(two.nameId)));
  const sent = await templator.notifications.get(id("a"));
  const ear = listen(templator);

  await templator.sync();

  expect(await templator.notifications.get(id("a"))).toEqual(sent);
  expect(ear.data("consumption.messageProcessed")).toMatchObject([{ result: "Error" }]);
  await expect(templator.notifications.process(id("a"))).rejects.toMatchObject({
    code: "error.runtime.notifications.cannotReceiveNotificationFromOwnMessage",
  });
});

test("Notifications are found by their status and their items", async () => {
  await using two = await exchanged("Active");
  const [owner, peer] = [two.initiator.account, two.templator.account];
  await owner.attributes.succeed({ predecessorId: two.nameId, successorContent: nameOf("Ida") });
  const { notificationIds } = await owner.attributes.delete(two.nameId);
  await peer.sync();

  expect((await owner.notifications.find({ status: "Sent" })).map((one) => one.id)).toEqual(notificationIds);
  expect(await peer.notifications.find({ "content.items.@type": "Gossip" })).toEqual([]);
  await expect(owner.notifications.get("NOT")).rejects.toMatchObject({ code: "error.runtime.recordNotFound" });
});
