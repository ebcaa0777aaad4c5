// What the relay's operator tells, and waking peers (spec/backbone-protocol.md 5.5, spec/connector-api.md 1.12).
import { createWorld, unreliable } from "rapport/testkit";
import { describe, expect, test } from "vitest";
import { active, arbitrary, couple, pending, refused } from "./scenes.ts";

const texts = { en: { title: "Hello", body: "World" }, de: { title: "Hallo", body: "Welt" } };

describe("announcements", () => {
  test("come in the asked language, and otherwise in English", async () => {
    await using two = await couple();
    const { world, templator } = two;
    const { id, createdAt } = await world.relay.admin.announcements.create({ severity: "Low", texts });
    const listed = (language: string) => templator.account.announcements.list({ language });

    expect(await listed("de")).toEqual([{ id, createdAt, severity: "Low", title: "Hallo", body: "Welt", actions: [] }]);
    expect(await listed("fr")).toMatchObject([{ title: "Hello", body: "World" }]);
  });

  test("are for those whom they are addressed to, until they are over", async () => {
    await using two = await couple();
    const { world, templator, initiator } = two;
    const expiresAt = "2030-01-02T00:00:00.000Z";
    const recipients = [initiator.account.address];
    await world.relay.admin.announcements.create({ severity: "High", texts, expiresAt, recipients });

    expect(await templator.account.announcements.list({ language: "en" })).toEqual([]);
    expect(await initiator.account.announcements.list({ language: "en" })).toMatchObject([{ expiresAt }]);
    world.clock.advance(24 * 60 * 60 * 1000);
    expect(await initiator.account.announcements.list({ language: "en" })).toEqual([]);
  });

  test.for(["", "english", "EN", 7, undefined])("the language %s is none", async (language) => {
    await using two = await couple();
    const { world, templator } = two;

    const list = () => templator.account.announcements.list({ language: language as string });
    await refused("error.runtime.validation.invalidPropertyValue", list, { world, people: [templator] });
  });
});

describe("notifications through the relay", () => {
  test("wake a peer of an Active Relationship", async () => {
    await using two = await active({ content: arbitrary });
    const { world, templator, initiator } = two;
    await world.relay.admin.notificationCodes.set(["NewMail"]);
    const recipients = [initiator.account.address];

    await templator.account.backboneNotifications.send({ recipients, code: "NewMail" });

    expect(world.calls.at(-1)).toMatchObject({
      operation: "sendNotification",
      body: JSON.stringify({ recipients, code: "NewMail" }),
      idempotencyKey: expect.any(String),
    });
  });

  test("with a code that the relay does not know are refused by it", async () => {
    await using two = await active({ content: arbitrary });
    const { templator, initiator } = two;
    const input = { recipients: [initiator.account.address], code: "NewMail" };

    const code = "error.platform.validation.notification.codeDoesNotExist";
    await expect(templator.account.backboneNotifications.send(input)).rejects.toMatchObject({ code });
  });

  test.for([
    ["a stranger", couple],
    ["somebody whose Relationship is Pending", pending],
  ] as const)("are not for %s", async ([, scene]) => {
    await using two = await scene({ content: arbitrary });
    const { world, templator, initiator } = two;
    const recipients = [initiator.account.address];
    const before = world.calls.length;

    const code = "error.transport.backboneNotifications.noActiveRelationshipFoundForRecipients";
    const sending = templator.account.backboneNotifications.send({ recipients, code: "NewMail" });
    await expect(sending).rejects.toMatchObject({ code, details: { recipients } });
    expect(world.calls).toHaveLength(before);
  });

  test("are not kept for later: a command that got no answer is repeated by its caller, under the same key", async () => {
    let isDown = true;
    await using two = await active({
      content: arbitrary,
      templator: {
        transport: (transport) =>
          unreliable(transport, ({ operation }) => (isDown && operation === "sendNotification" ? "after" : undefined)),
      },
    });
    const { world, templator, initiator } = two;
    await world.relay.admin.notificationCodes.set(["NewMail"]);
    const input = { recipients: [initiator.account.address], code: "NewMail" };
    const send = () => templator.account.backboneNotifications.send(input, { commandId: "wake up" });

    await expect(send()).rejects.toMatchObject({ code: "relay.unreachable" });
    expect(await templator.account.intents.list()).toEqual([]);
    isDown = false;
    await send();
    await send();

    const sent = world.calls.filter(({ operation }) => operation === "sendNotification");
    expect(sent).toHaveLength(2);
    expect(sent[1]).toEqual(sent[0]);
  });

  test.for([
    ["nobody", { recipients: [], code: "NewMail" }],
    ["no list", { recipients: "me", code: "NewMail" }],
    ["no code", { recipients: ["somebody"] }],
    ["an empty code", { recipients: ["somebody"], code: "" }],
  ] as const)("%s is no input", async ([, input]) => {
    await using two = await couple();
    const { world, templator } = two;

    const send = () => templator.account.backboneNotifications.send(input as never);
    await refused("error.runtime.validation.invalidPropertyValue", send, { world, people: [templator] });
  });
});

test("tags are asked for once in five minutes, and then only whether they changed", async () => {
  await using world = await createWorld();
  const { account } = await world.person("ada");
  const asked = () => world.calls.filter(({ operation }) => operation === "getTags");
  const none = { supportedLanguages: ["en"], tagsForAttributeValueTypes: {} };

  expect(await account.tagCollection()).toEqual(none);
  expect(await account.tagCollection()).toEqual(none);
  expect(asked()).toHaveLength(1);
  world.clock.advance(5 * 60 * 1000);
  expect(await account.tagCollection()).toEqual(none);
  expect(asked()[1]?.etag).toEqual(expect.any(String));
  const some = { supportedLanguages: ["en"], tagsForAttributeValueTypes: { PhoneNumber: { private: {} } } };
  await world.relay.admin.tags.set({
    ...some,
    tagsForAttributeValueTypes: { PhoneNumber: { private: { displayNames: { en: "Private" } } } },
  });
  world.clock.advance(5 * 60 * 1000);

  expect(JSON.stringify(await account.tagCollection())).toContain("Private");
  expect(asked()).toHaveLength(3);
});

test("an account tells who it is, and when it last synchronised, also after a restart", async () => {
  await using world = await createWorld();
  const ada = await world.person("ada");

  expect(await ada.account.identityInfo()).toEqual({
    address: ada.account.address,
    publicKey: expect.stringMatching(/^[\w-]{43}$/),
  });
  expect(await ada.account.syncInfo()).toEqual({});
  world.clock.advance(1000);
  await ada.account.sync();
  const lastSyncRun = { completedAt: "2030-01-01T00:00:01.000Z" };
  expect(await ada.account.syncInfo()).toEqual({ lastSyncRun });
  expect(await (await ada.restart()).syncInfo()).toEqual({ lastSyncRun });
});
