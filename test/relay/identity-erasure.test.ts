import { createMemoryDisk, createMemoryStore } from "rapport/plugins/storage-memory";
import { describe, expect, test } from "vitest";
import { idempotencyKeepMs } from "../../src/limits.ts";
import { operatorOf } from "./operator.ts";
import {
  base64,
  bring,
  identityBody,
  letter,
  minute,
  offer,
  openRelay,
  type Party,
  pend,
  type Status,
  send,
} from "./parties.ts";
import { pseudonym } from "./pseudonym.ts";
import { namedIn, settle } from "./settling.ts";

const body = {};
const day = 24 * 60 * minute;

/** A relay with an operator, on one store. */
async function open() {
  const disk = createMemoryDisk();
  const store = createMemoryStore({ disk });
  const world = await openRelay({ store });
  return { world, disk, operator: operatorOf(store, world.clock) };
}

const deleted = "DecompositionDueToIdentityDeletion";
type Row = { readonly ends: "from" | "to"; readonly told: readonly string[]; readonly status: string };
const left = { told: ["PeerDeleted", "RelationshipStatusChanged"], status: "DeletionProposed" };
const stays = (status: string) => ({ told: [], status });

describe("a Relationship of an erased identity", () => {
  test.for<[Status, Row]>([
    ["Pending", { ends: "from", ...left }],
    ["Pending", { ends: "to", ...left }],
    ["Active", { ends: "from", ...left }],
    ["Active", { ends: "to", ...left }],
    ["Terminated", { ends: "from", ...left }],
    ["Reactivating", { ends: "to", ...left }],
    ["DeletionProposed", { ends: "from", ...stays("DeletionProposed") }],
    ["Rejected", { ends: "from", ...stays("Rejected") }],
    ["Revoked", { ends: "to", ...stays("Revoked") }],
  ])("that was %s becomes, for who is left: %o", async ([before, { ends, told, status }]) => {
    const { world, operator } = await open();
    const [from, to] = [await world.party(), await world.party()];
    const relationshipId = await bring(from, to, before);
    const [gone, peer] = ends === "from" ? [from, to] : [to, from];
    await peer.sync();
    const { auditLog: earlier } = await peer.ok("getRelationship", { id: relationshipId });
    const deletionDate = world.in(0);

    expect(await operator.erase(gone.address)).toBe(true);

    const events = await peer.sync();
    const shown = await peer.ok("getRelationship", { id: relationshipId });
    const entry = {
      createdBy: pseudonym,
      createdByDevice: null,
      reason: deleted,
      oldStatus: before === "Reactivating" ? "Terminated" : before,
      newStatus: "DeletionProposed",
    };
    expect(events.map(({ type }) => type)).toEqual(told);
    if (told.length > 0) expect(events[0].payload).toEqual({ relationshipId, deletionDate });
    expect(shown).toMatchObject({
      status,
      [ends]: pseudonym,
      [ends === "from" ? "to" : "from"]: peer.address,
      auditLog: [
        ...earlier.map((old: { createdBy: string }) => ({
          ...old,
          createdBy: old.createdBy === gone.address ? pseudonym : old.createdBy,
        })),
        ...(told.length > 0 ? [entry] : []),
      ],
    });
  });

  test("can be left by the other side, which ends it for good", async () => {
    const { world, operator } = await open();
    const [from, to] = [await world.party(), await world.party()];
    const id = await bring(from, to, "Active");
    await send(to, from);
    await operator.erase(from.address);

    const answer = await to.ok("decomposeRelationship", { id, body });

    expect(answer).toMatchObject({ status: "ReadyForDeletion", from: pseudonym });
    expect(await to.no("getRelationship", { id })).toBe("relationship.relationshipAlreadyDecomposed");
    expect(await to.ok("listMessages")).toEqual([]);
    expect(await to.no("decomposeRelationship", { id, body })).toBe("relationship.relationshipAlreadyDecomposed");
  });

  test("is over for good when both identities are erased, or when the other side had left", async () => {
    const { world, disk, operator } = await open();
    const [from, to, other] = [await world.party(), await world.party(), await world.party()];
    const ids = [
      await bring(from, to, "Active"),
      await bring(from, other, "DeletionProposed"),
      await bring(other, to, "Rejected"),
    ];
    for (const party of [from, to]) await party.ok("startDeletionProcess", { body });
    await other.sync();

    await operator.erase(to.address);
    await operator.erase(other.address);
    await operator.erase(from.address);

    for (const id of ids) {
      const row = disk.documents().get(`relay/relationship/${id}`);
      expect(row).toMatchObject({ from: pseudonym, to: pseudonym, parties: [], creationContent: null });
      expect(row).toMatchObject({ decomposedBy: [pseudonym, pseudonym], forgetAtMs: expect.any(Number) });
    }
    for (const party of [from, to, other]) expect(namedIn(disk, party)).toEqual([]);
  });
});

