// Deleting attributes of the first two generations over HTTP (spec/connector-api.md 1.11; behaviours 90 to 93).
import { afterAll, beforeAll, expect, test } from "vitest";
import { agreed, all, create, heard, idsOf, path, peerShared, share, valued } from "./attribute-calls.ts";
import { addressOf, ask, befriend, called, refusal, settle } from "./friends.ts";
import { type Actor, openStage, type Stage } from "./stage.ts";

const runtime = "error.runtime.attributes";

let stage: Stage;
let alice: Actor;
let bob: Actor;
let carol: Actor;

beforeAll(async () => {
  stage = await openStage();
  alice = await stage.actor("alice");
  bob = await stage.actor("bob");
  carol = await stage.actor("carol");
  await befriend(alice, bob);
  await befriend(alice, carol);
});
afterAll(() => stage[Symbol.asyncDispose]());

test("7.90 the owner deletes a copy: it is gone, the original stays, and the peer is told", async () => {
  const own = await create(alice, valued("MiddleName", "Maria"));
  await share(alice, bob, own);
  const [copy] = await all(alice, `?shareInfo.sourceAttribute=${own.id}`);
  const hint = heard(bob);
  await refusal(alice.call("DELETE", `${path}/Own/Shared/${own.id}`), 400, `${runtime}.isNotOwnSharedAttribute`);
  await refusal(alice.call("DELETE", `${path}/${copy?.id}`), 400, `${runtime}.isNotRepositoryAttribute`);

  const { notificationId } = await called(alice.call("DELETE", `${path}/Own/Shared/${copy?.id}`), 200);
  await settle(bob);

  expect(notificationId).toMatch(/^NOT/);
  await refusal(alice.call("GET", `${path}/${copy?.id}`), 404, "error.runtime.recordNotFound");
  await called(alice.call("GET", `${path}/${own.id}`), 200);
  const marked = await peerShared(bob, alice, "&content.value.@type=MiddleName");
  expect(marked[0]?.deletionInfo?.deletionStatus).toBe("DeletedByOwner");
  const byStatus = "&content.value.@type=MiddleName&deletionInfo.deletionStatus=DeletedByOwner";
  expect(idsOf(await peerShared(bob, alice, byStatus))).toEqual(idsOf(marked));
  expect(hint.names()).toContain("consumption.ownAttributeDeletedByOwner");
});

test("7.91 the receiver deletes what it was given: the owner is told, and keeps the original", async () => {
  const own = await create(alice, valued("HonorificSuffix", "MSc"));
  await share(alice, bob, own);
  const [received] = await peerShared(bob, alice, "&content.value.@type=HonorificSuffix");
  const hint = heard(alice);

  await called(bob.call("DELETE", `${path}/Peer/Shared/${received?.id}`), 200);
  await settle(alice);

  await refusal(bob.call("GET", `${path}/${received?.id}`), 404, "error.runtime.recordNotFound");
  const [copy] = await all(alice, `?shareInfo.sourceAttribute=${own.id}`);
  expect(copy?.deletionInfo?.deletionStatus).toBe("DeletedByPeer");
  expect(await called(alice.call("GET", `${path}/${own.id}`), 200)).not.toHaveProperty("deletionInfo");
  expect(hint.names()).toContain("consumption.forwardedAttributeDeletedByPeer");
});

test("7.92 what was never shared is deleted and cannot be read", async () => {
  const own = await create(alice, valued("PhoneNumber", "0123"));
  await refusal(alice.call("DELETE", `${path}/Peer/Shared/${own.id}`), 400, `${runtime}.isNotPeerSharedAttribute`);
  const third = alice.call("DELETE", `${path}/ThirdParty/${own.id}`);
  await refusal(third, 400, `${runtime}.isNotThirdPartyRelationshipAttribute`);

  await called(alice.call("DELETE", `${path}/${own.id}`), 204);

  await refusal(alice.call("GET", `${path}/${own.id}`), 404, "error.runtime.recordNotFound");
});

test("7.93 what came from a third party is deleted, and who passed it on is told", async () => {
  const attribute = agreed(carol, "key93", "4711");
  await ask(carol, alice, { "@type": "CreateAttributeRequestItem", mustBeAccepted: true, attribute });
  const [known] = await peerShared(alice, carol, "&content.key=key93");
  const query = {
    "@type": "ThirdPartyRelationshipAttributeQuery",
    key: "key93",
    owner: "thirdParty",
    thirdParty: [addressOf(carol)],
  };
  const item = { "@type": "ReadAttributeRequestItem", mustBeAccepted: true, query };
  await ask(bob, alice, item, { existingAttributeId: known?.id });
  const [passedOn] = await all(bob, "?content.key=key93");
  const hint = heard(alice);
  expect(passedOn?.shareInfo).toMatchObject({ peer: addressOf(alice), thirdPartyAddress: addressOf(carol) });

  await called(bob.call("DELETE", `${path}/ThirdParty/${passedOn?.id}`), 200);
  await settle(alice);

  expect(hint.names()).toContain("consumption.forwardedAttributeDeletedByPeer");
  expect(await all(bob, "?content.key=key93")).toEqual([]);
});
