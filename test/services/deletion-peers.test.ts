// What peers see of a deletion, and what is possible with somebody who is leaving (spec/domain.md 3.5, 11.2).
import type { JsonObject } from "rapport/core";
import { describe, expect, test } from "vitest";
import {
  active,
  arbitrary,
  ask,
  both,
  consent,
  couple,
  greeting,
  listen,
  loadRequest,
  no,
  onDay,
  only,
  pending,
  type Related,
  reasons,
  refused,
  structured,
} from "./scenes.ts";

const dayMs = 24 * 60 * 60 * 1000;

/** The templator has begun to leave, and the initiator knows. */
async function leaving(options: Parameters<typeof active>[0] = { content: arbitrary }): Promise<Related> {
  const two = await active(options);
  await two.templator.account.deletion.start();
  await two.initiator.account.sync();
  return two;
}

/** The period of grace is over, the relay has erased the templator, and the initiator knows. */
async function left(): Promise<Related> {
  const two = await active({ content: arbitrary });
  await two.templator.account.deletion.start({ lengthOfGracePeriodInDays: 1 });
  two.world.clock.advance(dayMs);
  expect(await two.world.relay.admin.runDueTimers()).toMatchObject({ identitiesErased: 1 });
  return two;
}

test("#41: a peer that starts its deletion shows as ToBeDeleted, until it cancels", async () => {
  await using two = await active({ content: arbitrary });
  const { templator, initiator, id } = two;
  const ear = listen(initiator.account);

  await templator.account.deletion.start();
  const { relationships } = await initiator.account.sync();

  const peerDeletionInfo = { deletionStatus: "ToBeDeleted", deletionDate: onDay(14) };
  expect(relationships).toMatchObject([{ id, status: "Active", peerDeletionInfo }]);
  expect(ear.data("transport.peerToBeDeleted")).toMatchObject([{ id, peerDeletionInfo }]);
  expect(ear.names()).not.toContain("transport.relationshipChanged");
  await templator.account.deletion.cancel();
  await initiator.account.sync();
  const after = await both(two);
  expect(after.status).toBe("Active");
  expect(await initiator.account.relationships.get(id)).not.toHaveProperty("peerDeletionInfo");
  expect(ear.data("transport.peerDeletionCancelled")).toHaveLength(1);
});

test("a deletion that began and was taken back between two syncs leaves nothing", async () => {
  await using two = await active({ content: arbitrary });
  const { templator, initiator, id } = two;
  await templator.account.deletion.start();
  await templator.account.deletion.cancel();

  await initiator.account.sync();

  expect(await initiator.account.relationships.get(id)).not.toHaveProperty("peerDeletionInfo");
  expect(await initiator.account.deadLetters.list()).toEqual([]);
});

test("#42: a peer in deletion gets no Mail, but Notifications; Requests neither", async () => {
  await using two = await leaving();
  const { world, templator, initiator } = two;
  const peer = templator.account.address;
  const send = (content: JsonObject) => initiator.account.messages.send({ recipients: [peer], content });
  const mail = { "@type": "Mail", to: [peer], subject: "Farewell", body: "Too late." };
  const item = {
    "@type": "PeerRelationshipAttributeDeletedByPeerNotificationItem",
    attributeId: "ATT00000000000000000",
  };
  const notification = { "@type": "Notification", id: "NOT00000000000000000", items: [item] };

  await refused("error.runtime.messages.peerIsInDeletion", () => send(mail), { world, people: [initiator] });
  expect(await send(notification)).toMatchObject({ isOwn: true, content: notification });

  expect(await initiator.account.requests.outgoing.canCreate({ content: ask(), peer })).toMatchObject({
    isSuccess: false,
    code: "error.consumption.requests.peerIsInDeletion",
  });
});

