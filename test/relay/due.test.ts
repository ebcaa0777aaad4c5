import { createMemoryDisk, createMemoryStore } from "rapport/plugins/storage-memory";
import { describe, expect, test } from "vitest";
import {
  dueAtOnceMax,
  erasedAtOnceMax,
  expiredTokenKeepMs,
  idempotencyKeepMs,
  leftRelationshipKeepMs,
  templateLookAgainMs,
} from "../../src/limits.ts";
import { createCrashPoints } from "../kit/crash-points.ts";
import { nothingDue, operatorOf } from "./operator.ts";
import { base64, bring, letter, minute, offer, openRelay, type Party, type RelayWorld, send } from "./parties.ts";

const body = {};
const hour = 60 * minute;
const year = 365 * 24 * hour;

async function open() {
  const disk = createMemoryDisk();
  const store = createMemoryStore({ disk });
  const world = await openRelay({ store });
  const under = (path: string) => [...disk.documents().keys()].filter((key) => key.startsWith(`relay/${path}`));
  return { world, disk, store, under, operator: operatorOf(store, world.clock) };
}

const token = (owner: Party, world: RelayWorld, more: object = {}) =>
  owner.ok("createToken", { body: { content: base64("t"), expiresAt: world.in(hour), ...more } });

test("with nothing due a run writes nothing", async () => {
  const { world, disk, operator } = await open();
  const [one, other] = [await world.party(), await world.party()];
  await bring(one, other, "Active");
  await token(one, world);
  await offer(one, { expiresAt: world.in(hour) });
  await one.ok("startDeletionProcess", { body });
  const before = new Map(disk.documents());

  expect(await operator.runDueTimers()).toEqual(nothingDue);

  expect(new Map(disk.documents())).toEqual(before);
});

describe("an expired template", () => {
  test("goes with its slots, however long nobody looked (T1)", async () => {
    const { world, under, operator } = await open();
    const [owner, reader] = [await world.party(), await world.party()];
    const id = await offer(owner, { expiresAt: world.in(hour), maxNumberOfAllocations: 3 });
    const stays = await offer(owner);
    await reader.ok("getTemplate", { id });
    world.clock.advance(year);

    expect(await operator.runDueTimers()).toEqual({ ...nothingDue, templatesErased: 1 });

    expect(under("template")).toEqual([`relay/template/${stays}`]);
    expect(under("allocation")).toEqual([]);
    expect(await operator.runDueTimers()).toEqual(nothingDue);
  });

  test("stays readable for both parties while a Relationship rests on it, and goes after that", async () => {
    const { world, operator } = await open();
    const [owner, peer] = [await world.party(), await world.party()];
    const template = await offer(owner, { expiresAt: world.in(hour) });
    const creation = { relationshipTemplateId: template, creationContent: base64("c") };
    const { id } = await peer.ok("createRelationship", { body: creation });
    world.clock.advance(hour);

    expect(await operator.runDueTimers()).toEqual(nothingDue);

    for (const party of [owner, peer]) expect(await party.ok("getTemplate", { id: template })).toMatchObject({});
    expect(await owner.ok("getRelationship", { id })).toMatchObject({ relationshipTemplateId: template });
    await peer.ok("revokeRelationship", { id, body });
    world.clock.advance(templateLookAgainMs);
    expect(await operator.runDueTimers()).toEqual({ ...nothingDue, templatesErased: 1 });
    expect(await owner.no("getTemplate", { id: template })).toBe("recordNotFound");
    expect(await owner.ok("getRelationship", { id })).toMatchObject({ relationshipTemplateId: null });
  });

  test("is not erased under a Relationship that begins at that very moment", async () => {
    for (let at = 1; ; at += 1) {
      const { world, store } = await open();
      const [owner, peer] = [await world.party(), await world.party()];
      const template = await offer(owner, { expiresAt: world.in(hour) });
      const creation = { relationshipTemplateId: template, creationContent: base64("c") };
      const { id: first } = await peer.ok("createRelationship", { body: creation });
      await owner.ok("rejectRelationship", { id: first, body });
      world.clock.advance(hour);
      const points = createCrashPoints();
      let id: string | undefined;
      const meanwhile = async () => {
        const answer = await peer.call("createRelationship", { body: creation });
        id = answer.ok ? (answer.result as { id: string }).id : undefined;
      };
      points.watch({ at, when: "before", how: "wait", meanwhile });

      await operatorOf(points.store(store), world.clock).runDueTimers();

      if (!points.hasStruck) break;
      if (id === undefined) continue;
      expect(await owner.ok("getRelationship", { id }), `${at}`).toMatchObject({ relationshipTemplateId: template });
    }
  });
});

