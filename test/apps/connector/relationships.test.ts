import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { befriended, core, idsIn, load, ok, pending, type Result, refused, sync, template, v2 } from "./calls.ts";
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

const creationContent = { "@type": "ArbitraryRelationshipCreationContent", value: { note: "hello" } };
const invalid = "error.runtime.validation.invalidPropertyValue";
const wrongStatus = "error.transport.relationships.wrongRelationshipStatus";

const put = (actor: Actor, id: string, step: string): Promise<Result> =>
  ok(actor, `PUT ${v2}/Relationships/${id}/${step}`);
const read = (actor: Actor, id: string): Promise<Result> => ok(actor, `GET ${v2}/Relationships/${id}`);
const statuses = async (id: string) => [(await read(alice, id)).status, (await read(bob, id)).status];
const lastReasons = async (id: string) =>
  [await read(alice, id), await read(bob, id)].map(({ auditLog }) => auditLog.at(-1).reason);

async function loaded(): Promise<string> {
  const { truncatedReference: reference } = await template(alice);
  return (await load(bob, { reference })).id;
}

async function terminated(): Promise<string> {
  const { id } = await befriended(alice, bob);
  await put(alice, id, "Terminate");
  await sync(bob);
  return id;
}

test("7.63 whether a Relationship can be created is answered with yes, with content and without", async () => {
  const templateId = await loaded();

  for (const body of [{ templateId }, { templateId, creationContent }])
    expect(await ok(bob, `PUT ${v2}/Relationships/CanCreate`, body)).toEqual({ isSuccess: true });
});

test("a no to that question is no error, unless the template is not there", async () => {
  const { id } = await befriended(alice, bob);
  const { templateId } = await read(bob, id);
  const answer = await ok(bob, `PUT ${v2}/Relationships/CanCreate`, { templateId });
  const unknown = { templateId: "RLTxxxxxxxxxxxxxxxxx" };

  expect(answer).toMatchObject({ isSuccess: false, code: "error.transport.relationships.relationshipCurrentlyExists" });
  expect(await refused(bob, `PUT ${v2}/Relationships/CanCreate`, unknown)).toMatchObject({ status: 404 });
});

test("7.64 the owner of the template hears of the Relationship, accepts it, and both are friends", async () => {
  const { id, status, peer } = await pending(alice, bob);
  const seen = await read(alice, id);

  expect(status).toBe("Pending");
  expect(await put(alice, id, "Accept")).toMatchObject({ status: "Active" });
  const { relationships } = await sync(bob);

  expect(relationships).toMatchObject([{ id, status: "Active" }]);
  expect(await statuses(id)).toEqual(["Active", "Active"]);
  expect([seen.status, seen.creationContent, peer]).toEqual(["Pending", creationContent, seen.template.createdBy]);
});

test.each([
  ["7.65 who owns the template may reject", "Reject", "Rejected"],
  ["7.66 who asked may take it back", "Revoke", "Revoked"],
])("%s, and both sides know", async (_who, step, status) => {
  const { id } = await pending(alice, bob);
  const [actor, other] = step === "Revoke" ? [bob, alice] : [alice, bob];

  expect(await put(actor, id, step)).toMatchObject({ id, status });
  await sync(other);

  expect(await statuses(id)).toEqual([status, status]);
  expect(await idsIn(bob, `${v2}/Relationships`, { status })).toEqual([id]);
});

test("steps are refused to the wrong side and in the wrong status", async () => {
  const { id } = await pending(alice, bob);
  const refusal = async (actor: Actor, step: string) => {
    const { status, code } = await refused(actor, `PUT ${v2}/Relationships/${id}/${step}`);
    return [status, code];
  };
  const peerOnly = [400, "error.transport.relationships.operationOnlyAllowedForPeer"];

  expect(await refusal(bob, "Accept")).toEqual(peerOnly);
  expect(await refusal(bob, "Reject")).toEqual(peerOnly);
  expect(await refusal(alice, "Revoke")).toEqual(peerOnly);
  expect(await refusal(alice, "Terminate")).toEqual([400, wrongStatus]);
  await put(alice, id, "Accept");
  expect(await refusal(alice, "Accept")).toEqual([400, wrongStatus]);
  expect(await refusal(alice, "Reactivate")).toEqual([400, wrongStatus]);
  expect(await refused(alice, `DELETE ${v2}/Relationships/${id}`)).toMatchObject({ status: 400, code: wrongStatus });
  expect(await refused(alice, `PUT ${v2}/Relationships/RELxxxxxxxxxxxxxxxxx/Accept`)).toMatchObject({ status: 404 });
});

