// Messages over HTTP (spec/connector-api.md 1.8; behaviours 56 to 60).
import { afterAll, beforeAll, expect, test } from "vitest";
import { accountOf, addressOf, befriend, called, inDays, refusal, settle } from "./friends.ts";
import { type Actor, openStage, type Stage } from "./stage.ts";

const path = "/api/v2/Messages";
const content = Uint8Array.from([7, 8, 9]);

let stage: Stage;
let alice: Actor;
let bob: Actor;
let fileId: string;
let sent: Awaited<ReturnType<typeof called>>;

const mail = (more: object = {}) => ({
  "@type": "Mail",
  to: [addressOf(bob)],
  cc: [],
  subject: "Opening hours",
  body: "We open at nine.",
  ...more,
});

beforeAll(async () => {
  stage = await openStage();
  alice = await stage.actor("alice");
  bob = await stage.actor("bob");
  await befriend(alice, bob);
  const file = {
    content,
    filename: "hours.bin",
    mimetype: "application/x-hours",
    title: "Hours",
    expiresAt: inDays(5),
  };
  fileId = (await accountOf(alice).files.upload(file)).id;
  const input = { recipients: [addressOf(bob)], content: mail(), attachments: [fileId] };
  sent = await called(alice.call("POST", path, input), 201);
  await settle(bob);
});
afterAll(() => stage[Symbol.asyncDispose]());

test("7.56 a mail with an attachment comes back as it was sent", () => {
  expect(sent).toMatchObject({ isOwn: true, content: mail(), attachments: [fileId] });
  expect(sent.recipients[0]).toMatchObject({ address: addressOf(bob) });
});

test("7.57, 7.58 the peer lists and reads the same content, and reads what is attached", async () => {
  const [listed] = await called(bob.call("GET", path), 200);
  const read = await called(bob.call("GET", `${path}/${sent.id}`), 200);

  expect(listed).toMatchObject({ id: sent.id, isOwn: false, content: sent.content, attachments: [fileId] });
  expect(read.content).toEqual(sent.content);
  expect(read.attachments[0]).toMatchObject({ id: fileId, filename: "hours.bin", filesize: 3, isOwn: false });
});

test("an attachment is read and downloaded by its Message alone", async () => {
  const attached = `${path}/${sent.id}/Attachments`;

  const file = await called(bob.call("GET", `${attached}/${fileId}`), 200);
  const download = await fetch(`${bob.url}${attached}/${fileId}/Download`);

  expect(file).toMatchObject({ id: fileId, title: "Hours" });
  expect(new Uint8Array(await download.arrayBuffer())).toEqual(content);
  expect(download.headers.get("content-type")).toContain("application/x-hours");
  expect(download.headers.get("content-disposition")).toContain("hours.bin");
  const other = "FILaaaaaaaaaaaaaaaaa";
  await refusal(bob.call("GET", `${attached}/${other}`), 400, "error.runtime.messages.fileNotFoundInMessage");
  await refusal(bob.call("GET", `${path}/MSGaaaaaaaaaaaaaaaaa`), 404, "error.runtime.recordNotFound");
});

test("7.59 a mail to nobody cannot be read, before anybody asks about Relationships", async () => {
  const code = "error.runtime.requestDeserialization";
  const to = (given: object) =>
    alice.call("POST", path, { recipients: [`did:e:localhost:dids:${"0".repeat(22)}`], content: given });
  const { to: _nobody, ...missing } = mail();

  expect(await refusal(to(missing), 400, code)).toContain("Mail.to :: Value is not defined");
  expect(await refusal(to(mail({ to: [] })), 400, code)).toContain("Mail.to:Array :: may not be empty");
});

