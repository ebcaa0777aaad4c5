// Requests over HTTP (spec/connector-api.md 1.6, 1.7; behaviours 61 and 62).
import { afterAll, beforeAll, expect, test } from "vitest";
import { addressOf, befriend, called, inDays, refusal, settle } from "./friends.ts";
import { type Actor, openStage, type Stage } from "./stage.ts";

const out = "/api/v2/Requests/Outgoing";
const inn = "/api/v2/Requests/Incoming";
const yes = { items: [{ accept: true }] };
const no = { items: [{ accept: false, code: "no", message: "Not now." }] };
const consent = { "@type": "ConsentRequestItem", consent: "We may write to you.", mustBeAccepted: true };
const nobody = "REQaaaaaaaaaaaaaaaaa";

let stage: Stage;
let alice: Actor;
let bob: Actor;

beforeAll(async () => {
  stage = await openStage();
  alice = await stage.actor("alice");
  bob = await stage.actor("bob");
  await befriend(alice, bob);
});
afterAll(() => stage[Symbol.asyncDispose]());

const newRequest = (more: object = {}) => ({ content: { items: [consent], ...more }, peer: addressOf(bob) });

async function sent(): Promise<string> {
  const { id, content } = await called(alice.call("POST", out, newRequest()), 201);
  await called(alice.call("POST", "/api/v2/Messages", { recipients: [addressOf(bob)], content }), 201);
  await settle(bob);
  return id;
}

test("7.61 a Request is created as a draft and reads back with the same items", async () => {
  const created = await called(alice.call("POST", out, newRequest()), 201);

  expect(created).toMatchObject({ isOwn: true, peer: addressOf(bob), status: "Draft", content: { items: [consent] } });
  expect(await called(alice.call("GET", `${out}/${created.id}`), 200)).toEqual(created);
  await refusal(bob.call("GET", `${inn}/${created.id}`), 404, "error.runtime.recordNotFound");
  await refusal(alice.call("GET", `${out}/${nobody}`), 404, "error.runtime.recordNotFound");
});

test("7.62 drafts are found by each field with its value, and not with another", async () => {
  const expiresAt = inDays(3);
  const { id, createdAt } = await called(alice.call("POST", out, newRequest({ expiresAt })), 201);
  const foundBy = async (query: string) => {
    const found: { id: string }[] = await called(alice.call("GET", `${out}?${query}`), 200);
    return found.some((one) => one.id === id);
  };
  const filters: [field: string, right: string, wrong: string][] = [
    ["id", id, nobody],
    ["peer", addressOf(bob), addressOf(alice)],
    ["createdAt", createdAt, inDays(1)],
    ["status", "Draft", "Open"],
    ["content.expiresAt", expiresAt, inDays(4)],
    ["content.items.@type", "ConsentRequestItem", "ReadAttributeRequestItem"],
  ];

  for (const [field, right, wrong] of filters) {
    expect([field, await foundBy(`${field}=${right}`)]).toEqual([field, true]);
    expect([field, await foundBy(`${field}=${wrong}`)]).toEqual([field, false]);
  }
  expect(await foundBy("nonsense=1")).toBe(true);
});

test("a negative validation is a result, and creating the same is refused with its code", async () => {
  const input = { content: { items: [consent] }, peer: addressOf(alice) };

  const verdict = await called(alice.call("POST", `${out}/Validate`, input), 201);

  expect(verdict).toMatchObject({
    isSuccess: false,
    code: "error.consumption.requests.cannotShareRequestWithYourself",
  });
  await refusal(alice.call("POST", out, input), 400, verdict.code);
  expect(await called(alice.call("POST", `${out}/Validate`, { content: { items: [consent] } }), 201)).toMatchObject({
    isSuccess: true,
  });
  const malformed = { content: { items: [] }, peer: addressOf(bob) };
  await refusal(alice.call("POST", `${out}/Validate`, malformed), 400, "error.runtime.requestDeserialization");
});