describe("what an erased identity leaves to others", () => {
  test("are its Messages and its pseudonym", async () => {
    const { world, operator } = await open();
    const [gone, peer, third] = [await world.party(), await world.party(), await world.party()];
    await bring(gone, peer, "Active");
    await bring(gone, third, "Active");
    await bring(peer, third, "Active");
    const [toPeer, toBoth, toGone, past] = [
      await send(gone, peer),
      await send(gone, peer, third),
      await send(peer, gone, third),
      await send(peer, third),
    ];

    await operator.erase(gone.address);

    expect(await peer.ok("getMessage", { id: toPeer })).toMatchObject({ createdBy: pseudonym, body: base64("hello") });
    expect(await third.ok("getMessage", { id: toBoth })).toMatchObject({ createdBy: pseudonym });
    const mine = await peer.ok("getMessage", { id: toGone });
    expect(mine.recipients.map(({ address }: Party) => address)).toEqual([pseudonym, third.address]);
    const listed = await peer.ok("listMessages");
    expect(listed.map(({ id }: { id: string }) => id)).toEqual([toPeer, toBoth, toGone, past]);
    expect(await peer.no("createMessage", { body: letter(gone) })).toBe("message.noRelationshipToRecipientExists");
    expect(await peer.no("createMessage", { body: letter(third, gone) })).toBe(
      "message.noRelationshipToRecipientExists",
    );
  });

  test("are the slots it took, which stay taken, and nothing that it published", async () => {
    const { world, operator } = await open();
    const [gone, peer, third] = [await world.party(), await world.party(), await world.party()];
    const taken = await offer(peer, { maxNumberOfAllocations: 1 });
    await gone.ok("getTemplate", { id: taken });
    const [template, expiresAt] = [await offer(gone), world.in(day)];
    const token = (await gone.ok("createToken", { body: { content: base64("x"), expiresAt } })).id;
    const relationship = await pend(peer, gone);
    await peer.ok("getTemplate", { id: template });
    await peer.ok("getToken", { id: token });
    const forGone = await offer(peer, { forIdentity: gone.address });

    await operator.erase(gone.address);

    expect(await third.no("getTemplate", { id: taken })).toBe("relationshipTemplate.maxNumberOfAllocationsExhausted");
    expect(await peer.no("getTemplate", { id: template })).toBe("recordNotFound");
    expect(await peer.no("getToken", { id: token })).toBe("recordNotFound");
    expect(await peer.ok("getRelationship", { id: relationship })).toMatchObject({ relationshipTemplateId: null });
    expect(await peer.ok("getTemplate", { id: forGone })).toMatchObject({ forIdentity: pseudonym });
    expect(await peer.call("canCreateRelationship", { query: { peer: gone.address } })).toMatchObject({
      status: 404,
      error: { message: expect.stringContaining("Identity not found.") },
    });
  });

  test("is that it existed, known by its username and when it was erased", async () => {
    const { world, operator } = await open();
    const gone = await world.party();
    const { username } = gone.caller;
    await gone.ok("startDeletionProcess", { body: { lengthOfGracePeriodInDays: 1 } });
    world.clock.advance(2 * day);

    expect(await operator.runDueTimers()).toMatchObject({ identitiesErased: 1 });

    const answer = await world.anonymous.ok("isIdentityDeleted", { query: { username } });
    expect(answer).toEqual({ isDeleted: true, deletionDate: world.in(0) });
  });

  test("is its address, free for whoever has the key", async () => {
    const { world, operator } = await open();
    const [gone, peer] = [await world.party(), await world.party()];
    await bring(gone, peer, "Active");
    await operator.erase(gone.address);
    const challenge = await world.anonymous.ok("createChallenge", { body });

    const { address, device } = await world.anonymous.ok("createIdentity", {
      body: identityBody(challenge, gone.keys),
    });

    expect(address).toBe(gone.address);
    const again = world.as({ address, deviceId: device.id, username: device.username });
    expect(await again.ok("listMessages")).toEqual([]);
    expect(await again.no("getDatawallet")).toBe("recordNotFound");
    expect(await peer.ok("canCreateRelationship", { query: { peer: address } })).toMatchObject({ canCreate: true });
  });
});

test("nothing in the store names an identity that was erased, whatever it did", async () => {
  const { world, disk, operator } = await open();
  const gone = await settle(world);
  expect(namedIn(disk, gone.party).length).toBeGreaterThan(20);

  await operator.erase(gone.party.address);

  expect(namedIn(disk, gone.party)).toEqual([]);
  expect(namedIn(disk, gone.second)).toEqual([]);
  expect([...disk.documents().keys()].filter((key) => key.startsWith("relay/leftover"))).toEqual([]);
  expect(await gone.peer.sync()).toEqual(expect.arrayContaining([expect.objectContaining({ type: "PeerDeleted" })]));
});

test("an answer that others keep under an idempotency key is forgotten by its own deadline", async () => {
  const { world, disk, operator } = await open();
  const [gone, peer] = [await world.party(), await world.party()];
  const creation = { relationshipTemplateId: await offer(gone), creationContent: base64("c") };
  await peer.ok("createRelationship", { body: creation, key: "create" });
  await operator.erase(gone.address);
  expect(namedIn(disk, gone)).toEqual([`relay/idempotency/${peer.caller.deviceId}.create`]);

  world.clock.advance(idempotencyKeepMs);
  await operator.runDueTimers();

  expect(namedIn(disk, gone)).toEqual([]);
});

test("who was never there cannot be erased, and erasing twice is erasing once", async () => {
  const { world, operator } = await open();
  const gone = await world.party();

  const first = await Promise.all([operator.erase(gone.address), operator.erase(gone.address)]);

  expect(first).toContain(true);
  expect(await operator.erase(gone.address)).toBe(false);
  expect(await operator.erase("nobody")).toBe(false);
});
