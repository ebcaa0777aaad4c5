// Mail, and who has read what (spec/domain.md 8.1).
import type { EngineEvent } from "rapport";
import type { JsonObject } from "rapport/core";
import { describe, expect, test } from "vitest";
import { active, listen, onDay, refused } from "./scenes.ts";

const mailTo = (to: readonly string[], more: JsonObject = {}): JsonObject => ({
  "@type": "Mail",
  to,
  subject: "Opening hours",
  body: "We open at **nine**.",
  ...more,
});

/** The templator writes, the initiator has fetched it. */
async function written(more: JsonObject = {}) {
  const two = await active();
  const [from, to] = [two.templator.account, two.initiator.account];
  const heard = listen(to);
  const sent = await from.messages.send({ recipients: [to.address], content: mailTo([to.address], more) });
  await to.sync();
  return { ...two, from, to, heard, sent };
}

test("#120: a received Mail is processed as no Request, and announced with its Relationship", async () => {
  const { sent, to, heard, id } = await written();

  const message = await to.messages.get(sent.id);
  expect(message.content).toEqual(mailTo([to.address], { cc: [], bodyFormat: "PlainText" }));
  expect(heard.names()).toEqual([
    "transport.messageReceived",
    "consumption.messageProcessed",
    "consumption.mailReceived",
    `consumption.relationshipEvent.${id}`,
  ]);
  expect(heard.data("consumption.messageProcessed")).toEqual([{ message, result: "NoRequest" }]);
  expect(heard.data("consumption.mailReceived")).toEqual([{ ...message, mail: message.content }]);
  const [wrapped] = heard.data(`consumption.relationshipEvent.${id}`) as { id: string; event: EngineEvent }[];
  expect(wrapped).toMatchObject({
    id,
    status: "Active",
    event: { namespace: "consumption.mailReceived", eventTargetAddress: to.address, data: { id: sent.id } },
  });
});

test("what the author gave stays: Markdown, and found by subject and text", async () => {
  const { sent, to } = await written({ bodyFormat: "Markdown" });

  expect(await to.messages.find({ "content.subject": "Opening hours", "content.bodyFormat": "Markdown" })).toEqual([
    await to.messages.get(sent.id),
  ]);
});

describe("writing", () => {
  const broken = "error.runtime.requestDeserialization";
  test.for<[string, JsonObject]>([
    ["no recipients", { to: [] }],
    ["recipients that are no list", { to: "did:e:localhost:dids:1" }],
    ["copies that are no texts", { cc: [1] }],
    ["an endless subject", { subject: "s".repeat(301) }],
    ["no subject", { subject: null }],
    ["an endless body", { body: "b".repeat(50_001) }],
    ["a format nobody knows", { bodyFormat: "Html" }],
  ])("%s: the Mail cannot be read, and nothing is sent", async ([, wrong]) => {
    const two = await active();
    const { address } = two.initiator.account;
    const send = () =>
      two.templator.account.messages.send({ recipients: [address], content: mailTo([address], wrong) });

    await refused(broken, send, { world: two.world, people: [two.templator] });
  });

  test("#118: to and cc that are not the recipients, or name somebody twice, are refused", async () => {
    const two = await active();
    const { address } = two.initiator.account;
    const other = two.templator.account.address;
    const where = { world: two.world, people: [two.templator] };
    const send = (to: readonly string[], cc?: readonly string[]) => () =>
      two.templator.account.messages.send({
        recipients: [address],
        content: mailTo(to, cc === undefined ? {} : { cc }),
      });

    for (const [to, cc] of [
      [[other]],
      [[address, other]],
      [[address], [other]],
      [[address, address]],
      [[address], [address]],
    ] as const) {
      await refused("error.runtime.validation.invalidPropertyValue", send(to, cc), where);
    }
    expect(await two.templator.account.messages.find()).toEqual([]);
  });

  test("a stranger is named before the addressing is looked at", async () => {
    const two = await active();
    const stranger = await two.world.person("stranger");
    const recipients = [stranger.account.address];

    await expect(two.templator.account.messages.send({ recipients, content: mailTo(["x"]) })).rejects.toMatchObject({
      code: "error.runtime.messages.hasNoActiveRelationship",
    });
  });
});

describe("reading", () => {
  test("a Message is marked as read with the time, once, and can be unread again", async () => {
    const { world, to, sent, heard } = await written();
    world.clock.advance(24 * 60 * 60 * 1000);

    const read = await to.messages.markAsRead(sent.id);
    world.clock.advance(1000);
    const again = await to.messages.markAsRead(sent.id);

    expect(read.wasReadAt).toBe(onDay(1));
    expect(again).toEqual(read);
    expect(await to.messages.find({ wasReadAt: "" })).toEqual([read]);
    const unread = await to.messages.markAsUnread(sent.id);
    expect(unread).not.toHaveProperty("wasReadAt");
    expect(await to.messages.get(sent.id)).toEqual(unread);
    expect(heard.data("transport.messageWasReadAtChanged")).toEqual([read, unread]);
  });

  test("what is not there cannot be marked, and the sender never hears of a mark", async () => {
    const { world, initiator, from, to, sent } = await written();
    const ear = listen(from);
    await to.messages.markAsRead(sent.id);
    await from.sync();

    const mark = () => to.messages.markAsRead("MSG00000000000000000");
    await refused("error.runtime.recordNotFound", mark, { world, people: [initiator] });
    expect(ear.names()).toEqual([]);
    expect(await from.messages.get(sent.id)).not.toHaveProperty("wasReadAt");
  });
});
