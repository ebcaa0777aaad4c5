// The third generation from the first call to the last: its paths, statuses and members, and nothing of the others
// (spec/connector-api.md 1.14).
import { afterAll, beforeAll, expect, test } from "vitest";
import { addressOf, called, inDays, refusal, settle } from "./friends.ts";
import { type Actor, openStage, type Stage } from "./stage.ts";

const api = "/api/core/v1";

let stage: Stage;
let alice: Actor;
let bob: Actor;

beforeAll(async () => {
  stage = await openStage();
  alice = await stage.actor("alice");
  bob = await stage.actor("bob");
});
afterAll(() => stage[Symbol.asyncDispose]());

// biome-ignore lint/suspicious/noExplicitAny: tests look wherever they like.
type Shown = any;

const post = (actor: Actor, path: string, body: object): Promise<Shown> =>
  called(actor.call("POST", `${api}${path}`, body), 201);
const put = (actor: Actor, path: string, body?: object): Promise<Shown> =>
  called(actor.call("PUT", `${api}${path}`, body), 200);
const get = (actor: Actor, path: string): Promise<Shown> => called(actor.call("GET", `${api}${path}`), 200);
const members = (object: object): string[] => Object.keys(object).toSorted();
const sync = async (actor: Actor) => expect((await actor.call("POST", `${api}/Account/Sync`)).status).toBe(204);

const made = ["createdAt", "createdBy", "createdByDevice", "id"];
const protection = { password: "1234", passwordIsPin: true, passwordLocationIndicator: 77 };
const consent = { "@type": "ConsentRequestItem", consent: "May we?", mustBeAccepted: true };

test("templates and tokens have a reference of two forms, and whom and what they are for", async () => {
  const limits = { forIdentity: addressOf(bob), passwordProtection: protection };
  const content = { "@type": "ArbitraryRelationshipTemplateContent", value: 1 };
  const template = await post(alice, "/RelationshipTemplates/Own", { expiresAt: inDays(1), content, ...limits });
  const token = await post(alice, `/RelationshipTemplates/Own/${template.id}/Token`, { ...limits, ephemeral: false });
  const { id } = await post(bob, "/RelationshipTemplates/Peer", { reference: token.reference.url, password: "1234" });

  const shared = [...made, "content", "expiresAt", "forIdentity", "isOwn", "passwordProtection", "reference"];
  expect(members(template)).toEqual(shared.toSorted());
  expect(members(await get(bob, `/RelationshipTemplates/${id}`))).toEqual(shared.toSorted());
  expect(members(token)).toEqual([...shared, "isEphemeral"].toSorted());
  expect(members(template.reference)).toEqual(["truncated", "url"]);
  expect(template.passwordProtection).toEqual(protection);
  const keyed = { id: template.id, secretKey: "x".repeat(44) };
  const code = "error.runtime.validation.invalidPropertyValue";
  await refusal(bob.call("POST", `${api}/RelationshipTemplates/Peer`, keyed), 400, code);
});

test("a Relationship names its template and has a log; what is exchanged in it has the members of its generation", async () => {
  const onNewRelationship = { "@type": "Request", items: [consent] };
  const content = { "@type": "RelationshipTemplateContent", onNewRelationship };
  const template = await post(alice, "/RelationshipTemplates/Own", { expiresAt: inDays(1), content });
  await post(bob, "/RelationshipTemplates/Peer", { reference: template.reference.truncated });
  const [request] = await get(bob, `/Requests/Incoming?source.reference=${template.id}`);
  const decided = await put(bob, `/Requests/Incoming/${request.id}/Accept`, { items: [{ accept: true }] });
  await sync(alice);
  const [pending] = await get(alice, `/Relationships?templateId=${template.id}`);
  const active = await put(alice, `/Relationships/${pending.id}/Accept`);
  await sync(bob);

  expect(decided.status).toBe("Decided");
  expect(members(request)).toEqual(["content", "createdAt", "id", "isOwn", "peer", "source", "status"]);
  expect(members(active)).toEqual(
    ["auditLog", "creationContent", "id", "peer", "peerIdentity", "status", "templateId"].toSorted(),
  );
  expect(members(active.peerIdentity)).toEqual(["address", "publicKey"]);
  expect(await get(bob, `/Relationships?template.id=${template.id}&status=Active`)).toHaveLength(1);
  const change = `${api}/Relationships/${pending.id}/Changes/RCH${pending.id.slice(3)}/Accept`;
  await refusal(alice.call("PUT", change), 404, "error.connector.http.routeDoesNotExist");
  await expectExchange();
});

async function expectExchange(): Promise<void> {
  const draft = await post(alice, "/Requests/Outgoing", { peer: addressOf(bob), content: { items: [consent] } });
  const sent = await post(alice, "/Messages", { recipients: [addressOf(bob)], content: draft.content });
  await sync(bob);
  await put(bob, `/Requests/Incoming/${draft.id}/Accept`, { items: [{ accept: true }] });
  await settle(bob, alice);
  const completed = await get(alice, `/Requests/Outgoing/${draft.id}`);

  expect(members(sent)).toEqual([...made, "attachments", "content", "isOwn", "recipients"].toSorted());
  expect(members(completed)).toEqual(["content", "createdAt", "id", "isOwn", "peer", "response", "source", "status"]);
  expect(members(completed.response)).toEqual(["content", "createdAt", "source"]);
  expect(completed.response.source.type).toBe("Message");
}

test("Files have an owner and tags, and may have no title; deleting is nothing", async () => {
  const form = new FormData();
  form.append("file", new Blob(["text"], { type: "text/plain" }), "a.txt");
  form.append("tags", "x:one");
  const answer = await fetch(`${alice.url}${api}/Files/Own`, { method: "POST", body: form });
  const { result: file } = (await answer.json()) as Shown;
  const token = await post(alice, `/Files/${file.id}/Token`, {});
  const loaded = await post(bob, "/Files/Peer", { reference: token.reference.truncated });

  const every = [...made, "expiresAt", "filename", "filesize", "isOwn", "mimetype", "owner", "reference", "tags"];
  expect(members(file)).toEqual([...every, "ownershipToken"].toSorted());
  expect(members(loaded)).toEqual(every.toSorted());
  expect(answer.headers.get("location")).toBe(`${api}/Files/${file.id}`);
  for (const actor of [alice, bob]) await called(actor.call("DELETE", `${api}/Files/${file.id}`), 204);
});

test("attributes have a type and no shareInfo; routes of the older ones are not there", async () => {
  const value = { "@type": "GivenName", value: "Ann" };
  const attribute = await post(alice, "/Attributes", { content: { value } });

  expect(members(attribute)).toEqual(["@type", "content", "createdAt", "id", "numberOfForwards"]);
  for (const old of ["Own/Repository", "Peer/Shared/Identity"])
    await refusal(alice.call("GET", `${api}/Attributes/${old}`), 404, "error.connector.http.routeDoesNotExist");
  await refusal(alice.call("GET", `${api}/Attributes/Valid`), 400, "error.runtime.validation.invalidPropertyValue");
  expect(await called(alice.call("DELETE", `${api}/Attributes/${attribute.id}`), 200)).toEqual({ notificationIds: [] });
});

test("a query that cannot be read is a wrong value", async () => {
  const query = { "@type": "IQLQuery", queryString: "(((" };
  const code = "error.runtime.validation.invalidPropertyValue";

  const message = await refusal(alice.call("POST", `${api}/Attributes/ExecuteIQLQuery`, { query }), 400, code);

  expect(message).toMatch(/^query\/queryString At character 4/);
});
