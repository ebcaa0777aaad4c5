// What peers learn of own attributes that they have (spec/domain.md 6.7, 8.2).
import type { Account } from "rapport";
import { type PersonOptions, unreliable } from "rapport/testkit";
import { describe, expect, test } from "vitest";
import { agreed, type Exchanged, exchanged, nameOf } from "./exchanging.ts";
import { listen, only, refused } from "./scenes.ts";

const own = "error.runtime.attributes";
const dayMs = 24 * 60 * 60 * 1000;

const where = ({ world, templator, initiator }: Exchanged) => ({ world, people: [templator, initiator] });

test("a new version of a RelationshipAttribute reaches the partner at once", async () => {
  await using two = await exchanged("Active");
  const [owner, partner] = [two.templator.account, two.initiator.account];
  const value = agreed(owner.address, "two")["value"] as never;

  const { successor, notificationId } = await owner.attributes.succeed({
    predecessorId: two.numberId,
    successorContent: { value },
  });
  const ear = listen(partner);
  await partner.sync();

  expect(await owner.notifications.get(notificationId ?? "")).toMatchObject({ isOwn: true, status: "Sent" });
  expect(await partner.notifications.get(notificationId ?? "")).toMatchObject({ isOwn: false, status: "Completed" });
  expect(await partner.attributes.get(successor.id)).toMatchObject({
    "@type": "PeerRelationshipAttribute",
    succeeds: two.numberId,
    sourceReference: notificationId,
    content: successor.content,
  });
  expect(ear.names()).toContain("consumption.attributeSucceeded");
  expect((await partner.attributes.receivedFrom(owner.address)).map(({ id }) => id)).toEqual([successor.id]);
});

test("a new version of an IdentityAttribute reaches those who are told, with all that was left out between", async () => {
  await using two = await exchanged("Active");
  const [owner, peer] = [two.initiator.account, two.templator.account];
  const { successor: second } = await owner.attributes.succeed({
    predecessorId: two.nameId,
    successorContent: nameOf("Ida"),
  });
  const { successor: third } = await owner.attributes.succeed({
    predecessorId: second.id,
    successorContent: nameOf("Ina"),
  });
  await peer.sync();
  expect(await peer.notifications.find()).toEqual([]);

  const told = await owner.attributes.notifyPeer({ attributeId: third.id, peer: peer.address });
  await peer.sync();

  expect(told).toMatchObject({ predecessor: { id: two.nameId }, successor: { id: third.id, numberOfForwards: 1 } });
  expect(await peer.attributes.get(third.id)).toMatchObject({ succeeds: two.nameId, content: third.content });
  const [latest] = await owner.attributes.ownSharedWith(peer.address);
  expect(latest).toMatchObject({ id: third.id });
  expect((await owner.attributes.versionsSharedWith(third.id, peer.address)).map(({ id }) => id)).toEqual([third.id]);
  const every = { onlyLatestVersions: false };
  const all = await owner.attributes.versionsSharedWith(third.id, peer.address, every);
  expect(all.map(({ id }) => id)).toEqual([third.id, two.nameId]);
});

test("6.7: a peer is told of a version after one that it has, and of nothing else", async () => {
  await using two = await exchanged("Active");
  const { attributes } = two.initiator.account;
  const peer = two.templator.account.address;
  const other = await attributes.create({ content: nameOf("Otto") });
  const { successor } = await attributes.succeed({ predecessorId: two.nameId, successorContent: nameOf("Ida") });
  const telling = (attributeId: string, to = peer) => attributes.notifyPeer({ attributeId, peer: to });

  await refused(`${own}.peerHasNoPreviousVersionOfAttribute`, () => telling(other.id), where(two));
  await refused(`${own}.peerHasNoPreviousVersionOfAttribute`, () => telling(two.nameId, "did:e:x:dids:1"), where(two));
  await refused(`${own}.ownIdentityAttributeHasAlreadyBeenSharedWithPeer`, () => telling(two.nameId), where(two));
  await refused(`${own}.isNotOwnIdentityAttribute`, () => telling(two.numberId), where(two));
  await telling(successor.id);
  await refused(
    `${own}.successorOfOwnIdentityAttributeHasAlreadyBeenSharedWithPeer`,
    () => telling(two.nameId),
    where(two),
  );
});