test("a group may say that it must be accepted, as the first generation did", async () => {
  const group = { "@type": "RequestItemGroup", mustBeAccepted: true, items: [consent] };

  const { content } = await called(alice.call("POST", out, { ...newRequest(), content: { items: [group] } }), 201);

  expect(content.items[0]).toMatchObject({ "@type": "RequestItemGroup", items: [consent] });
});

test("an incoming Request is asked about, accepted once and answered", async () => {
  const id = await sent();

  expect(await called(bob.call("PUT", `${inn}/${id}/CanAccept`, yes), 200)).toMatchObject({ isSuccess: true });
  const cannot = await called(bob.call("PUT", `${inn}/${id}/CanAccept`, no), 200);
  expect(cannot.isSuccess).toBe(false);
  const decided = await called(bob.call("PUT", `${inn}/${id}/Accept`, yes), 200);
  await settle(alice);

  expect(decided).toMatchObject({ id, isOwn: false, status: "Decided", response: { content: { result: "Accepted" } } });
  expect(await called(bob.call("GET", `${inn}/${id}`), 200)).toMatchObject({ status: "Completed" });
  expect(await called(alice.call("GET", `${out}/${id}`), 200)).toMatchObject({ status: "Completed" });
});

test("a decision that is not possible has one code, and says the reason", async () => {
  const id = await sent();
  const unknown = "error.runtime.unknown";

  const message = await refusal(bob.call("PUT", `${inn}/${id}/Accept`, { items: [] }), 400, unknown);
  await called(bob.call("PUT", `${inn}/${id}/Reject`, no), 200);

  expect(message).toContain("error.consumption.requests.decide.validation.invalidNumberOfItems");
  await refusal(bob.call("PUT", `${inn}/${id}/Accept`, yes), 400, unknown);
  await refusal(bob.call("PUT", `${inn}/${id}/CanAccept`, yes), 400, unknown);
  await refusal(bob.call("PUT", `${inn}/${id}/CanReject`, no), 400, unknown);
});

test("deciding what is not there, or in the name of automation, is refused", async () => {
  await refusal(bob.call("PUT", `${inn}/${nobody}/CanAccept`, yes), 404, "error.transport.recordNotFound");
  await refusal(bob.call("PUT", `${inn}/${nobody}/Accept`, yes), 404, "error.runtime.recordNotFound");
  const automatic = { ...yes, decidedByAutomation: true };
  const code = "error.connector.incomingRequests.decidedByAutomation";
  await refusal(bob.call("PUT", `${inn}/${await sent()}/Accept`, automatic), 400, code);
  const invalid = "error.runtime.validation.invalidPropertyValue";
  expect(await refusal(bob.call("PUT", `${inn}/${nobody}/Accept`, {}), 400, invalid)).toBe(
    "must have required property 'items'",
  );
});

test("the decision can be explained, and its record read", async () => {
  const own = "/api/rapport/v1/Requests/Incoming";
  const id = await sent();
  await refusal(bob.call("GET", `${own}/${id}/Decision`), 404, "error.runtime.recordNotFound");
  expect(await called(bob.call("GET", `${own}/${id}/Explain`), 200)).toMatchObject({ id, kind: "request" });

  await called(bob.call("PUT", `${inn}/${id}/Accept`, yes), 200);

  expect(await called(bob.call("GET", `${own}/${id}/Decision`), 200)).toMatchObject({ decider: { kind: "human" } });
  expect((await called(bob.call("GET", `${own}/${id}/Explain`), 200)).decided).toMatchObject({ by: "human" });
  const { id: draft } = await called(alice.call("POST", out, newRequest()), 201);
  await called(alice.call("DELETE", `/api/rapport/v1/Requests/Outgoing/${draft}`), 204);
  await refusal(alice.call("GET", `${out}/${draft}`), 404, "error.runtime.recordNotFound");
});
