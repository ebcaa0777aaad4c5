// Many identities in one engine, and what each of them can look at (issue, design.md 3 and 6).
import { createRapport } from "rapport";
import { createMemoryDisk, memoryStorage } from "rapport/plugins/storage-memory";
import { createWorld } from "rapport/testkit";
import { describe, expect, test } from "vitest";
import { arbitrary, couple, greeting, listen, onDay, only, structured } from "./scenes.ts";

test("one engine hosts many identities, and each has its own", async () => {
  await using rapport = await createRapport({ background: false });
  const acme = await rapport.accounts.create({ name: "acme" });
  const bob = await rapport.accounts.create({ name: "bob" });
  const expiresAt = new Date(Date.now() + 60_000).toISOString();

  const template = await acme.templates.create({ content: structured(), expiresAt });
  const loaded = await bob.templates.load({ reference: template.reference.truncated });

  expect(acme.address).toMatch(/^did:e:[^:]+:dids:[0-9a-f]{22}$/);
  expect(bob.address).not.toBe(acme.address);
  expect(loaded).toMatchObject({ isOwn: false, createdBy: acme.address });
  expect(await acme.requests.incoming.find()).toEqual([]);
  expect(await rapport.accounts.list()).toEqual([
    { name: "acme", address: acme.address, createdAt: expect.any(String) },
    { name: "bob", address: bob.address, createdAt: expect.any(String) },
  ]);
  expect(await rapport.accounts.get("acme")).toBe(acme);
});

test("making an identity can be repeated under its commandId, also by another process", async () => {
  const disk = createMemoryDisk();
  const options = () => ({ plugins: [memoryStorage({ disk })], background: false });
  const command = { commandId: "first of all" };
  const first = await createRapport(options());
  const acme = await first.accounts.create({ name: "acme" }, command);

  expect(await first.accounts.create({ name: "acme" }, command)).toBe(acme);
  await expect(first.accounts.create({ name: "bob" }, command)).rejects.toMatchObject({ code: "command.idReused" });
  await expect(first.accounts.create({ name: "acme" }, { commandId: "other" })).rejects.toMatchObject({
    code: "account.nameTaken",
  });
  await first.close();
  await using second = await createRapport(options());
  expect((await second.accounts.create({ name: "acme" }, command)).address).toBe(acme.address);
});

test("a name is used once, and is free again when nobody has it", async () => {
  await using rapport = await createRapport({ background: false });
  await rapport.accounts.create({ name: "acme" });

  await expect(rapport.accounts.create({ name: "acme" })).rejects.toMatchObject({ code: "account.nameTaken" });
  await expect(rapport.accounts.get("bob")).rejects.toMatchObject({ code: "account.notFound" });
  expect((await rapport.accounts.create({ name: "bob/../acme" })).name).toBe("bob/../acme");
  expect((await rapport.accounts.list()).map(({ name }) => name)).toEqual(["acme", "bob/../acme"]);
});

test("asking twice at the same time makes one identity", async () => {
  await using rapport = await createRapport({ background: false });

  const outcomes = await Promise.allSettled([
    rapport.accounts.create({ name: "acme" }),
    rapport.accounts.create({ name: "acme" }),
  ]);

  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
  expect(await rapport.accounts.list()).toHaveLength(1);
});

describe("names that are none", () => {
  test.for([
    ["nothing at all", undefined],
    ["no name", {}],
    ["an empty name", { name: "" }],
    ["a number", { name: 7 }],
    ["a very long name", { name: "a".repeat(101) }],
    ["half a character", { name: "\ud800" }],
  ] as const)("%s", async ([, input]) => {
    await using rapport = await createRapport({ background: false });

    const creating = rapport.accounts.create(input as { name: string });

    await expect(creating).rejects.toMatchObject({ code: "input.invalid" });
    expect(await rapport.accounts.list()).toEqual([]);
  });
});

test("a closed engine says so", async () => {
  const rapport = await createRapport({ background: false });
  const acme = await rapport.accounts.create({ name: "acme" });
  await rapport.close();

  await expect(rapport.accounts.create({ name: "bob" })).rejects.toMatchObject({ code: "engine.closed" });
  await expect(rapport.accounts.get("acme")).rejects.toMatchObject({ code: "engine.closed" });
  await expect(rapport.accounts.list()).rejects.toMatchObject({ code: "engine.closed" });
  await expect(acme.templates.find()).rejects.toMatchObject({ code: "store.closed" });
});