describe("#43: a template of somebody who is leaving, or left, starts no Relationship", () => {
  test.for([
    ["leaving", "activeIdentityDeletionProcessOfOwnerOfRelationshipTemplate"],
    ["left", "deletedOwnerOfRelationshipTemplate"],
  ] as const)("%s", async ([when, code]) => {
    await using two = await couple({ content: arbitrary });
    const { world, templator, initiator, template } = two;
    await initiator.account.templates.load({ reference: template.reference.url });
    await templator.account.deletion.start({ lengthOfGracePeriodInDays: 1 });
    if (when === "left") {
      world.clock.advance(dayMs);
      await world.relay.admin.runDueTimers();
    }

    const wish = { templateId: template.id, creationContent: greeting };
    const create = () => initiator.account.relationships.create(wish);
    await refused(`error.transport.relationships.${code}`, create, { world, people: [initiator] });
    expect(await initiator.account.relationships.canCreate(wish)).toMatchObject({ isSuccess: false });
  });
});

test("#73: a peer in deletion is no address for a rejection either", async () => {
  await using two = await active({ content: arbitrary });
  const { world, templator, initiator } = two;
  const asked = await templator.account.requests.outgoing.create({
    content: ask(),
    peer: initiator.account.address,
  });
  await templator.account.messages.send({ recipients: [initiator.account.address], content: asked.content });
  await initiator.account.sync();
  await templator.account.deletion.start();
  await initiator.account.sync();
  const { incoming } = initiator.account.requests;
  const { id } = only(await incoming.find());

  const code = "error.consumption.requests.peerIsInDeletion";
  expect(await incoming.canReject(id, no)).toMatchObject({ isSuccess: false, code });
  const before = (await incoming.get(id)).status;
  await expect(incoming.reject(id, no)).rejects.toThrow();
  expect((await incoming.get(id)).status).toBe(before);
  expect(world.warnings).toEqual([]);
});

test("somebody who left shows as Deleted, with the last entry in the audit log, and can only be erased", async () => {
  await using two = await left();
  const { world, templator, initiator, id } = two;
  const peer = templator.account.address;
  const ear = listen(initiator.account);

  await initiator.account.sync();

  const relationship = await initiator.account.relationships.get(id);
  expect(relationship).toMatchObject({
    status: "DeletionProposed",
    peerDeletionInfo: { deletionStatus: "Deleted", deletionDate: onDay(1) },
  });
  expect(reasons(relationship).at(-1)).toBe("DecompositionDueToIdentityDeletion");
  expect(relationship.auditLog.at(-1)).not.toHaveProperty("createdByDevice");
  expect(ear.data("transport.peerDeleted")).toHaveLength(1);
  expect(ear.data("transport.relationshipChanged")).toHaveLength(1);
  const content = { "@type": "ArbitraryMessageContent", value: 1 };
  await expect(initiator.account.messages.send({ recipients: [peer], content })).rejects.toThrow();
  await initiator.account.relationships.decompose(id);
  expect(JSON.stringify([...initiator.disk.documents()])).not.toContain(peer);
  expect(await initiator.account.deadLetters.list()).toEqual([]);
  expect(world.warnings).toEqual([]);
});

test("what somebody did before it was deleted is followed, although the relay has only a pseudonym for it", async () => {
  await using two = await pending({ content: arbitrary });
  const { world, templator, initiator, id } = two;
  await templator.account.relationships.accept(id);
  await templator.account.deletion.start({ lengthOfGracePeriodInDays: 1 });
  world.clock.advance(dayMs);
  await world.relay.admin.runDueTimers();

  await initiator.account.sync();

  const relationship = await initiator.account.relationships.get(id);
  expect(relationship.status).toBe("DeletionProposed");
  expect(reasons(relationship)).toEqual(["Creation", "AcceptanceOfCreation", "DecompositionDueToIdentityDeletion"]);
  expect(await initiator.account.deadLetters.list()).toEqual([]);
});

test("a decision about the Request of a peer's template waits for nobody who is leaving", async () => {
  const content = structured({ onExistingRelationship: { "@type": "Request", items: [consent] } });
  await using two = await active({ content });
  const { templator, initiator } = two;
  const request = await loadRequest(initiator.account, two.template);
  await templator.account.deletion.start();
  await initiator.account.sync();

  const { incoming } = initiator.account.requests;
  expect(await incoming.canAccept(request.id, { items: [{ accept: true }] })).toMatchObject({
    isSuccess: false,
    code: "error.consumption.requests.peerIsInDeletion",
  });
});