describe("an expired token", () => {
  test("goes at once when it was never filled, and else when nobody may want to read it again", async () => {
    const { world, under, operator } = await open();
    const [owner, reader] = [await world.party(), await world.party()];
    await world.anonymous.ok("createToken", { body: { expiresAt: world.in(minute) } });
    const filled = await world.anonymous.ok("createToken", { body: { expiresAt: world.in(minute) } });
    await owner.ok("updateTokenContent", { id: filled.id, body: { newContent: base64("t") } });
    const { id } = await token(owner, world, { password: base64("p") });
    await reader.no("getToken", { id });
    await reader.ok("getToken", { id, query: { password: base64("p") } });
    world.clock.advance(hour);

    expect(await operator.runDueTimers()).toEqual({ ...nothingDue, tokensErased: 1 });

    expect(await reader.ok("getToken", { id })).toMatchObject({ content: base64("t") });
    world.clock.advance(expiredTokenKeepMs);
    expect(await operator.runDueTimers()).toEqual({ ...nothingDue, tokensErased: 2 });
    expect([...under("token"), ...under("allocation")]).toEqual([]);
  });

  test("is one of many: a run takes a bounded number, the next one the rest (U2)", async () => {
    const { world, store, operator } = await open();
    const owner = await world.party();
    const { id } = await token(owner, world);
    const document = (await store.get(`relay/token/${id}`))?.document ?? {};
    const puts = Array.from({ length: dueAtOnceMax }, (_, number) => ({
      key: `relay/token/TOK${number}`,
      document: { ...document, id: `TOK${number}` },
    }));
    await store.commit({ puts });
    world.clock.advance(year);

    expect(await operator.runDueTimers()).toEqual({ ...nothingDue, tokensErased: dueAtOnceMax });
    expect(await operator.runDueTimers()).toEqual({ ...nothingDue, tokensErased: 1 });
  });
});

describe("a Relationship that both have left", () => {
  test("goes after thirty days, and with it that the two knew each other", async () => {
    const { world, under, operator } = await open();
    const [from, to] = [await world.party(), await world.party()];
    const id = await bring(from, to, "DeletionProposed");
    world.clock.advance(year);
    await to.ok("decomposeRelationship", { id, body });
    world.clock.advance(leftRelationshipKeepMs - 1);
    expect(await operator.runDueTimers()).toEqual(nothingDue);
    expect(await to.no("getRelationship", { id })).toBe("relationship.relationshipAlreadyDecomposed");
    expect(await to.no("createMessage", { body: letter(from) })).toBe("message.relationshipToRecipientNotActive");

    world.clock.advance(1);

    expect(await operator.runDueTimers()).toEqual({ ...nothingDue, relationshipsErased: 1 });
    expect([...under("relationship"), ...under("pair")]).toEqual([]);
    expect(await to.no("getRelationship", { id })).toBe("recordNotFound");
    expect(await to.no("createMessage", { body: letter(from) })).toBe("message.noRelationshipToRecipientExists");
  });

  test("leaves a younger one of the two alone, and Messages that somebody else still has", async () => {
    const { world, operator } = await open();
    const [from, to, third] = [await world.party(), await world.party(), await world.party()];
    const id = await bring(from, to, "Active");
    await bring(from, third, "Active");
    const message = await send(from, to, third);
    await from.ok("terminateRelationship", { id, body });
    for (const party of [from, to]) await party.ok("decomposeRelationship", { id, body });
    const younger = await bring(to, from, "Active");
    world.clock.advance(leftRelationshipKeepMs);

    expect(await operator.runDueTimers()).toEqual({ ...nothingDue, relationshipsErased: 1 });

    expect(await from.ok("getRelationship", { id: younger })).toMatchObject({ status: "Active" });
    expect(await send(from, to)).toMatch(/^MSG/);
    expect(await third.ok("getMessage", { id: message })).toMatchObject({ id: message });
    expect(await to.no("getMessage", { id: message })).toBe("recordNotFound");
  });
});