test("7.67 Relationships are found by peer, status and template, and not by others", async () => {
  const { id, peer, templateId } = await befriended(alice, bob);
  const found = (query: Record<string, string>) => idsIn(alice, `${v2}/Relationships`, query);

  for (const query of [{ peer }, { status: "Active" }, { "template.id": templateId }, { templateId }])
    expect(await found(query as Record<string, string>)).toEqual([id]);
  for (const query of [{ peer: `${peer}x` }, { status: "Pending" }, { "template.id": "RLT" }, { templateId: "RLT" }])
    expect(await found(query as Record<string, string>)).toEqual([]);
  expect(await refused(alice, `GET ${v2}/Relationships?colour=red`)).toMatchObject({ status: 400, code: invalid });
});

test("7.68 what one side terminates is terminated on both", async () => {
  expect(await statuses(await terminated())).toEqual(["Terminated", "Terminated"]);
});

test("7.69 a wish to go on leaves the status as it is, and is the last thing that both know", async () => {
  const id = await terminated();
  const asked = await put(alice, id, "Reactivate");
  await sync(bob);

  expect(asked.status).toBe("Terminated");
  expect(await statuses(id)).toEqual(["Terminated", "Terminated"]);
  expect(await lastReasons(id)).toEqual(["ReactivationRequested", "ReactivationRequested"]);
  expect(await refused(alice, `PUT ${v2}/Relationships/${id}/Reactivate`)).toMatchObject({
    code: "error.transport.relationships.reactivationAlreadyRequested",
  });
});

test.each([
  ["the peer rejects it", "Reject", "RejectionOfReactivation", "Terminated"],
  ["it is taken back", "Revoke", "RevocationOfReactivation", "Terminated"],
  ["the peer accepts it", "Accept", "AcceptanceOfReactivation", "Active"],
])("7.70, 7.71 a wish to go on: %s", async (_what, step, reason, status) => {
  const id = await terminated();
  await put(alice, id, "Reactivate");
  await sync(bob);
  const [actor, other] = step === "Revoke" ? [alice, bob] : [bob, alice];

  expect(await put(actor, id, `Reactivate/${step}`)).toMatchObject({ status });
  await sync(other);

  expect(await statuses(id)).toEqual([status, status]);
  expect(await lastReasons(id)).toEqual([reason, reason]);
});

test("a wish to go on is answered by the other side alone, and only when there is one", async () => {
  const id = await terminated();
  const code = async (actor: Actor, step: string) =>
    (await refused(actor, `PUT ${v2}/Relationships/${id}/Reactivate/${step}`)).code;
  const prefix = "error.transport.relationships.";

  for (const step of ["Accept", "Reject", "Revoke"])
    expect(await code(bob, step)).toBe(`${prefix}reactivationNotRequested`);
  await put(alice, id, "Reactivate");
  await sync(bob);
  expect(await code(alice, "Accept")).toBe(`${prefix}operationOnlyAllowedForPeer`);
  expect(await code(bob, "Revoke")).toBe(`${prefix}operationOnlyAllowedForPeer`);
});

test("7.72, 7.73 who leaves an ended Relationship has nothing of it any more; then the other leaves", async () => {
  const id = await terminated();

  expect((await alice.call("DELETE", `${v2}/Relationships/${id}`)).status).toBe(204);
  await sync(bob);

  expect(await refused(alice, `GET ${v2}/Relationships/${id}`)).toMatchObject({ status: 404 });
  expect((await read(bob, id)).status).toBe("DeletionProposed");
  expect((await bob.call("DELETE", `${v2}/Relationships/${id}`)).status).toBe(204);
  expect(await ok(bob, `GET ${v2}/Relationships`)).toEqual([]);
});

