import { createMemoryDisk, createMemoryStore } from "rapport/plugins/storage-memory";
import { expect, test } from "vitest";
import { peersToldAtOnceMax } from "../../src/limits.ts";
import { createCrashPoints } from "../kit/crash-points.ts";
import { base64, bring, offer, openRelay, type Party, pend, type Status } from "./parties.ts";

const body = {};

const rows: readonly [Status, boolean][] = [
  ["Pending", true],
  ["Active", true],
  ["Terminated", true],
  ["Reactivating", true],
  ["DeletionProposed", false],
  ["Rejected", false],
  ["Revoked", false],
];

test.for(rows)("peers in a Relationship that is %s are told: %j", async ([status, isTold]) => {
  const world = await openRelay();
  const [owner, peer] = [await world.party(), await world.party()];
  const relationshipId = await bring(owner, peer, status);
  await peer.sync();

  const { id, gracePeriodEndsAt } = await owner.ok("startDeletionProcess", { body });
  const toBeDeleted = await peer.sync();
  await owner.ok("cancelDeletionProcess", { id, body });
  const cancelled = await peer.sync();

  const told = [
    [{ type: "PeerToBeDeleted", payload: { relationshipId, deletionDate: gracePeriodEndsAt } }],
    [{ type: "PeerDeletionCancelled", payload: { relationshipId } }],
  ];
  const shown = [toBeDeleted, cancelled].map((events) => events.map(({ type, payload }) => ({ type, payload })));
  expect(shown).toEqual(isTold ? told : [[], []]);
});

test("peers are all told, in commits of a bounded size (G2)", async () => {
  const store = createMemoryStore();
  const appended: number[] = [];
  const commit: typeof store.commit = (batch) => {
    appended.push(batch.appends?.length ?? 0);
    return store.commit(batch);
  };
  const world = await openRelay({ store: { ...store, commit } });
  const owner = await world.party();
  const peers: Party[] = [];
  for (let count = 0; count < peersToldAtOnceMax + 5; count += 1) peers.push(await world.party());
  await Promise.all(peers.map((peer, at) => (at % 2 === 0 ? pend(peer, owner) : pend(owner, peer))));
  appended.length = 0;

  await owner.ok("startDeletionProcess", { body });

  expect(Math.max(...appended)).toBe(peersToldAtOnceMax);
  for (const peer of peers) expect((await peer.sync()).at(-1)).toMatchObject({ type: "PeerToBeDeleted" });
});

test("peers are told once, wherever the relay is killed while it tells them (G1)", async () => {
  const full = createMemoryDisk();
  const before = await openRelay({ store: createMemoryStore({ disk: full }) });
  const [owner, peer] = [await before.party(), await before.party()];
  await bring(owner, peer, "Active");
  await peer.sync();
  let points = 0;
  for (let at = 1; ; at += 1) {
    const disk = full.copy();
    const crash = createCrashPoints();
    const world = await openRelay({ seed: 2, store: crash.store(createMemoryStore({ disk })) });
    crash.watch({ at, when: "before", how: "kill" });
    await world.as(owner.caller).call("startDeletionProcess", { body });
    if (!crash.hasStruck) break;
    points += 1;

    const reopened = await openRelay({ seed: 3, store: createMemoryStore({ disk }) });
    const hasStarted = (await reopened.as(owner.caller).ok("listDeletionProcesses")).length === 1;
    if (!hasStarted) await reopened.as(owner.caller).ok("startDeletionProcess", { body });

    const { syncRun } = await reopened.as(peer.caller).ok("startSyncRun", { body: { type: "ExternalEventSync" } });
    expect(syncRun?.eventCount, `${at}`).toBe(1);
  }
  expect(points).toBeGreaterThan(6);
});

test.for(["to", "from"] as const)(
  "peers are told or refused when they create a Relationship at that very moment, %s the one who is leaving (G1)",
  async (side) => {
    const outcomes = new Set<string>();
    for (let at = 1; ; at += 1) {
      const points = createCrashPoints();
      const world = await openRelay({ store: points.store(createMemoryStore()) });
      const [owner, peer] = [await world.party(), await world.party()];
      const [from, to] = side === "to" ? [peer, owner] : [owner, peer];
      const creation = { relationshipTemplateId: await offer(to), creationContent: base64("c") };
      const meanwhile = () => from.call("createRelationship", { body: creation });
      points.watch({ at, when: "before", how: "wait", meanwhile });

      await owner.ok("startDeletionProcess", { body });

      if (!points.hasStruck) break;
      const told = (await peer.sync()).filter(({ type }) => type === "PeerToBeDeleted").length;
      const peerIsToBeDeleted = "relationship.peerIsToBeDeleted";
      const again = await from.no("createRelationship", { body: creation });
      // Only the one who is leaving may still begin something; whoever it begins with then learns of its end.
      if (side === "to") expect(`${told} ${again}`, `${at}`).toMatch(/^1 .*Exists$|^0 .*peerIsToBeDeleted$/);
      outcomes.add(again === peerIsToBeDeleted ? "refused" : told > 0 ? "told" : "later");
    }
    expect([...outcomes]).toContain("told");
    if (side === "to") expect([...outcomes].sort()).toEqual(["refused", "told"]);
  },
);
