// Accounts whose identity was deleted, and taking an account out of the store (spec/domain.md 2.2).
import { createRapport, type Rapport } from "rapport";
import { Store, type StorePort } from "rapport/core";
import { createMemoryDisk, createMemoryStore, type MemoryDisk } from "rapport/plugins/storage-memory";
import { loopbackTransport } from "rapport/plugins/transport-loopback";
import { createWorld, faultyStore, type World } from "rapport/testkit";
import { describe, expect, test } from "vitest";
import { active, arbitrary, everything, listen, onDay, only, refused } from "./scenes.ts";

const dayMs = 24 * 60 * 60 * 1000;

/** The initiator's period of grace is over; nobody has told its engine. */
async function deleted() {
  const two = await active({ content: arbitrary });
  const { world, initiator } = two;
  await initiator.account.deletion.start({ lengthOfGracePeriodInDays: 1 });
  world.clock.advance(dayMs);
  return two;
}

describe("an identity that was deleted at its relay", () => {
  test.for(["only over", "erased"] as const)("is known to be from the first call on: %s", async (how) => {
    await using two = await deleted();
    const { world, initiator } = two;
    const { account } = initiator;
    if (how === "erased") await world.relay.admin.runDueTimers();
    const ear = listen(account);

    const refusal = { code: "account.deleted", retry: false, details: { deletionDate: onDay(1) } };
    await expect(account.sync()).rejects.toMatchObject(refusal);
    await expect(account.sync()).rejects.toMatchObject(refusal);

    const told = { address: account.address, deletionDate: onDay(1) };
    expect(ear.data("transport.identityDeleted")).toEqual([told]);
    expect(await initiator.accounts.list()).toMatchObject([{ name: "initiator", deletedAt: onDay(1) }]);
    expect(await account.deadLetters.list()).toEqual([]);
  });

  test("takes no commands any more, here or at the relay, and can still be read", async () => {
    await using two = await deleted();
    const { world, initiator } = two;
    const { account } = initiator;
    await account.sync().catch(() => undefined);
    const calls = world.calls.length;

    const where = { world, people: [initiator] };
    for (const command of [
      () => account.relationships.terminate(two.id),
      () => account.templates.create({ content: arbitrary, expiresAt: onDay(3) }),
      () => account.identityMetadata.upsert({ reference: account.address, value: 1 }),
      () => account.deletion.cancel(),
      () => account.sync(),
      () => account.announcements.list({ language: "en" }),
    ]) {
      await refused("account.deleted", command, where);
    }
    expect(world.calls).toHaveLength(calls);
    expect(await account.relationships.get(two.id)).toMatchObject({ status: "Active" });
  });

  test("is still so after a restart, whether it was known before or not", async () => {
    await using two = await deleted();
    const { initiator } = two;

    const account = await initiator.restart();
    await expect(account.sync()).rejects.toMatchObject({ code: "account.deleted" });
    const again = await initiator.restart();

    await expect(again.relationships.terminate(two.id)).rejects.toMatchObject({ code: "account.deleted" });
    expect(only(await again.relationships.find()).id).toBe(two.id);
  });

  test("a password that is wrong is no deletion", async () => {
    await using two = await active({ content: arbitrary });
    const { initiator } = two;
    const account = await initiator.restart({
      transport: (transport) => ({
        ...transport,
        call: (call, session) =>
          transport.call(call, session === undefined ? undefined : { ...session, password: "wrong" }),
      }),
    });

    await expect(account.sync()).rejects.toMatchObject({ code: "relay.refused" });
    expect((await initiator.accounts.list()).map(({ deletedAt }) => deletedAt)).toEqual([undefined]);
  });
});

