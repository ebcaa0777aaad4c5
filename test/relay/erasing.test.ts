import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Batch, StorePort } from "rapport/core";
import { createMemoryDisk, createMemoryStore } from "rapport/plugins/storage-memory";
import { createSqliteStore } from "rapport/plugins/storage-sqlite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { erasedAtOnceMax } from "../../src/limits.ts";
import { almostOver, leftIn, many, nothing, write } from "./leaving.ts";
import { base64, bring, letter, minute, offer, openRelay, send } from "./parties.ts";

const body = {};

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rapport-erasing-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let places = 0;
/** Gives stores over one new place, each of them as after a restart. */
function placeOf(kind: "memory" | "sqlite"): () => StorePort {
  if (kind === "memory") {
    const disk = createMemoryDisk();
    return () => createMemoryStore({ disk });
  }
  places += 1;
  const file = join(folder, `relay-${places}`);
  return () => createSqliteStore({ file, environment: {} });
}

/** The store, which notes how many documents each commit deletes. */
function counting(store: StorePort): { store: StorePort; deleted: number[] } {
  const deleted: number[] = [];
  const commit = (batch: Batch) => {
    if (batch.deletes !== undefined && batch.deletes.length > 0) deleted.push(batch.deletes.length);
    return store.commit(batch);
  };
  return { store: { ...store, commit }, deleted };
}