test("after a restart an account is what it was", async () => {
  await using two = await couple();
  const { templator, template } = two;
  const { address, deviceId } = templator.account;

  const account = await templator.restart();

  expect({ address: account.address, deviceId: account.deviceId }).toEqual({ address, deviceId });
  expect(await account.templates.find()).toEqual([template]);
  const again = await account.templates.create({ content: arbitrary, expiresAt: onDay(1) });
  expect((await two.initiator.account.templates.load({ reference: again.reference.url })).createdBy).toBe(address);
});

test("without the relay no identity is made, and the next start finishes it with the same keys", async () => {
  const { unreliable } = await import("rapport/testkit");
  await using world = await createWorld({ seed: 4 });
  let when: "before" | "after" | undefined = "after";
  const person = world.person("late", {
    transport: (transport) =>
      unreliable(transport, ({ operation }) => (operation === "createIdentity" ? when : undefined)),
  });
  await expect(person).rejects.toMatchObject({ code: "relay.unreachable" });
  when = undefined;

  expect(world.calls.filter(({ operation }) => operation === "createIdentity")).toHaveLength(1);
});

test("an identity whose creation was not confirmed is finished, not made twice", async () => {
  const disk = createMemoryDisk();
  const { unreliable } = await import("rapport/testkit");
  const { createLoopbackTransport } = await import("rapport/plugins/transport-loopback");
  const { Transport } = await import("rapport/core");
  await using world = await createWorld({ seed: 5 });
  const start = (isDown: boolean) =>
    createRapport({
      background: false,
      plugins: [
        memoryStorage({ disk }),
        {
          name: "a-relay",
          register: ({ provide }) =>
            provide(Transport, () =>
              unreliable(createLoopbackTransport(world.relay), ({ operation }) =>
                isDown && operation === "createIdentity" ? "after" : undefined,
              ),
            ),
        },
      ],
    });
  const first = await start(true);
  await expect(first.accounts.create({ name: "acme" })).rejects.toMatchObject({ code: "relay.unreachable" });
  await first.close();
  const identities = () => [...world.relayDisk.documents().keys()].filter((key) => key.startsWith("relay/identity/"));
  expect(identities()).toHaveLength(1);

  await using second = await start(false);
  const acme = await second.accounts.create({ name: "acme" });

  expect(identities()).toEqual([`relay/identity/${acme.address}`]);
  expect((await second.accounts.list()).map(({ address }) => address)).toEqual([acme.address]);
});

test("a listener hears its account only, until it stops, and may throw without harm", async () => {
  await using two = await couple({ content: arbitrary });
  const { initiator, templator, template } = two;
  const heard: string[] = [];
  const stop = initiator.account.events.on("transport.peerRelationshipTemplateLoaded", ({ eventTargetAddress }) => {
    heard.push(eventTargetAddress);
    throw new Error("A listener's own problem.");
  });
  const others = listen(templator.account);

  await initiator.account.templates.load({ reference: template.reference.url });
  stop();
  await initiator.account.templates.load({ reference: template.reference.url });

  expect(heard).toEqual([initiator.account.address]);
  expect(others.names()).toEqual([]);
});

test("calls that are not finished are listed without their bytes, and only those never sent can be cancelled", async () => {
  const { unreliable } = await import("rapport/testkit");
  let isDown = true;
  await using two = await couple({
    content: arbitrary,
    initiator: {
      transport: (transport) =>
        unreliable(transport, ({ operation }) => (isDown && operation === "createRelationship" ? "before" : undefined)),
    },
  });
  const { initiator, template } = two;
  const { account } = initiator;
  await account.templates.load({ reference: template.reference.url });
  const creating = account.relationships.create({ templateId: template.id, creationContent: greeting });
  const error = await creating.then(() => undefined).catch((problem: unknown) => problem);

  const intent = only(await account.intents.list());
  expect(error).toMatchObject({ code: "relay.unreachable", retry: true, details: { intent: intent.id } });
  expect(Object.keys(intent).sort()).toEqual(["attempts", "createdAt", "entity", "id", "kind", "operation"]);
  await expect(account.intents.cancel(intent.id)).rejects.toMatchObject({ code: "intent.alreadySent" });
  await expect(account.intents.cancel("INT0")).rejects.toMatchObject({ code: "intent.notFound" });
  const again = account.relationships.create({ templateId: template.id, creationContent: greeting });
  await expect(again).rejects.toMatchObject({ code: "command.inProgress", retry: true });

  isDown = false;
  await account.intents.resume();
  expect(await account.intents.list()).toEqual([]);
  expect(only(await account.relationships.find()).status).toBe("Pending");
});