describe("erasing", () => {
  test("leaves nothing of the account in the store", async () => {
    await using two = await deleted();
    const { initiator } = two;
    const { account, accounts } = initiator;
    await account.sync().catch(() => undefined);
    expect(initiator.disk.documents().size).toBeGreaterThan(10);

    await accounts.erase("initiator");

    expect([...initiator.disk.documents().keys()].filter((key) => !key.startsWith("engine/proofs/"))).toEqual([]);
    expect(await accounts.list()).toEqual([]);
    await expect(accounts.get("initiator")).rejects.toMatchObject({ code: "account.notFound" });
    await expect(accounts.erase("initiator")).rejects.toMatchObject({ code: "account.notFound" });
    await expect(account.sync()).rejects.toMatchObject({ code: "account.notFound" });
    await expect(account.deletion.start()).rejects.toMatchObject({ code: "account.notFound" });
    await expect(account.tick()).resolves.toBeUndefined();
    expect((await accounts.create({ name: "initiator" })).address).not.toBe(account.address);
  });

  test("asks the relay when nothing is known of a deletion, and refuses what still lives there", async () => {
    await using two = await active({ content: arbitrary });
    const { world, initiator } = two;
    const { accounts } = initiator;
    await refused("account.notDeleted", () => accounts.erase("initiator"), { world, people: [initiator] });
    await initiator.account.deletion.start({ lengthOfGracePeriodInDays: 1 });
    await refused("account.notDeleted", () => accounts.erase("initiator"), { world, people: [initiator] });
    world.clock.advance(dayMs);

    await accounts.erase("initiator");

    expect(await accounts.list()).toEqual([]);
  });

  test("with force drops an account that lives on at the relay, and touches no other", async () => {
    await using two = await active({ content: arbitrary });
    const { world, initiator } = two;
    const { accounts } = initiator;
    const other = await accounts.create({ name: "other" }, { commandId: "other" });
    const before = everything(world, initiator);

    await accounts.erase("initiator", { force: true });

    expect(await accounts.list()).toMatchObject([{ name: "other" }]);
    const after = everything(world, initiator);
    const mine = [...before.keys()].filter((key) => !after.has(key));
    expect(mine.length).toBeGreaterThan(5);
    expect(await accounts.get("other")).toBe(other);
    await other.sync();
    expect(JSON.stringify([...after])).toContain("other");
  });

  test("waits for what is at work", async () => {
    await using two = await active({ content: arbitrary });
    const { initiator, templator } = two;
    await templator.account.relationships.terminate(two.id);
    const { account, accounts } = initiator;
    const atWork = [account.sync(), account.templates.create({ content: arbitrary, expiresAt: onDay(3) })];
    const settled = Promise.allSettled(atWork);

    await accounts.erase("initiator", { force: true });
    await settled;

    expect([...initiator.disk.documents().keys()].filter((key) => !key.startsWith("engine/proofs/"))).toEqual([]);
  });
});

/** An engine on a disk, at the relay of a world. */
function start(world: World, disk: MemoryDisk, wrap = (store: StorePort) => store): Promise<Rapport> {
  const ground = {
    name: "disk",
    register: ({ provide }: Parameters<ReturnType<typeof loopbackTransport>["register"]>[0]) =>
      provide(Store, () => wrap(createMemoryStore({ disk }))),
  };
  return createRapport({ background: false, plugins: [ground, loopbackTransport(world.relay)] });
}

test("wherever a crash interrupts the erasing, the next start comes to the end of it", async () => {
  await using world = await createWorld();
  const full = createMemoryDisk();
  const engine = await start(world, full);
  const account = await engine.accounts.create({ name: "gone" }, { commandId: "made" });
  await engine.accounts.create({ name: "stays" });
  for (let count = 0; count < 3; count += 1) await account.tokens.create({ content: count, expiresAt: onDay(40_000) });
  await account.sync();
  await engine.close();
  const isGone = (disk: MemoryDisk) => !JSON.stringify([...disk.documents()]).includes("gone");
  let interrupted = 0;

  for (let failAt = 1, isOver = false; !isOver; failAt += 1) {
    const disk = full.copy();
    const counter = { calls: Number.NEGATIVE_INFINITY };
    const dying = await start(world, disk, (store) => faultyStore(store, { failAt, when: "after", counter }));
    await dying.accounts.get("gone");
    counter.calls = 0;
    isOver = await dying.accounts.erase("gone", { force: true }).then(
      () => true,
      () => false,
    );
    await dying.close();
    await using after = await start(world, disk);
    const names = (await after.accounts.list()).map(({ name }) => name);
    expect(["stays", "gone,stays"]).toContain(names.toSorted().join());
    expect(names.includes("gone")).toBe(!isGone(disk));
    if (!isOver && isGone(disk)) interrupted += 1;
  }

  expect(interrupted).toBeGreaterThan(10);
});
