import { afterAll, beforeAll, expect, test } from "vitest";
import { addressOf, bytesOf, core, expectFilters, inHours, mount, ok, refused, v2 } from "./calls.ts";
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

const content = { anything: [1, "two", null] };
const token = (more: object = {}, api = v2) =>
  ok(alice, `POST ${api}/Tokens/Own`, { content, expiresAt: inHours(24), ...more });
const loaded = (body: object, api = v2) => ok(bob, `POST ${api}/Tokens/Peer`, body);

test("7.34 a token with content and expiry comes back with both", async () => {
  expect(await token()).toMatchObject({ content, isEphemeral: false, createdBy: await addressOf(alice) });
});

test.each([
  ["by its reference alone", {}],
  ["with a password", { passwordProtection: { password: "secret" } }],
  ["with a PIN", { passwordProtection: { password: "1234", passwordIsPin: true } }],
])("7.35 another identity loads it %s", async (_how, more: { passwordProtection?: { password: string } }) => {
  const { id, truncatedReference: reference } = await token(more);
  const { password } = more.passwordProtection ?? {};

  expect(await loaded({ reference, password })).toMatchObject({ id, content, ...more });
});

test("7.35 who a token is for can load it, others cannot", async () => {
  const { id, truncatedReference: reference } = await token({ forIdentity: await addressOf(bob) });
  const carol = await stage.actor("carol");

  expect(await loaded({ reference })).toMatchObject({ id });
  expect(await refused(carol, `POST ${v2}/Tokens/Peer`, { reference })).toMatchObject({
    status: 400,
    code: "error.transport.general.notIntendedForYou",
  });
});

test.each(["Fridge", 12])("7.36 %s is no place of a password", async (passwordLocationIndicator) => {
  const passwordProtection = { password: "secret", passwordLocationIndicator };
  const answer = await refused(alice, `POST ${core}/Tokens/Own`, {
    content,
    expiresAt: inHours(1),
    passwordProtection,
  });

  expect(answer).toMatchObject({ status: 400, code: "error.runtime.validation.invalidPropertyValue" });
  for (const allowed of ["Self", "Letter", "RegistrationLetter", "Email", "SMS", "Website", "50", "99"])
    expect(answer.message).toContain(allowed);
});

test("7.37 tokens are found by each of their members, and not by other values", async () => {
  bob = await stage.actor("7.37");
  const own = await token({ forIdentity: await addressOf(bob) });
  const peers = await loaded({ reference: own.truncatedReference });
  const fields = ["createdAt", "createdBy", "createdByDevice", "expiresAt", "forIdentity"];

  await expectFilters(alice, `${v2}/Tokens/Own`, own, fields);
  await expectFilters(bob, `${v2}/Tokens/Peer`, peers, fields);
  expect(await ok(bob, `GET ${v2}/Tokens/Own`)).toEqual([]);
});

test("7.38 a deleted token is gone", async () => {
  const { id } = await token();

  expect((await alice.call("DELETE", `${core}/Tokens/${id}`)).status).toBe(204);
  expect(await refused(alice, `GET ${core}/Tokens/${id}`)).toMatchObject({
    status: 404,
    code: "error.runtime.recordNotFound",
  });
});

test("what is ephemeral is not kept", async () => {
  bob = await stage.actor("ephemeral");
  const { id, truncatedReference: reference } = await token({ ephemeral: true });
  const shown = await loaded({ reference, ephemeral: true });

  expect(shown).toMatchObject({ id, content, isEphemeral: true });
  expect(await refused(alice, `GET ${v2}/Tokens/${id}`)).toMatchObject({ status: 404 });
  expect(await ok(bob, `GET ${v2}/Tokens/Peer`)).toEqual([]);
});

test("id and key load a token; a picture leads to it", async () => {
  const { id, secretKey } = await token({}, mount("gen1"));

  expect(await loaded({ id, secretKey }, mount("gen1"))).toMatchObject({ id, secretKey });
  const { status, headers } = await bytesOf(bob, `GET ${v2}/Tokens/${id}`, "image/png");
  expect([status, headers.get("content-type")]).toEqual([200, "image/png"]);
});

test("what leads nowhere is no reference", async () => {
  for (const reference of ["", "VE9L", "TOKxxxxxxxxxxxxxxxxx", null, undefined])
    expect(await refused(bob, `POST ${v2}/Tokens/Peer`, { reference })).toMatchObject({
      status: 400,
      code: "error.runtime.validation.invalidPropertyValue",
      message: "token / token reference invalid",
    });
});

test("a content that says what it leads to must lead there", async () => {
  const wrong = { "@type": "TokenContentFile", fileId: "FIL" };

  expect(await refused(alice, `POST ${v2}/Tokens/Own`, { content: wrong, expiresAt: inHours(1) })).toMatchObject({
    status: 400,
    code: "error.runtime.invalidTokenContent",
  });
});
