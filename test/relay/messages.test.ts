import { describe, expect, test } from "vitest";
import { base64, bring, encryptedKey, letter, openRelay, type Party, send } from "./parties.ts";
import { pseudonym } from "./pseudonym.ts";

const types = (events: readonly { type: string }[]) => events.map(({ type }) => type);

describe("sending", () => {
  test.for(["Pending", "Active", "Terminated"] as const)("is accepted while the Relationship is %s", async (status) => {
    const world = await openRelay();
    const [from, to] = [await world.party(), await world.party()];
    await bring(from, to, status);

    expect(await from.call("createMessage", { body: letter(to) })).toMatchObject({ ok: true, status: 201 });
  });

  test.for(["Rejected", "Revoked", "DeletionProposed"] as const)("is refused after %s", async (status) => {
    const world = await openRelay();
    const [from, to] = [await world.party(), await world.party()];
    await bring(from, to, status);

    expect(await to.no("createMessage", { body: letter(from) })).toBe("message.relationshipToRecipientNotActive");
  });

  test("needs a Relationship with every recipient", async () => {
    const world = await openRelay();
    const [from, to, stranger] = [await world.party(), await world.party(), await world.party()];
    await bring(from, to, "Active");

    expect(await from.no("createMessage", { body: letter(to, stranger) })).toBe(
      "message.noRelationshipToRecipientExists",
    );
    expect(await to.sync()).toHaveLength(1);
  });

  test("stops at 20 unread Messages and goes on once one was read (M1)", async () => {
    const world = await openRelay();
    const [from, to] = [await world.party(), await world.party()];
    await bring(from, to, "Active");
    const ids = [];
    for (let count = 0; count < 20; count += 1) ids.push(await send(from, to));

    expect(await from.no("createMessage", { body: letter(to) })).toBe("message.maxNumberOfUnreceivedMessagesReached");
    await send(to, from);
    const id = String(ids[7]);
    await Promise.all([to.ok("getMessage", { id }), to.ok("getMessage", { id }), to.ok("getMessage", { id })]);
    await send(from, to);
    expect(await from.no("createMessage", { body: letter(to) })).toBe("message.maxNumberOfUnreceivedMessagesReached");
  });

  test("30 at the same time leave exactly 20 unread", async () => {
    const world = await openRelay();
    const [from, to] = [await world.party(), await world.party()];
    await bring(from, to, "Active");

    const answers = await Promise.all(
      Array.from({ length: 30 }, () => from.call("createMessage", { body: letter(to) })),
    );

    expect(answers.filter(({ ok }) => ok)).toHaveLength(20);
  });

  test.for([
    ["no recipients", { recipients: [] }],
    ["the same recipient twice", "twice"],
    ["a key under 30 bytes", { encryptedKey: base64("k".repeat(29)) }],
    ["a key over 300 bytes", { encryptedKey: base64("k".repeat(301)) }],
    ["a recipient that is no address", { recipients: [{ address: "a\0/b", encryptedKey }] }],
    ["an empty body", { body: "" }],
    ["an attachment without an id", { attachments: [{}] }],
    ["an attachment that is no File", { attachments: [{ id: "MSGAAAAAAAAAAAAAAAAA" }] }],
    ["a text in place of the attachments", { attachments: "FILAAAAAAAAAAAAAAAAA" }],
    ["more than 20 attachments", { attachments: Array.from({ length: 21 }, () => ({ id: "FILAAAAAAAAAAAAAAAAA" })) }],
  ] as const)("%s is refused", async ([, change]) => {
    const world = await openRelay();
    const [from, to] = [await world.party(), await world.party()];
    await bring(from, to, "Active");
    let body: object = change === "twice" ? letter(to, to) : { ...letter(to), ...change };
    if (change !== "twice" && "encryptedKey" in change) {
      body = { ...letter(to), recipients: [{ address: to.address, ...change }] };
    }

    expect(await from.no("createMessage", { body })).toBe("invalidPropertyValue");
  });
});

