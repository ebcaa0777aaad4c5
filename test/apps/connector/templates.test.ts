import { afterAll, beforeAll, expect, test } from "vitest";
import { addressOf, arbitrary, core, expectFilters, idsIn, inHours, load, ok, refused, template, v2 } from "./calls.ts";
import { type Actor, openStage, type Stage } from "./stage.ts";

let stage: Stage;
let alice: Actor;
let bob: Actor;

beforeAll(async () => {
  stage = await openStage();
  alice = await stage.actor("alice");
  bob = await stage.actor("bob");
});
afterAll(() => stage[Symbol.asyncDispose]());

const own = `${v2}/RelationshipTemplates/Own`;
const invalid = "error.runtime.validation.invalidPropertyValue";

test("7.17 a template with free content and one allocation is one's own", async () => {
  expect(await template(alice, { maxNumberOfAllocations: 1 })).toMatchObject({
    isOwn: true,
    content: arbitrary,
    maxNumberOfAllocations: 1,
    createdBy: await addressOf(alice),
  });
});

test("7.18 without a limit of allocations there is none in the answer, now and later", async () => {
  const created = await template(alice);
  const read = await ok(alice, `GET ${v2}/RelationshipTemplates/${created.id}`);

  expect([created, read].map((one) => Object.hasOwn(one, "maxNumberOfAllocations"))).toEqual([false, false]);
});

test("7.19 what was created is in the lists of own and of all templates, and not in that of peers", async () => {
  const alice = await stage.actor("7.19");
  const created = await template(alice);

  expect(await ok(alice, `GET ${own}`)).toEqual([created]);
  expect(await ok(alice, `GET ${v2}/RelationshipTemplates`)).toEqual([created]);
  expect(await ok(alice, `GET ${v2}/RelationshipTemplates/Peer`)).toEqual([]);
});

test.each([
  ["no allocations", { maxNumberOfAllocations: 0 }],
  ["no expiry", { expiresAt: undefined }],
  ["an expiry that is no date", { expiresAt: "tomorrow" }],
  ["an expiry that has passed", { expiresAt: inHours(-1) }],
  ["a PIN with letters", { passwordProtection: { password: "abcd", passwordIsPin: true } }],
  ["a PIN that is too short", { passwordProtection: { password: "123", passwordIsPin: true } }],
  ["an empty password", { passwordProtection: { password: "" } }],
  ["an unknown place of the password", { passwordProtection: { password: "x", passwordLocationIndicator: "Fridge" } }],
  ["a place of the password out of range", { passwordProtection: { password: "x", passwordLocationIndicator: 49 } }],
  ["a member that nobody knows", { colour: "red" }],
])("7.20 %s is a wrong value", async (_what, more) => {
  const answer = await refused(alice, `POST ${own}`, { content: arbitrary, expiresAt: inHours(24), ...more });

  expect(answer).toMatchObject({ status: 400, code: invalid });
});

test("a past expiry is said in the words that clients look for", async () => {
  const past = await refused(alice, `POST ${own}`, { content: arbitrary, expiresAt: inHours(-1) });
  const empty = await refused(alice, `POST ${own}`, { content: arbitrary, expiresAt: "" });

  expect(past.message).toContain("'expiresAt' must be in the future");
  expect(empty.message).toBe("expiresAt must match ISO8601 datetime format");
});

test("7.21, 7.22 who a template is for can load it, directly and by a token; others cannot", async () => {
  const forIdentity = await addressOf(bob);
  const { id, truncatedReference } = await template(alice, { forIdentity });
  const token = await ok(alice, `POST ${own}/${id}/Token`, { forIdentity });
  const carol = await stage.actor("carol");

  expect(await load(bob, { reference: truncatedReference })).toMatchObject({ id, forIdentity, isOwn: false });
  expect(await load(bob, { reference: token.truncatedReference })).toMatchObject({ id, forIdentity });
  expect(
    await refused(carol, `POST ${v2}/RelationshipTemplates/Peer`, { reference: truncatedReference }),
  ).toMatchObject({
    status: 400,
    code: "error.transport.general.notIntendedForYou",
  });
  expect(await refused(alice, `POST ${own}/${id}/Token`, {})).toMatchObject({
    status: 400,
    code: "error.runtime.relationshipTemplates.personalizationMustBeInherited",
  });
});

test("7.23 a token may be for one identity although the template is for all", async () => {
  const { id } = await template(alice);
  const { truncatedReference } = await ok(alice, `POST ${own}/${id}/Token`, { forIdentity: await addressOf(bob) });

  expect(await load(bob, { reference: truncatedReference })).toMatchObject({ id });
});

