import { describe, expect, test } from "vitest";
import { bring, offer, openRelay, pend, send } from "./parties.ts";

describe("which step tells whom", () => {
  test.for([
    ["acceptRelationship", "Pending", "to", "RelationshipStatusChanged"],
    ["rejectRelationship", "Pending", "to", "RelationshipStatusChanged"],
    ["revokeRelationship", "Pending", "from", "RelationshipStatusChanged"],
    ["terminateRelationship", "Active", "from", "RelationshipStatusChanged"],
    ["requestReactivation", "Terminated", "to", "RelationshipReactivationRequested"],
    ["acceptReactivation", "Reactivating", "from", "RelationshipReactivationCompleted"],
    ["rejectReactivation", "Reactivating", "from", "RelationshipReactivationCompleted"],
    ["revokeReactivation", "Reactivating", "to", "RelationshipReactivationCompleted"],
    ["decomposeRelationship", "Terminated", "from", "RelationshipStatusChanged"],
  ] as const)("%s on %s by %s tells the other side %s, and the actor nothing", async ([step, status, side, type]) => {
    const world = await openRelay();
    const [from, to] = [await world.party(), await world.party()];
    const id = await bring(from, to, status);
    await from.sync();
    await to.sync();
    const [actor, peer] = side === "from" ? [from, to] : [to, from];

    await actor.ok(step, { id, body: {} });

    expect(await actor.sync()).toEqual([]);
    expect(await peer.sync()).toMatchObject([{ type, payload: { relationshipId: id } }]);
  });

  test("the second decomposition tells nobody", async () => {
    const world = await openRelay();
    const [from, to] = [await world.party(), await world.party()];
    const id = await bring(from, to, "DeletionProposed");
    await to.sync();

    await to.ok("decomposeRelationship", { id, body: {} });

    expect([...(await from.sync()), ...(await to.sync())]).toEqual([]);
  });

  test("a Relationship revoked before the first sync brings one event for each step (#26)", async () => {
    const world = await openRelay();
    const [from, to] = [await world.party(), await world.party()];
    const id = await bring(from, to, "Revoked");

    const events = await to.sync();

    const told = { type: "RelationshipStatusChanged", payload: { relationshipId: id }, syncErrorCount: 0 };
    expect(events).toMatchObject([
      { ...told, index: 0 },
      { ...told, index: 1 },
    ]);
    expect((await to.ok("getRelationship", { id })).auditLog).toHaveLength(2);
  });

  test("who decomposes hears nothing more of that Relationship, and still of the others", async () => {
    const world = await openRelay();
    const [leaver, peer, other] = [await world.party(), await world.party(), await world.party()];
    const id = await bring(leaver, peer, "Active");
    const kept = await bring(leaver, other, "Active");
    await send(peer, leaver);
    await peer.ok("terminateRelationship", { id, body: {} });

    await leaver.ok("decomposeRelationship", { id, body: {} });

    expect(await leaver.sync()).toMatchObject([{ payload: { relationshipId: kept } }]);
  });
});

test("news wake the receiver after the commit, not the actor, until they are switched off", async () => {
  const world = await openRelay();
  const [from, to] = [await world.party(), await world.party()];
  const woken: string[] = [];
  const stop = world.relay.onNews(to.address, () => woken.push("to"));
  world.relay.onNews(from.address, () => woken.push("from"));
  world.relay.onNews(to.address, () => {
    throw new Error("A listener that throws disturbs nobody.");
  });

  const id = await pend(from, to);
  await offer(to);
  stop();
  await to.ok("acceptRelationship", { id, body: {} });
  await from.ok("terminateRelationship", { id, body: {} });

  expect(woken).toEqual(["to", "from"]);
});