test("content is given under one of its names, and in the third generation under one name alone", async () => {
  const templateId = await loaded();
  const both = { templateId, content: {}, creationContent };

  expect(await refused(bob, `POST ${v2}/Relationships`, both)).toMatchObject({ status: 400, code: invalid });
  for (const body of [{ templateId, content: {} }, { templateId }, { templateId, creationContent: { note: 1 } }])
    expect(await refused(bob, `POST ${core}/Relationships`, body)).toMatchObject({ status: 400, code: invalid });
  expect(await ok(bob, `POST ${core}/Relationships`, { templateId, creationContent })).toMatchObject({
    status: "Pending",
    templateId,
    creationContent,
  });
});

test("of a template with a Request, the Relationship follows from the answer and is not made by hand", async () => {
  const items = [{ "@type": "ConsentRequestItem", mustBeAccepted: true, consent: "May we?" }];
  const content = { "@type": "RelationshipTemplateContent", onNewRelationship: { "@type": "Request", items } };
  const { truncatedReference: reference } = await template(alice, { content });
  const { id: templateId } = await load(bob, { reference });
  const response = {
    "@type": "Response",
    result: "Accepted",
    requestId: "REQxxxxxxxxxxxxxxxxx",
    items: [{ "@type": "AcceptResponseItem", result: "Accepted" }],
  };
  const creation = { "@type": "RelationshipCreationContent", response };

  expect(await refused(bob, `POST ${v2}/Relationships`, { templateId, creationContent })).toMatchObject({
    code: invalid,
  });
  expect(await refused(bob, `POST ${v2}/Relationships`, { templateId, creationContent: creation })).toMatchObject({
    status: 400,
    code: "error.runtime.relationships.noAcceptedIncomingRequest",
  });
});

test("there is one Relationship with a peer at a time", async () => {
  const templateId = await loaded();
  await ok(bob, `POST ${v2}/Relationships`, { templateId, creationContent });

  expect(await refused(bob, `POST ${v2}/Relationships`, { templateId, creationContent })).toMatchObject({
    status: 400,
    code: "error.transport.relationships.relationshipCurrentlyExists",
  });
});

test("a Relationship outlives its template, which then is only known by its id", async () => {
  const { id, templateId } = await befriended(alice, bob);
  await bob.call("DELETE", `${v2}/RelationshipTemplates/${templateId}`);

  expect((await read(bob, id)).template).toMatchObject({ id: templateId, isOwn: false });
});

test("what is shared with a peer is listed on both sides, in the third generation and before it", async () => {
  const { id, peer } = await befriended(alice, bob);
  const value = { "@type": "GivenName", value: "Alice" };
  const attribute = { "@type": "IdentityAttribute", owner: "", value };
  const item = {
    "@type": "CreateAttributeRequestItem",
    mustBeAccepted: true,
    attribute: { ...attribute, owner: peer },
  };
  const request = await ok(alice, `POST ${v2}/Requests/Outgoing`, { peer, content: { items: [item] } });
  await ok(alice, `POST ${v2}/Messages`, { recipients: [peer], content: request.content });
  await sync(bob);
  await ok(bob, `PUT ${v2}/Requests/Incoming/${request.id}/Accept`, { items: [{ accept: true }] });
  await sync(alice);

  const [here] = await ok(alice, `GET ${v2}/Relationships/${id}/Attributes`);
  const [there] = await ok(bob, `GET ${v2}/Relationships/${id}/Attributes`);
  const [third] = await ok(bob, `GET ${core}/Relationships/${id}/Attributes`);

  expect(here).toMatchObject({ content: { value }, shareInfo: { peer, requestReference: request.id } });
  expect(there).toMatchObject({
    content: { value },
    shareInfo: { requestReference: request.id, sourceAttribute: third.id },
  });
  expect(there.id).not.toBe(third.id);
  expect(third).toMatchObject({ "@type": "OwnIdentityAttribute", content: { value } });
});
