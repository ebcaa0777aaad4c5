// Files that travel with Messages (spec/domain.md 8.1; spec/backbone-protocol.md 10.4).
import type { NewFile } from "rapport";
import type { JsonObject, TransportPort } from "rapport/core";
import type { Person } from "rapport/testkit";
import { describe, expect, test } from "vitest";
import { httpWire } from "../stories/http-wire.ts";
import { active, listen, onDay, only, type Related, refused } from "./scenes.ts";

const letter: NewFile = {
  content: new TextEncoder().encode("Dear reader, ..."),
  filename: "letter.txt",
  mimetype: "text/plain",
  title: "A letter",
};
const content = { "@type": "ArbitraryMessageContent", value: 1 };

/** The templator sends the Files with one Message. */
function send({ templator, initiator }: Related, attachments: readonly string[], more: JsonObject = content) {
  return templator.account.messages.send({ recipients: [initiator.account.address], content: more, attachments });
}

describe.for([
  ["in one process", {}],
  ["over HTTP", { wire: httpWire }],
] as const)("attachments %s", ([, options]) => {
  test("arrive with what they are, and can be read", async () => {
    await using two = await active(options);
    const file = await two.templator.account.files.upload(letter);
    const second = await two.templator.account.files.upload({ ...letter, title: "Another" });
    const { messages, files } = two.initiator.account;

    const sent = await send(two, [file.id, second.id]);
    const received = only((await two.initiator.account.sync()).messages);

    expect(sent.attachments).toEqual([file.id, second.id]);
    expect(received).toMatchObject({ id: sent.id, attachments: [file.id, second.id] });
    const { ownershipToken: _token, ...foreign } = { ...file, isOwn: false };
    expect(await messages.attachment(sent.id, file.id)).toEqual(foreign);
    expect(await files.get(file.id)).toEqual(foreign);
    expect(await messages.downloadAttachment(sent.id, second.id)).toEqual({
      content: Uint8Array.from(letter.content),
      filename: letter.filename,
      mimetype: letter.mimetype,
    });
    expect(await messages.find({ attachments: second.id })).toEqual([received]);
    expect(two.world.warnings).toEqual([]);
  });
});

describe("sending", () => {
  const invalid = "error.runtime.validation.invalidPropertyValue";
  const many = Array.from({ length: 21 }, (_, index) => `FIL${String(index).padStart(17, "0")}`);

  test.for<[string, unknown, string]>([
    ["a File that is not known", ["FIL00000000000000000"], "error.runtime.recordNotFound"],
    ["no list", "FIL00000000000000000", invalid],
    ["numbers", [1], invalid],
    ["one twice", [many[0], many[0]], invalid],
    ["more than twenty", many, invalid],
  ])("%s as attachments is refused", async ([, attachments, code]) => {
    const two = await active();

    const attempt = () => send(two, attachments as string[]);
    await refused(code, attempt, { world: two.world, people: [two.templator] });
  });

  test("a File of somebody else can be passed on", async () => {
    const two = await active();
    const third = await two.world.person("third");
    const file = await third.account.files.upload(letter);
    await two.templator.account.files.load({ reference: file.reference.truncated });

    const sent = await send(two, [file.id]);
    await two.initiator.account.sync();

    expect(await two.initiator.account.messages.attachment(sent.id, file.id)).toMatchObject({
      owner: third.account.address,
      isOwn: false,
    });
  });
});