test("7.24, 7.25 a password, which may be a PIN, is shown on both sides", async () => {
  for (const passwordProtection of [{ password: "secret" }, { password: "1234", passwordIsPin: true }]) {
    const created = await template(alice, { passwordProtection });
    const loaded = await load(bob, { reference: created.truncatedReference, password: passwordProtection.password });

    expect([created.passwordProtection, loaded.passwordProtection]).toEqual([passwordProtection, passwordProtection]);
  }
});

test("without its password a template is not loaded, and with a wrong one it is not there", async () => {
  const { truncatedReference: reference } = await template(alice, { passwordProtection: { password: "secret" } });
  const peer = `POST ${v2}/RelationshipTemplates/Peer`;

  expect(await refused(bob, peer, { reference })).toMatchObject({
    code: "error.transport.noPasswordProvided",
    status: 400,
  });
  expect(await refused(bob, peer, { reference, password: "other" })).toMatchObject({
    code: "error.runtime.recordNotFound",
    status: 404,
  });
});

test.each([
  ["7.26 with the same protection as its template", { password: "secret" }],
  ["7.27 although its template has none", undefined],
])("a token with a password, %s", async (_what, passwordProtection) => {
  const { id } = await template(alice, { passwordProtection });
  const token = await ok(alice, `POST ${own}/${id}/Token`, { passwordProtection: { password: "secret" } });

  expect(await load(bob, { reference: token.truncatedReference, password: "secret" })).toMatchObject({ id });
});

test("a token for a protected template must be protected", async () => {
  const { id } = await template(alice, { passwordProtection: { password: "secret" } });

  expect(await refused(alice, `POST ${own}/${id}/Token`, {})).toMatchObject({
    status: 400,
    code: "error.runtime.relationshipTemplates.passwordProtectionMustBeInherited",
  });
});

test.each(["Letter", 75])("7.28 where the password is written (%s) is kept on both sides", async (where) => {
  const passwordProtection = { password: "secret", passwordLocationIndicator: where };
  const created = await template(alice, { passwordProtection }, core);
  const loaded = await load(bob, { reference: created.reference.url, password: "secret" }, core);

  expect([created.passwordProtection, loaded.passwordProtection]).toEqual([passwordProtection, passwordProtection]);
});

test.each([
  ["7.29 a type of the inside", { "@type": "Message", content: "x" }, "error.runtime.requestDeserialization"],
  [
    "a typed content that lacks its Request",
    { "@type": "RelationshipTemplateContent" },
    "error.runtime.requestDeserialization",
  ],
  ["7.30 a type that nobody knows", { "@type": "Something" }, "error.runtime.unknownType"],
  ["a type of something else", { "@type": "Mail" }, invalid],
])("%s is no content of a template", async (_what, content, code) => {
  const answer = await refused(alice, `POST ${own}`, { content, expiresAt: inHours(24) });

  expect(answer).toMatchObject({ status: 400, code });
});

test("7.29 the missing member of a type of the inside is named", async () => {
  const content = { "@type": "Message", content: "x" };
  const answer = await refused(alice, `POST ${own}`, { content, expiresAt: inHours(24) });

  expect(answer.message).toBe("Message.secretKey :: Value is not defined");
});

test("7.31 templates are found by each of their members, and not by other values", async () => {
  const created = await template(alice, { maxNumberOfAllocations: 3, forIdentity: await addressOf(bob) });
  const fields = ["createdAt", "createdBy", "createdByDevice", "expiresAt", "maxNumberOfAllocations", "forIdentity"];

  await expectFilters(alice, `${v2}/RelationshipTemplates`, created, [...fields, "isOwn"]);
  await expectFilters(alice, own, created, fields);
  expect(await refused(alice, `GET ${own}?colour=red`)).toMatchObject({ status: 400, code: invalid });
});

test("7.32 templates are found by their protection", async () => {
  const alice = await stage.actor("7.32");
  const open = await template(alice);
  const word = await template(alice, { passwordProtection: { password: "secret", passwordLocationIndicator: "SMS" } });
  const pin = await template(alice, { passwordProtection: { password: "1234", passwordIsPin: true } });
  const found = (query: Record<string, string>) => idsIn(alice, `${core}/RelationshipTemplates`, query);

  expect(await found({ passwordProtection: "" })).toEqual([word.id, pin.id]);
  expect(await found({ passwordProtection: "!" })).toEqual([open.id]);
  expect(await found({ "passwordProtection.password": "secret" })).toEqual([word.id]);
  expect(await found({ "passwordProtection.passwordIsPin": "true" })).toEqual([pin.id]);
  expect(await found({ "passwordProtection.passwordLocationIndicator": "SMS" })).toEqual([word.id]);
});

test("7.33 a deleted template is gone", async () => {
  const { id } = await template(alice);

  expect((await alice.call("DELETE", `${core}/RelationshipTemplates/${id}`)).status).toBe(204);
  expect(await refused(alice, `GET ${core}/RelationshipTemplates/${id}`)).toMatchObject({
    status: 404,
    code: "error.runtime.recordNotFound",
  });
});
