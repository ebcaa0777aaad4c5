// What peers were given, as objects of their own.
import { expect, test } from "vitest";
import { exchanged, nameOf } from "./exchanging.ts";
import { listen, refused } from "./scenes.ts";

async function all<T>(list: AsyncIterable<{ view(): Promise<T> | T }>): Promise<T[]> {
  const views: T[] = [];
  for await (const entry of list) views.push(await entry.view());
  return views;
}

test("a copy can be read by its id, with the copies before and after it", async () => {
  await using two = await exchanged("Active");
  const [owner, peer] = [two.initiator.account, two.templator.account];
  const { successor } = await owner.attributes.succeed({ predecessorId: two.nameId, successorContent: nameOf("Ida") });
  await owner.attributes.notifyPeer({ attributeId: successor.id, peer: peer.address });

  const [first, second] = await all(owner.attributeCopies.each({ attributeId: successor.id, peer: peer.address }));

  expect(first).toMatchObject({ attribute: { id: two.nameId }, succeededBy: second?.details.id });
  expect(second).toMatchObject({ attribute: { id: successor.id }, succeeds: first?.details.id });
  expect(first).not.toHaveProperty("succeeds");
  expect(await owner.attributeCopies.get(second?.details.id ?? "")).toEqual(second);
  const where = { world: two.world, people: [two.initiator, two.templator] };
  await refused("error.runtime.recordNotFound", () => owner.attributeCopies.get("ATTFDaaaaaaaaaaaaaaa"), where);
  expect(await all(owner.attributeCopies.each({ peer: owner.address }))).toEqual([]);
});

test("what was given can be withdrawn and given again; the attribute stays", async () => {
  await using two = await exchanged("Active");
  const [owner, peer] = [two.initiator.account, two.templator.account];
  const [copy] = await all(owner.attributeCopies.each({ attributeId: two.nameId }));
  const ear = listen(peer);

  const { notificationId } = await owner.attributeCopies.withdraw(copy?.details.id ?? "", { commandId: "once" });
  await peer.sync();

  expect(await owner.attributeCopies.withdraw(copy?.details.id ?? "", { commandId: "once" })).toEqual({
    notificationId,
  });
  expect(await owner.attributes.get(two.nameId)).toMatchObject({ numberOfForwards: 0 });
  expect(await owner.attributes.ownSharedWith(peer.address, { query: { "@type": "OwnIdentityAttribute" } })).toEqual(
    [],
  );
  expect(ear.names()).toContain("consumption.ownAttributeDeletedByOwner");
  expect(await peer.attributes.get(two.nameId)).toMatchObject({ deletionInfo: { deletionStatus: "DeletedByEmitter" } });

  await give(two);

  expect(await peer.attributes.get(two.nameId)).not.toHaveProperty("deletionInfo");
  expect(await owner.attributes.get(two.nameId)).toMatchObject({ numberOfForwards: 1 });
});

async function give({ initiator, templator, nameId }: Awaited<ReturnType<typeof exchanged>>): Promise<void> {
  const [owner, peer] = [initiator.account, templator.account];
  const { content: attribute } = await owner.attributes.get(nameId);
  const item = { "@type": "ShareAttributeRequestItem", mustBeAccepted: true, attribute, attributeId: nameId };
  const content = { "@type": "Request", items: [item] };
  const draft = await owner.requests.outgoing.create({ content, peer: peer.address });
  await owner.messages.send({ recipients: [peer.address], content: draft.content });
  await peer.sync();
  await peer.requests.incoming.accept(draft.id, { items: [{ accept: true }] });
  await owner.sync();
}