describe("6.7: deleting", () => {
  const mark = (account: Account, id: string) => account.attributes.get(id).then((one) => one.deletionInfo);

  test("an own attribute takes its earlier versions along, and the peer marks its copies", async () => {
    await using two = await exchanged("Active");
    const [owner, peer] = [two.initiator.account, two.templator.account];
    const { successor } = await owner.attributes.succeed({
      predecessorId: two.nameId,
      successorContent: nameOf("Ida"),
    });
    const here = listen(owner);
    const there = listen(peer);

    const { notificationIds } = await owner.attributes.delete(successor.id);
    await peer.sync();

    expect(await owner.attributes.own({ onlyLatestVersions: false })).toEqual([]);
    expect(here.names().filter((name) => name === "consumption.attributeDeleted")).toHaveLength(2);
    expect(here.names()).toContain("consumption.attributeForwardingDetailsChanged");
    expect(await peer.notifications.get(only([...notificationIds]))).toMatchObject({
      status: "Completed",
      content: { items: [{ "@type": "OwnAttributeDeletedByOwnerNotificationItem", attributeId: two.nameId }] },
    });
    expect(await mark(peer, two.nameId)).toMatchObject({ deletionStatus: "DeletedByEmitter" });
    expect(there.data("consumption.ownAttributeDeletedByOwner")).toMatchObject([{ id: two.nameId }]);
    await refused("error.runtime.recordNotFound", () => owner.attributes.delete(successor.id), where(two));
  });

  test("an earlier version detaches the later one", async () => {
    await using two = await exchanged("Active");
    const { attributes } = two.initiator.account;
    const { successor } = await attributes.succeed({ predecessorId: two.nameId, successorContent: nameOf("Ida") });

    await attributes.delete(two.nameId);

    expect(await attributes.get(successor.id)).not.toHaveProperty("succeeds");
    expect((await attributes.versions(successor.id)).map(({ id }) => id)).toEqual([successor.id]);
  });

  test.for(["Active", "Terminated"] as const)("a peer's RelationshipAttribute tells its owner (%s)", async (stage) => {
    await using two = await exchanged(stage);
    const [owner, partner] = [two.templator.account, two.initiator.account];

    await partner.attributes.delete(two.numberId);
    if (stage === "Terminated") {
      await partner.relationships.requestReactivation(two.id);
      await owner.sync();
      expect(await mark(owner, two.numberId)).toBeUndefined();
      await owner.relationships.acceptReactivation(two.id);
    }
    const ear = listen(owner);
    await owner.sync();

    expect(await mark(owner, two.numberId)).toMatchObject({ deletionStatus: "DeletedByRecipient" });
    expect(ear.data("consumption.peerRelationshipAttributeDeletedByPeer")).toMatchObject([{ id: two.numberId }]);
    const value = agreed(owner.address, "two")["value"] as never;
    await refused(
      "error.consumption.attributes.cannotSucceedSharedAttributesDeletedByPeer",
      () => owner.attributes.succeed({ predecessorId: two.numberId, successorContent: { value } }),
      where(two),
    );
  });

  test("a copy tells who forwarded it", async () => {
    await using two = await exchanged("Active");
    const [owner, peer] = [two.initiator.account, two.templator.account];

    await peer.attributes.delete(two.nameId);
    const ear = listen(owner);
    await owner.sync();

    expect(await owner.attributes.forwardingDetails(two.nameId)).toMatchObject([
      { deletionInfo: { deletionStatus: "DeletedByRecipient" } },
    ]);
    expect(ear.data("consumption.forwardedAttributeDeletedByPeer")).toMatchObject([{ id: two.nameId }]);
    expect(await owner.attributes.delete(two.nameId)).toEqual({ notificationIds: [] });
  });

  test("#122: an attribute that is shared over a Pending Relationship cannot be deleted", async () => {
    await using two = await exchanged("Pending");
    const code = `${own}.cannotDeleteSharedAttributeWhileRelationshipIsPending`;

    await refused(code, () => two.initiator.account.attributes.delete(two.nameId), where(two));
    await refused(code, () => two.templator.account.attributes.delete(two.numberId), where(two));
  });
});

