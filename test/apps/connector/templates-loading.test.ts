import { afterAll, beforeAll, expect, test } from "vitest";
import { arbitrary, bytesOf, core, inHours, load, mount, ok, refused, template, v2 } from "./calls.ts";
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

test.each([
  ["the id of a template", (id: string) => id],
  ["null", () => null],
  ["an empty text", () => ""],
  ["nothing", () => undefined],
  ["a reference that was cut off", (_id: string, reference: string) => reference.slice(0, 40)],
])("%s is no reference", async (_what, make) => {
  const { id, truncatedReference } = await template(alice);
  const answer = await refused(bob, `POST ${v2}/RelationshipTemplates/Peer`, {
    reference: make(id, truncatedReference),
  });

  expect(answer).toMatchObject({
    status: 400,
    code: invalid,
    message: "token / relationship template reference invalid",
  });
});

test("a token for a file does not lead to a template; what is unknown or used up is not there", async () => {
  const { truncatedReference } = await ok(alice, `POST ${v2}/Tokens/Own`, { content: {}, expiresAt: inHours(1) });
  const single = await template(alice, { maxNumberOfAllocations: 1 });
  const deleted = await template(alice);
  await alice.call("DELETE", `${v2}/RelationshipTemplates/${deleted.id}`);
  await load(await stage.actor("carol"), { reference: single.truncatedReference });
  const answerTo = (reference: string) => refused(bob, `POST ${v2}/RelationshipTemplates/Peer`, { reference });

  expect(await answerTo(truncatedReference)).toMatchObject({ status: 400, code: "error.runtime.invalidTokenContent" });
  expect(await answerTo(single.truncatedReference)).toMatchObject({
    status: 404,
    code: "error.runtime.recordNotFound",
  });
  expect(await answerTo(deleted.truncatedReference)).toMatchObject({
    status: 404,
    code: "error.runtime.recordNotFound",
  });
});

test("id and key load a template in every generation but the third", async () => {
  const { id, secretKey } = await template(alice, {}, mount("gen1"));
  const body = { id, secretKey };

  for (const api of [v2, mount("gen1"), mount("gen2")]) expect(await load(bob, body, api)).toMatchObject({ id });
  expect(await refused(bob, `POST ${core}/RelationshipTemplates/Peer`, body)).toMatchObject({
    status: 400,
    code: invalid,
  });
});

test("free content is wrapped where the generation takes it, and refused elsewhere", async () => {
  const content = { any: "thing" };
  const older = await template(alice, { content }, mount("gen1"));

  expect(older.content).toEqual(content);
  expect((await load(bob, { reference: older.truncatedReference })).content).toEqual({ ...arbitrary, value: content });
  for (const api of [mount("gen2"), core])
    expect(
      await refused(alice, `POST ${api}/RelationshipTemplates/Own`, { content, expiresAt: inHours(1) }),
    ).toMatchObject({ status: 400, code: invalid });
});

test("the flag of a group is taken and means nothing", async () => {
  const items = [{ "@type": "AuthenticationRequestItem", mustBeAccepted: true, title: "Log in" }];
  const group = { "@type": "RequestItemGroup", items, mustBeAccepted: false };
  const content = { "@type": "RelationshipTemplateContent", onNewRelationship: { "@type": "Request", items: [group] } };
  const groupIn = ({ content: shown }: { content: typeof content }) => shown.onNewRelationship.items[0];

  expect(groupIn(await template(alice, { content }))).not.toHaveProperty("mustBeAccepted");
  expect(groupIn(await template(alice, { content }, mount("gen1")))).toHaveProperty("mustBeAccepted", true);
});

test("a Request may not outlive its template", async () => {
  const items = [{ "@type": "AuthenticationRequestItem", mustBeAccepted: true, title: "Log in" }];
  const onNewRelationship = { "@type": "Request", items, expiresAt: inHours(48) };
  const content = { "@type": "RelationshipTemplateContent", onNewRelationship };

  expect(await refused(alice, `POST ${own}`, { content, expiresAt: inHours(24) })).toMatchObject({
    status: 400,
    code: "error.runtime.relationshipTemplates.requestCannotExpireAfterRelationshipTemplate",
  });
});

test("pictures of a template and of a token for it, also for what a peer made", async () => {
  const alice = await stage.actor("pictures");
  const { id, truncatedReference } = await template(alice);
  await load(bob, { reference: truncatedReference });
  const png = [0x89, 0x50, 0x4e, 0x47];

  for (const [actor, call, status] of [
    [alice, `GET ${v2}/RelationshipTemplates/${id}`, 200],
    [bob, `GET ${v2}/RelationshipTemplates/${id}`, 200],
    [alice, `POST ${own}/${id}/Token`, 201],
  ] as const) {
    const { bytes, headers, ...answer } = await bytesOf(actor, call, "image/png");
    expect([answer.status, headers.get("content-type"), [...bytes.slice(0, 4)]]).toEqual([status, "image/png", png]);
  }
  expect(await ok(alice, `GET ${v2}/Tokens/Own`)).toEqual([]);
});

test("a token for a peer's template is not made; one for an own template expires with it", async () => {
  const { id, truncatedReference, expiresAt } = await template(alice);
  await load(bob, { reference: truncatedReference });

  expect(await ok(alice, `POST ${own}/${id}/Token`)).toMatchObject({ expiresAt, isEphemeral: true });
  expect(await refused(bob, `POST ${own}/${id}/Token`)).toMatchObject({
    status: 400,
    code: "error.runtime.relationshipTemplates.cannotCreateTokenForPeerTemplate",
  });
});