describe("an identity whose grace period is over", () => {
  test("is erased by the next run, however late it comes; others are not (T1)", async () => {
    const { world, operator } = await open();
    const [gone, waiting, cancelled, peer] = [
      await world.party(),
      await world.party(),
      await world.party(),
      await world.party(),
    ];
    const relationshipId = await bring(gone, peer, "Active");
    await peer.sync();
    const start = { body: { lengthOfGracePeriodInDays: 0.5 } };
    const { gracePeriodEndsAt: deletionDate } = await gone.ok("startDeletionProcess", start);
    await waiting.ok("startDeletionProcess", { body: { lengthOfGracePeriodInDays: 1000 } });
    const { id } = await cancelled.ok("startDeletionProcess", start);
    await cancelled.ok("cancelDeletionProcess", { id, body });
    world.clock.advance(year);

    expect(await operator.runDueTimers()).toEqual({ ...nothingDue, identitiesErased: 1 });

    const events = (await peer.sync()).map(({ type, payload }) => ({ type, payload }));
    expect(events).toEqual([
      { type: "PeerToBeDeleted", payload: { relationshipId, deletionDate } },
      { type: "PeerDeleted", payload: { relationshipId, deletionDate } },
      { type: "RelationshipStatusChanged", payload: { relationshipId } },
    ]);
    for (const party of [waiting, cancelled]) expect(await party.ok("getDevice")).toMatchObject({});
    expect(await peer.ok("canCreateRelationship", { query: { peer: waiting.address } })).toMatchObject({
      canCreate: false,
    });
    expect(await operator.runDueTimers()).toEqual(nothingDue);
  });

  test("is not erased when the cancellation was first, wherever the two meet", async () => {
    for (let at = 1; ; at += 1) {
      const { world, store } = await open();
      const owner = await world.party();
      const { id } = await owner.ok("startDeletionProcess", { body: { lengthOfGracePeriodInDays: 1 } });
      const points = createCrashPoints();
      const operator = operatorOf(points.store(store), world.clock);
      world.clock.advance(24 * hour - 1);
      // The operator's clock is ahead: it believes that the grace period is over while the relay does not.
      const ahead = { ...world.clock, now: () => world.clock.now() + 1 };
      points.watch({
        at,
        when: "before",
        how: "wait",
        meanwhile: () => owner.call("cancelDeletionProcess", { id, body }),
      });

      const { identitiesErased } = await operatorOf(points.store(store), ahead).runDueTimers();

      if (!points.hasStruck) break;
      expect(await operator.runDueTimers(), `${at}`).toEqual(nothingDue);
      expect((await owner.call("getDevice")).ok, `${at}`).toBe(identitiesErased === 0);
    }
  });
});

test("what has expired in passing goes too: access tokens, challenges and answers under idempotency keys", async () => {
  const { world, under, operator } = await open();
  const owner = await world.party();
  const login = { grant_type: "password", username: owner.caller.username, password: owner.password };
  await world.anonymous.ok("connectToken", { body: login });
  for (let count = 0; count < 250; count += 1) await owner.ok("createChallenge", { body, key: `key-${count}` });
  world.clock.advance(hour);
  await owner.ok("createChallenge", { body, key: "later" });

  await operator.runDueTimers();

  expect([under("access").length, under("challenge").length, under("idempotency").length]).toEqual([0, 1, 251]);
  world.clock.advance(idempotencyKeepMs - hour);
  await operator.runDueTimers();
  expect(under("idempotency")).toEqual([`relay/idempotency/${owner.caller.deviceId}.later`]);
});

test("several processes at once do everything once, in commits of a bounded size (U1)", async () => {
  const { world, store, under } = await open();
  const [one, other, gone] = [await world.party(), await world.party(), await world.party()];
  await offer(one, { expiresAt: world.in(hour) });
  await token(other, world);
  const id = await bring(one, other, "DeletionProposed");
  await other.ok("decomposeRelationship", { id, body });
  await gone.ok("startDeletionProcess", { body });
  world.clock.advance(year);
  const deleted: number[] = [];
  const commit: typeof store.commit = (batch) => {
    deleted.push(batch.deletes?.length ?? 0);
    return store.commit(batch);
  };
  const operators = [1, 2, 3].map((seed) => operatorOf({ ...store, commit }, world.clock, { seed }));

  const runs = await Promise.all(operators.map(({ runDueTimers }) => runDueTimers()));

  const total = (count: keyof typeof nothingDue) => runs.reduce((sum, run) => sum + run[count], 0);
  expect(total("templatesErased")).toBe(1);
  expect(total("tokensErased")).toBe(1);
  expect(total("relationshipsErased")).toBe(1);
  expect(total("identitiesErased")).toBe(1);
  expect(Math.max(...deleted)).toBeLessThanOrEqual(erasedAtOnceMax);
  expect([...under("leftover"), ...under("token"), ...under("relationship")]).toEqual([]);
});