describe("receiving", () => {
  test("the first read stamps time and device, and later reads keep them", async () => {
    const world = await openRelay();
    const [from, to] = [await world.party(), await world.party()];
    await bring(from, to, "Active");
    const id = await send(from, to);
    const receivedAt = world.in(0);

    const first = await to.ok("getMessage", { id });
    world.clock.advance(1_000);
    const second = await to.ok("getMessage", { id, query: { noBody: "true" } });

    expect(first.recipients).toEqual([
      { address: to.address, encryptedKey: expect.any(String), receivedAt, receivedByDevice: to.caller.deviceId },
    ]);
    expect(second.recipients).toEqual(first.recipients);
    expect(second).not.toHaveProperty("body");
    expect(await from.ok("getMessage", { id })).toMatchObject({ recipients: [{ receivedAt }] });
  });

  test("a list stamps what it shows", async () => {
    const world = await openRelay();
    const [from, to] = [await world.party(), await world.party()];
    await bring(from, to, "Active");
    const [one, two] = [await send(from, to), await send(from, to)];

    const list = await to.call("listMessages", { query: { PageSize: "1" } });

    expect(list).toMatchObject({
      result: [{ id: one, recipients: [{ receivedAt: world.in(0) }] }],
      pagination: { totalRecords: 2 },
    });
    expect(await from.ok("listMessages", { query: { ids: [one, two] } })).toMatchObject([
      { id: one, recipients: [{ receivedAt: world.in(0) }] },
      { id: two, recipients: [{ receivedAt: null }] },
    ]);
  });

  test("a recipient sees itself alone, the sender everybody, a stranger nothing", async () => {
    const world = await openRelay();
    const [from, one, two, stranger] = [
      await world.party(),
      await world.party(),
      await world.party(),
      await world.party(),
    ];
    await bring(from, one, "Active");
    await bring(two, from, "Active");
    const id = await send(from, one, two);

    const addresses = async (party: Party) =>
      (await party.ok("getMessage", { id })).recipients.map(({ address }: { address: string }) => address);
    expect(await addresses(from)).toEqual([one.address, two.address]);
    expect(await addresses(two)).toEqual([two.address]);
    expect(await stranger.no("getMessage", { id })).toBe("recordNotFound");
    expect(await stranger.ok("listMessages")).toEqual([]);
  });
});

describe("held back while Pending or Terminated", () => {
  test("Messages of a Pending Relationship are told once it is accepted", async () => {
    const world = await openRelay();
    const [from, to] = [await world.party(), await world.party()];
    const id = await bring(from, to, "Pending");
    const message = await send(from, to);
    expect(types(await to.sync())).toEqual(["RelationshipStatusChanged"]);

    await to.ok("acceptRelationship", { id, body: {} });

    expect(await to.sync()).toMatchObject([{ type: "MessageReceived", payload: { id: message } }]);
  });

  test("Messages of a Terminated Relationship are told once it is reactivated, after that news", async () => {
    const world = await openRelay();
    const [from, to] = [await world.party(), await world.party()];
    const id = await bring(from, to, "Reactivating");
    await send(from, to);
    await send(to, from);
    await to.sync();
    await from.sync();

    await from.ok("acceptReactivation", { id, body: {} });

    expect(types(await to.sync())).toEqual(["RelationshipReactivationCompleted", "MessageReceived"]);
    expect(types(await from.sync())).toEqual(["MessageReceived"]);
  });

  test.for([
    ["rejectRelationship", "to"],
    ["revokeRelationship", "from"],
  ] as const)("%s drops them", async ([operation, side]) => {
    const world = await openRelay();
    const [from, to] = [await world.party(), await world.party()];
    const id = await bring(from, to, "Pending");
    await send(from, to);
    await send(to, from);

    await (side === "to" ? to : from).ok(operation, { id, body: {} });

    expect(types([...(await from.sync()), ...(await to.sync())])).not.toContain("MessageReceived");
  });
});

describe("after a decomposition", () => {
  test("the one who left sees no Message any more, the other still does, until it leaves too", async () => {
    const world = await openRelay();
    const [from, to] = [await world.party(), await world.party()];
    const relationship = await bring(from, to, "Active");
    const [sent, received] = [await send(from, to), await send(to, from)];
    await from.ok("terminateRelationship", { id: relationship, body: {} });

    await from.ok("decomposeRelationship", { id: relationship, body: {} });

    expect(await from.no("getMessage", { id: sent })).toBe("recordNotFound");
    expect(await from.no("getMessage", { id: received })).toBe("recordNotFound");
    expect(await from.ok("listMessages")).toEqual([]);
    expect(await to.ok("listMessages")).toHaveLength(2);
    await to.ok("decomposeRelationship", { id: relationship, body: {} });
    expect(await to.ok("listMessages")).toEqual([]);
  });

  test("a group Message stays with its sender, who sees a pseudonym for whom it has left (#40)", async () => {
    const world = await openRelay();
    const [from, left, kept] = [await world.party(), await world.party(), await world.party()];
    const id = await bring(from, left, "Active");
    await bring(from, kept, "Active");
    const message = await send(from, left, kept);
    await from.ok("terminateRelationship", { id, body: {} });

    await from.ok("decomposeRelationship", { id, body: {} });

    const { recipients } = await from.ok("getMessage", { id: message });
    expect(recipients).toMatchObject([{ address: pseudonym }, { address: kept.address }]);
    expect(await left.ok("getMessage", { id: message })).toMatchObject({ recipients: [{ address: left.address }] });
  });

  test("unread Messages of an ended Relationship do not count in the next one", async () => {
    const world = await openRelay();
    const [from, to] = [await world.party(), await world.party()];
    const id = await bring(from, to, "Active");
    for (let count = 0; count < 20; count += 1) await send(from, to);
    await from.ok("terminateRelationship", { id, body: {} });
    await from.ok("decomposeRelationship", { id, body: {} });
    await to.ok("decomposeRelationship", { id, body: {} });

    await bring(from, to, "Active");

    await send(from, to);
  });
});