describe("what was promised to be deleted", () => {
  /** The owner of the name has asked its peer to delete it, and the peer does so in a day. */
  async function promised(options: Parameters<typeof exchanged>[1] = {}) {
    const two = await exchanged("Active", options);
    const [owner, peer] = [two.initiator.account, two.templator.account];
    const content = { "@type": "Request", items: [{ ...deletion, attributeId: two.nameId }] };
    const request = await owner.requests.outgoing.create({ content, peer: peer.address });
    await owner.messages.send({ recipients: [peer.address], content: request.content });
    await peer.sync();
    const deletionDate = new Date(two.world.clock.now() + dayMs).toISOString();
    await peer.requests.incoming.accept(request.id, { items: [{ accept: true, deletionDate }] });
    await owner.sync();
    return two;
  }
  const deletion = { "@type": "DeleteAttributeRequestItem", mustBeAccepted: true };
  const forwarded = async ({ initiator, nameId }: Exchanged) =>
    only(await initiator.account.attributes.forwardingDetails(nameId)).deletionInfo?.deletionStatus;

  test("is there until its date, goes then by itself, and the owner is told", async () => {
    await using two = await promised();
    const peer = two.templator.account;
    expect(await peer.attributes.get(two.nameId)).toMatchObject({ deletionInfo: { deletionStatus: "ToBeDeleted" } });
    expect(await forwarded(two)).toBe("ToBeDeletedByRecipient");

    two.world.clock.advance(dayMs + 1);

    await expect(peer.attributes.get(two.nameId)).rejects.toMatchObject({ code: "error.runtime.recordNotFound" });
    await peer.sync();
    await two.initiator.account.sync();
    expect(await forwarded(two)).toBe("DeletedByRecipient");
    expect([...two.templator.disk.documents().keys()].filter((key) => key.includes("/timers/attribute"))).toEqual([]);
  });

  test("goes without a word when the Relationship takes none", async () => {
    await using two = await promised();
    await two.initiator.account.relationships.terminate(two.id);
    await two.initiator.account.relationships.decompose(two.id);
    await two.templator.account.sync();

    two.world.clock.advance(dayMs + 1);

    expect(await two.templator.account.attributes.find({ id: two.nameId })).toEqual([]);
    expect(await two.templator.account.intents.list()).toEqual([]);
  });

  test("waits while the relay is silent and no letter can be sealed, and no read fails of it", async () => {
    const down = { is: false };
    const transport: PersonOptions["transport"] = (port) => unreliable(port, () => (down.is ? "before" : undefined));
    await using two = await promised({ templator: { transport } });
    const peer = await two.templator.restart();
    down.is = true;
    two.world.clock.advance(dayMs + 1);

    expect(await peer.attributes.find({ id: two.nameId })).toHaveLength(1);

    down.is = false;
    two.world.clock.advance(dayMs);
    expect(await peer.attributes.find({ id: two.nameId })).toEqual([]);
  });

  test("is not taken for deleted when its owner deletes it, too", async () => {
    await using two = await promised();
    await two.initiator.account.attributes.delete(two.nameId);
    const ear = listen(two.templator.account);

    await two.templator.account.sync();

    expect(ear.names()).not.toContain("consumption.ownAttributeDeletedByOwner");
    expect(await two.templator.account.attributes.get(two.nameId)).toMatchObject({
      deletionInfo: { deletionStatus: "ToBeDeleted" },
    });
  });
});