describe("receiving", () => {
  test("a File that the Message does not carry is not found in it", async () => {
    const two = await active();
    const [first, other] = [
      await two.templator.account.files.upload(letter),
      await two.templator.account.files.upload(letter),
    ];
    const sent = await send(two, [first.id]);
    await two.initiator.account.sync();
    const { messages } = two.initiator.account;
    const code = "error.runtime.messages.fileNotFoundInMessage";

    await expect(messages.attachment(sent.id, other.id)).rejects.toMatchObject({ code });
    await expect(messages.downloadAttachment(sent.id, other.id)).rejects.toMatchObject({ code });
    await expect(messages.attachment("MSG00000000000000000", first.id)).rejects.toMatchObject({
      code: "error.runtime.recordNotFound",
    });
  });

  test("a File that is gone at the relay leaves the Message as it is", async () => {
    const two = await active();
    const file = await two.templator.account.files.upload(letter);
    const sent = await send(two, [file.id]);
    await two.templator.account.files.delete(file.id);

    const { messages } = await two.initiator.account.sync();

    expect(only(messages)).toMatchObject({ id: sent.id, attachments: [file.id] });
    expect(await two.initiator.account.deadLetters.list()).toEqual([]);
    expect(two.world.warnings).toEqual(["An attachment could not be read."]);
    await expect(two.initiator.account.messages.attachment(sent.id, file.id)).rejects.toMatchObject({
      code: "error.runtime.recordNotFound",
    });
  });

  test("a File that comes back to its owner stays its own", async () => {
    const two = await active();
    const file = await two.templator.account.files.upload(letter);
    await send(two, [file.id]);
    await two.initiator.account.sync();
    const recipients = [two.templator.account.address];
    const back = await two.initiator.account.messages.send({ recipients, content, attachments: [file.id] });

    await two.templator.account.sync();

    expect(await two.templator.account.messages.attachment(back.id, file.id)).toEqual(file);
  });

  test("while the relay cannot say what a File is, the Message waits", async () => {
    let isDown = false;
    const busy = (transport: TransportPort): TransportPort => ({
      ...transport,
      call: async (call, session) => {
        if (!isDown || call.operation !== "getFile") return transport.call(call, session);
        const error = { code: "error.platform.unexpected", message: "Later." };
        return { ok: false, status: 503, rapport: true, error };
      },
    });
    const two = await active({ initiator: { transport: busy } });
    const file = await two.templator.account.files.upload(letter);
    const sent = await send(two, [file.id]);
    isDown = true;

    await expect(two.initiator.account.sync()).rejects.toMatchObject({ code: "relay.unreachable" });
    expect(await two.initiator.account.messages.find()).toEqual([]);

    isDown = false;
    await two.initiator.account.sync();
    expect(await two.initiator.account.messages.attachment(sent.id, file.id)).toMatchObject({ id: file.id });
  });
});

describe("leaving", () => {
  /** The initiator, who has written and was written to, leaves. */
  async function left(two: Related): Promise<Person> {
    await two.initiator.account.sync();
    await two.initiator.account.relationships.terminate(two.id);
    await two.initiator.account.relationships.decompose(two.id);
    return two.initiator;
  }

  test("takes along what came with the peer's Messages or is the peer's, and leaves own Files", async () => {
    const two = await active();
    const third = await two.world.person("third");
    const [attached, loaded] = [
      await two.templator.account.files.upload(letter),
      await two.templator.account.files.upload(letter),
    ];
    const [passedOn, known] = [await third.account.files.upload(letter), await third.account.files.upload(letter)];
    const { files } = two.initiator.account;
    const own = await files.upload({ ...letter, expiresAt: onDay(9) });
    for (const { reference } of [passedOn, known])
      await two.templator.account.files.load({ reference: reference.truncated });
    await files.load({ reference: loaded.reference.truncated });
    await files.load({ reference: known.reference.truncated });
    await send(two, [attached.id, passedOn.id, known.id]);

    const initiator = await left(two);

    expect((await files.find()).map(({ id }) => id)).toEqual([own.id, known.id]);
    const disk = JSON.stringify([...initiator.disk.documents()]);
    expect(disk).not.toContain(two.templator.account.address);
    for (const { id } of [attached, loaded, passedOn]) expect(disk).not.toContain(id);
  });
});

test("what a recipient fetched is noted with the time, where the relay tells of it", async () => {
  let told: string | undefined;
  // Ours does not send this event; others may (spec/backbone-protocol.md 6).
  const telling = (transport: TransportPort): TransportPort => ({
    ...transport,
    call: async (call, session) => {
      const answer = await transport.call(call, session);
      if (told === undefined || call.operation !== "listExternalEvents" || !answer.ok) return answer;
      const [event] = answer.result as JsonObject[];
      const payload = { id: told };
      return { ...answer, result: [{ ...event, type: "MessageDelivered", payload }] };
    },
  });
  const two = await active({ templator: { transport: telling } });
  const sent = await send(two, []);
  await two.initiator.account.sync();
  // Something for the relay to tell.
  await two.initiator.account.messages.send({ recipients: [two.templator.account.address], content });
  told = sent.id;
  const heard = listen(two.templator.account);

  await two.templator.account.sync();

  const message = await two.templator.account.messages.get(sent.id);
  expect(message.recipients).toMatchObject([
    { receivedAt: onDay(0), receivedByDevice: two.initiator.account.deviceId, relationshipId: two.id },
  ]);
  expect(heard.data("transport.messageDelivered")).toEqual([message]);
});
