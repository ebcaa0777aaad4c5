import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { befriended, core, load, mount, ok, pending, type Result, refused, sync, template, v2 } from "./calls.ts";
import { type Actor, openStage, type Stage } from "./stage.ts";

let stage: Stage;
let alice: Actor;
let bob: Actor;
let pairs = 0;

beforeAll(async () => {
  stage = await openStage();
});
beforeEach(async () => {
  pairs += 1;
  alice = await stage.actor(`alice-${pairs}`);
  bob = await stage.actor(`bob-${pairs}`);
});
afterAll(() => stage[Symbol.asyncDispose]());

const older = mount("gen1");

test("7.106 free content in both directions, and both are friends", async () => {
  const { truncatedReference: reference } = await template(alice, {}, older);
  const { id: templateId } = await load(bob, { reference }, older);
  const created = await ok(bob, `POST ${older}/Relationships`, { templateId, content: { text: "Let us" } });
  const [seen] = (await ok(alice, `POST ${older}/Account/Sync`)).relationships;
  const [{ id: changeId }] = seen.changes;
  const accept = `PUT ${older}/Relationships/${seen.id}/Changes/${changeId}/Accept`;
  const accepted = await ok(alice, accept, { content: { customer: 4711 } });
  const [answered] = (await ok(bob, `POST ${older}/Account/Sync`)).relationships;

  expect(seen).toMatchObject({
    id: created.id,
    status: "Pending",
    changes: [{ status: "Pending", request: { content: { text: "Let us" } } }],
  });
  for (const one of [accepted, answered])
    expect(one).toMatchObject({
      status: "Active",
      changes: [{ id: changeId, status: "Accepted", response: { content: { customer: 4711 } } }],
    });
  expect((await ok(bob, `GET ${v2}/Relationships/${created.id}`)).responseContent).toEqual({ customer: 4711 });
});

test("7.107 the first generation's Sync answers with lists, the others' with nothing", async () => {
  expect(await ok(alice, `POST ${older}/Account/Sync`)).toEqual({ messages: [], relationships: [] });
  for (const api of [mount("gen2"), core]) expect((await alice.call("POST", `${api}/Account/Sync`)).status).toBe(204);
});

test("Sync listens to what the caller prefers, and to what a client's form says", async () => {
  const answer = async (headers: Record<string, string>) => {
    const { status, headers: given } = await alice.call("POST", `${v2}/Account/Sync`, undefined, headers);
    return [status, given.get("preference-applied")];
  };
  const form = { "content-type": "application/x-www-form-urlencoded" };

  expect(await answer({})).toEqual([200, null]);
  expect(await answer(form)).toEqual([204, null]);
  expect(await answer({ prefer: "return=minimal" })).toEqual([204, "return=minimal"]);
  expect(await answer({ ...form, prefer: "return=representation" })).toEqual([200, "return=representation"]);
});

test.each([
  ["result", 200],
  ["none", 204],
] as const)("Sync answers as it is configured: %s", async (syncResponse, status) => {
  const carol = await stage.actor(`carol-${syncResponse}`, {
    config: { modules: { coreHttpApi: { syncResponse, location: "built in" } } },
  });
  const form = { "content-type": "application/x-www-form-urlencoded" };

  for (const headers of [{}, form])
    expect((await carol.call("POST", `${v2}/Account/Sync`, undefined, headers as Record<string, string>)).status).toBe(
      status,
    );
});

const change = (id: string): string => `${v2}/Relationships/${id}/Changes/RCH${id.slice(3)}`;

test("a change that is not that of the Relationship is not there", async () => {
  const { id } = await pending(alice, bob);
  const paths = [`${v2}/Relationships/${id}/Changes/RCHxxxxxxxxxxxxxxxxx`, change("RELxxxxxxxxxxxxxxxxx")];

  for (const path of paths)
    expect(await refused(alice, `PUT ${path}/Accept`, { content: {} })).toMatchObject({
      status: 404,
      code: "error.runtime.recordNotFound",
    });
});

test("#47: an answered change is in the wrong status, where the Relationship would be elsewhere", async () => {
  const { id } = await befriended(alice, bob);

  for (const step of ["Accept", "Reject"])
    expect(await refused(alice, `PUT ${change(id)}/${step}`, { content: {} })).toMatchObject({
      status: 400,
      code: "error.transport.relationships.wrongChangeStatus",
    });
  expect(await refused(bob, `PUT ${change(id)}/Revoke`, {})).toMatchObject({
    code: "error.transport.relationships.wrongChangeStatus",
  });
});

test.each([
  ["Reject", "Rejected", { reason: "score" }],
  ["Revoke", "Revoked", undefined],
])("%s by the change, with and without a body", async (step, status, content) => {
  const { id } = await pending(alice, bob);
  const [actor, other] = step === "Revoke" ? [bob, alice] : [alice, bob];
  const changed = await ok(actor, `PUT ${change(id)}/${step}`, content === undefined ? undefined : { content });
  const [seen] = (await sync(other)).relationships;
  const said = content === undefined ? {} : { response: { content } };

  for (const one of [changed, seen] as Result[])
    expect(one).toMatchObject({ id, status, changes: [{ status, ...said }] });
});

test("other changes are refused with a code of their own", async () => {
  const { id } = await befriended(alice, bob);

  expect(await refused(alice, `POST ${v2}/Relationships/${id}/Changes`, {})).toMatchObject({
    status: 400,
    code: "error.transport.notSupported",
  });
});

test("the third generation has no changes", async () => {
  const { id } = await pending(alice, bob);

  expect((await alice.call("PUT", `${core}/Relationships/${id}/Changes/RCH${id.slice(3)}/Accept`, {})).status).toBe(
    404,
  );
});