test("7.60 received Messages are found by each field with its value, and not with another", async () => {
  const [received] = await called(bob.call("GET", path), 200);
  const foundBy = async (query: string) => (await called(bob.call("GET", `${path}?${query}`), 200)).length > 0;
  const filters: [field: string, right: string, wrong: string][] = [
    ["createdAt", received.createdAt, inDays(1)],
    ["createdBy", addressOf(alice), addressOf(bob)],
    ["createdByDevice", received.createdByDevice, "DVCaaaaaaaaaaaaaaaaa"],
    ["recipients.address", addressOf(bob), addressOf(alice)],
    ["content.@type", "Mail", "Request"],
    ["contentType", "Mail", "Request"],
    ["content.subject", "Opening hours", "Closing hours"],
    ["content.body", "We open at nine.", "We do not open."],
    ["attachments", fileId, "FILaaaaaaaaaaaaaaaaa"],
    ["attachments", "%2B", "FILaaaaaaaaaaaaaaaaa"],
    ["isOwn", "false", "true"],
    ["wasReadAt", "!", ""],
  ];

  for (const [field, right, wrong] of filters) {
    expect([field, right, await foundBy(`${field}=${right}`)]).toEqual([field, right, true]);
    expect([field, wrong, await foundBy(`${field}=${wrong}`)]).toEqual([field, wrong, false]);
  }
  expect(await foundBy(`participant=${addressOf(alice)}&participant=did:e:localhost:dids:somebody`)).toBe(true);
  expect(await foundBy("participant=did:e:localhost:dids:somebody")).toBe(false);
  await refusal(bob.call("GET", `${path}?nonsense=1`), 400, "error.runtime.validation.invalidPropertyValue");
});

test("content without a type is wrapped, or refused where the generation wants a type", async () => {
  const input = { recipients: [addressOf(bob)], content: { hello: "world" } };

  const wrapped = await called(alice.call("POST", path, input), 201);

  expect(wrapped.content).toEqual({ "@type": "ArbitraryMessageContent", value: { hello: "world" } });
  const free = await called(alice.call("POST", `/gen/gen1${path}`, input), 201);
  expect(free.content).toEqual({ hello: "world" });
  const code = "error.runtime.validation.invalidPropertyValue";
  await refusal(alice.call("POST", `/gen/gen2${path}`, input), 400, code);
});

test("strangers cannot be written to; every generation has its code for it", async () => {
  const stranger = await stage.actor("carol");
  const input = { recipients: [addressOf(stranger)], content: mail({ to: [addressOf(stranger)] }) };

  await refusal(alice.call("POST", path, input), 400, "error.transport.messages.missingOrInactiveRelationship");
  await refusal(alice.call("POST", `/gen/gen1${path}`, input), 400, "error.transport.messages.noMatchingRelationship");
  const newer = "error.runtime.messages.hasNoActiveRelationship";
  await refusal(alice.call("POST", "/api/core/v1/Messages", input), 400, newer);
});

test("what is sent has recipients, known files and a Request of its own", async () => {
  const invalid = "error.runtime.validation.invalidPropertyValue";
  const send = (input: object) => alice.call("POST", path, { recipients: [addressOf(bob)], content: mail(), ...input });

  await refusal(send({ recipients: [] }), 400, invalid);
  await refusal(send({ attachments: ["FILaaaaaaaaaaaaaaaaa"] }), 404, "error.runtime.recordNotFound");
  await refusal(send({ content: { "@type": "Nonsense" } }), 400, "error.runtime.unknownType");
  const items = [{ "@type": "ConsentRequestItem", consent: "Yes?", mustBeAccepted: false }];
  await refusal(send({ content: { "@type": "Request", items } }), 400, invalid);
  const request = { "@type": "Request", id: "REQaaaaaaaaaaaaaaaaa", items };
  await refusal(send({ content: request }), 404, "error.runtime.recordNotFound");
});

test("a Message is marked as read and as unread again", async () => {
  const own = `/api/rapport/v1/Messages/${sent.id}`;

  const read = await called(bob.call("PUT", `${own}/MarkAsRead`), 200);
  const unread = await called(bob.call("PUT", `${own}/MarkAsUnread`), 200);

  expect(read.wasReadAt).toMatch(/^\d{4}-/);
  expect(unread).not.toHaveProperty("wasReadAt");
});