describe.for(["memory", "sqlite"] as const)("on %s", (kind) => {
  test("all that two have left is erased before the answer, in commits of a bounded size (E1, E2)", async () => {
    const { store, deleted } = counting(placeOf(kind)());
    const world = await openRelay({ store });
    const { to, id, kept } = await almostOver(world, many);
    expect(await leftIn(store, { id, to })).toMatchObject({ marks: [], messages: { length: many + 1 } });
    deleted.length = 0;

    await to.ok("decomposeRelationship", { id, body });

    expect(await leftIn(store, { id, to })).toEqual({ ...nothing, messages: [kept] });
    expect(deleted.length).toBeGreaterThan(2);
    // The object itself, its counters or its mark come on top.
    expect(Math.max(...deleted)).toBeLessThanOrEqual(erasedAtOnceMax + 3);
    expect((await to.sync()).map(({ payload }) => payload.id ?? "status")).toEqual(["status", kept]);
    await world.relay[Symbol.asyncDispose]();
  });

  test("who leaves first is told nothing more, however much waited", async () => {
    const store = placeOf(kind)();
    const world = await openRelay({ store });
    const [from, to] = [await world.party(), await world.party()];
    const id = await bring(from, to, "Active");
    await write(from, to, many);
    await from.ok("terminateRelationship", { id, body });

    await to.ok("decomposeRelationship", { id, body });

    expect(await leftIn(store, { id, to })).toMatchObject({ eventsOfIt: 0, marks: [], messages: { length: many } });
    expect(await to.sync()).toEqual([]);
    expect((await from.ok("listMessages", { query: { PageSize: "1" } })).length).toBe(1);
    await world.relay[Symbol.asyncDispose]();
  });

  test("who held a slot of a template or had read a token is forgotten with it", async () => {
    const { store, deleted } = counting(placeOf(kind)());
    const world = await openRelay({ store });
    const owner = await world.party();
    const template = await offer(owner, { maxNumberOfAllocations: 2 * many });
    const token = (await owner.ok("createToken", { body: { content: base64("x"), expiresAt: world.in(minute) } })).id;
    const addresses = Array.from({ length: many }, (_, number) => `did:e:localhost:dids:${number}`);
    const identities = addresses.map((address) => ({ address, status: "Active" }));
    await store.commit({
      puts: identities.map((document) => ({ key: `relay/identity/${document.address}`, document })),
    });
    const readers = addresses.map((address) => world.as({ address, deviceId: "DVC", username: "USR" }));
    await Promise.all(readers.map((reader) => reader.ok("getTemplate", { id: template })));
    await Promise.all(readers.map((reader) => reader.ok("getToken", { id: token })));
    deleted.length = 0;

    await owner.ok("deleteTemplate", { id: template });
    await owner.ok("deleteToken", { id: token });

    for (const under of ["relay/allocation", "relay/leftover"]) {
      for await (const { key } of store.find({ under })) expect(key).toBe("erased");
    }
    expect(deleted).toHaveLength(4);
    await world.relay[Symbol.asyncDispose]();
  });

  test("a relay that ends in between goes on when it is opened again (E2)", async () => {
    const place = placeOf(kind);
    const world = await openRelay({ store: place() });
    const { to, id, kept } = await almostOver(world, many);
    await world.relay[Symbol.asyncDispose]();
    const dying = place();
    let commits = 0;
    const again = await openRelay({
      seed: 2,
      store: {
        ...dying,
        commit: (batch) => {
          commits += 1;
          return commits === 1 ? dying.commit(batch) : Promise.reject(new Error("The process is dead."));
        },
      },
    });

    await again.as(to.caller).ok("decomposeRelationship", { id, body });
    expect((await leftIn(dying, { id, to })).marks).toEqual([{ id }]);
    expect((await leftIn(dying, { id, to })).messages.length).toBeGreaterThan(1);
    await again.relay[Symbol.asyncDispose]();
    const store = place();
    const reopened = await openRelay({ seed: 3, store });

    expect(await leftIn(store, { id, to })).toEqual({ ...nothing, messages: [kept] });
    await reopened.relay[Symbol.asyncDispose]();
  });

  test("of a Relationship that both have left there stays what the protocol's answers need", async () => {
    const store = placeOf(kind)();
    const world = await openRelay({ store });
    const [from, to, stranger] = [await world.party(), await world.party(), await world.party()];
    const id = await bring(from, to, "DeletionProposed");

    await to.ok("decomposeRelationship", { id, body });

    for (const party of [from, to]) {
      expect(await party.no("getRelationship", { id })).toBe("relationship.relationshipAlreadyDecomposed");
      expect(await party.no("decomposeRelationship", { id, body })).toBe("relationship.relationshipAlreadyDecomposed");
      expect(await party.no("terminateRelationship", { id, body })).toBe(
        "relationship.relationshipIsNotInCorrectStatus",
      );
      expect(await party.ok("listRelationships", { query: { ids: [id] } })).toEqual([]);
      const peer = party === from ? to : from;
      expect(await party.no("createMessage", { body: letter(peer) })).toBe("message.relationshipToRecipientNotActive");
      expect(await party.no("createMessage", { body: letter(stranger) })).toBe(
        "message.noRelationshipToRecipientExists",
      );
    }
    expect(await stranger.no("getRelationship", { id })).toBe("recordNotFound");
    expect((await store.get(`relay/relationship/${id}`))?.document).toMatchObject({
      state: { value: "ReadyForDeletion" },
      creationContent: null,
      creationResponseContent: null,
    });
    const next = await bring(to, from, "Active");
    expect(next).not.toBe(id);
    await send(from, to);
    await world.relay[Symbol.asyncDispose]();
  });
});

describe("a Message to several", () => {
  const group = async () => {
    const store = createMemoryStore();
    const world = await openRelay({ store });
    const [from, one, two] = [await world.party(), await world.party(), await world.party()];
    const ids = [await bring(from, one, "Active"), await bring(from, two, "Active")] as const;
    await send(from, one, two);
    for (const id of ids) {
      await from.ok("terminateRelationship", { id, body });
      await from.ok("decomposeRelationship", { id, body });
    }
    return { store, one, two, ids };
  };

  test("goes with the last of its Relationships", async () => {
    const { store, one, two, ids } = await group();

    await one.ok("decomposeRelationship", { id: ids[0], body });
    expect((await leftIn(store, { id: ids[0], to: one })).messages).toHaveLength(1);
    await two.ok("decomposeRelationship", { id: ids[1], body });

    expect(await leftIn(store, { id: ids[1], to: two })).toEqual({ ...nothing, messages: [] });
  });

  test("goes, too, when the last two end at the same time", async () => {
    const { store, one, two, ids } = await group();

    await Promise.all([
      one.ok("decomposeRelationship", { id: ids[0], body }),
      two.ok("decomposeRelationship", { id: ids[1], body }),
    ]);

    expect(await leftIn(store, { id: ids[0], to: one })).toEqual({ ...nothing, messages: [] });
  });
});
