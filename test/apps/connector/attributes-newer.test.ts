// Attributes of the third generation, and queries in IQL, over HTTP (spec/connector-api.md 1.11; behaviours 94 to 98).
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Attribute, all, create, idsOf, peerShared, share, valued } from "./attribute-calls.ts";
import { addressOf, ask, befriend, called, refusal, settle } from "./friends.ts";
import { type Actor, openStage, type Stage } from "./stage.ts";

const path = "/api/core/v1/Attributes";

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

const newer = (actor: Actor, query: string): Promise<Attribute[]> => called(actor.call("GET", `${path}${query}`), 200);

test("7.94 forwarding details are read, of one peer or of all", async () => {
  const own = await create(alice, valued("GivenName", "Ann"));
  await share(alice, bob, own);
  const details = `${path}/${own.id}/ForwardingDetails`;

  const every = await called(alice.call("GET", details), 200);

  const [sourceReference, sharedAt] = [expect.stringMatching(/^REQ/), expect.stringMatching(/Z$/)];
  expect(every).toEqual([{ peer: addressOf(bob), sourceReference, sharedAt }]);
  expect(await called(alice.call("GET", `${details}?peer=${addressOf(bob)}`), 200)).toEqual(every);
  expect(await called(alice.call("GET", `${details}?peer=${addressOf(alice)}`), 200)).toEqual([]);
  expect(await called(alice.call("GET", `${details}?limit=1`), 200)).toEqual(every);
  expect(await called(alice.call("GET", `${details}?deletionInfo=!`), 200)).toEqual(every);
});

test("7.95 the collection of tags is read", async () => {
  const collection = await called(alice.call("GET", `${path}/TagCollection`), 200);

  expect(Object.keys(collection).toSorted()).toEqual(["supportedLanguages", "tagsForAttributeValueTypes"]);
});

test("an attribute is one in all lists of the third generation, and deleting it tells whoever has it", async () => {
  const own = await create(alice, valued("Surname", "Berg"));
  await share(alice, bob, own);
  const type = "content.value.@type=Surname";

  expect(idsOf(await newer(alice, `/Own/Identity?${type}`))).toEqual([own.id]);
  expect(idsOf(await newer(alice, `/Own/Shared/${addressOf(bob)}?${type}`))).toEqual([own.id]);
  expect(idsOf(await newer(bob, `/Peer/${addressOf(alice)}?${type}`))).toEqual([own.id]);
  expect(idsOf(await newer(alice, `?${type}`))).toEqual([own.id]);
  expect(idsOf(await newer(alice, `/${own.id}/Versions/Shared?peer=${addressOf(bob)}`))).toEqual([own.id]);
  const { notificationIds } = await called(alice.call("DELETE", `${path}/${own.id}`), 200);
  await settle(bob);

  expect(notificationIds).toHaveLength(1);
  await refusal(alice.call("GET", `${path}/${own.id}`), 404, "error.runtime.recordNotFound");
  const [received] = await newer(bob, `/Peer/${addressOf(alice)}?${type}`);
  expect(received?.deletionInfo?.deletionStatus).toBe("DeletedByEmitter");
  await refusal(bob.call("GET", `${path}/Own/Repository`), 404, "error.connector.http.routeDoesNotExist");
});

test("an attribute is marked as viewed", async () => {
  const own = await create(alice, valued("JobTitle", "Clerk"));

  await called(alice.call("PUT", `/api/rapport/v1/Attributes/${own.id}/MarkAsViewed`), 200);

  expect(await called(alice.call("GET", `${path}/${own.id}`), 200)).toHaveProperty("wasViewedAt");
});

test("7.96 queries by tags give exactly what has them", async () => {
  const tagged = async (value: string, ...tags: string[]) =>
    (await create(bob, valued("Citizenship", value, { tags }))).id;
  const [one, two, both] = [
    await tagged("DE", "x:one"),
    await tagged("FR", "x:two"),
    await tagged("ES", "x:one", "x:two", "x:three"),
  ];
  const found = async (queryString: string) => {
    const query = { "@type": "IQLQuery", queryString };
    return idsOf(await called(bob.call("POST", "/api/v2/Attributes/ExecuteIQLQuery", { query }), 200));
  };

  expect(await found("#'x:three'")).toEqual([both]);
  expect((await found("#'x:one' || #'x:two'")).toSorted()).toEqual([one, two, both].toSorted());
  expect(await found("#'x:three' && (#'x:one' || #'x:two')")).toEqual([both]);
  const verdict = (queryString: string) =>
    called(
      bob.call("POST", "/api/v2/Attributes/ValidateIQLQuery", { query: { "@type": "IQLQuery", queryString } }),
      200,
    );
  expect(await verdict("#'x:one'")).toEqual({ isValid: true });
  expect(await verdict("&&")).toMatchObject({ isValid: false, error: { message: expect.any(String) } });
});

test("7.97 a Request that reads by IQL is answered with an existing attribute", async () => {
  const own = await create(bob, valued("PhoneNumber", "0123", { tags: ["x:phone"] }));
  const query = { "@type": "IQLQuery", queryString: "#'x:phone'" };

  await ask(
    alice,
    bob,
    { "@type": "ReadAttributeRequestItem", mustBeAccepted: true, query },
    { existingAttributeId: own.id },
  );

  const [received] = await peerShared(alice, bob, "&content.value.@type=PhoneNumber");
  expect(received?.content).toEqual(own.content);
});

test("7.98 a proposal is answered with an existing attribute, or with a new one", async () => {
  const existing = await create(bob, valued("Pseudonym", "Bobby", { tags: ["x:name"] }));
  const proposal = (value: string) => ({
    "@type": "ProposeAttributeRequestItem",
    mustBeAccepted: true,
    query: { "@type": "IQLQuery", queryString: "#'x:name'" },
    attribute: { "@type": "IdentityAttribute", owner: "", value: { "@type": "Pseudonym", value } },
  });
  const attribute = { ...existing.content, value: { "@type": "Pseudonym", value: "Robert" } };

  await ask(alice, bob, proposal("Bob"), { attributeId: existing.id });
  await ask(alice, bob, proposal("Rob"), { attribute });

  const received = await peerShared(alice, bob, "&content.value.@type=Pseudonym");
  expect(received.map(({ content }) => content.value.value)).toEqual(["Bobby", "Robert"]);
  expect(await all(bob, "/Own/Repository?content.value.@type=Pseudonym")).toHaveLength(2);
});
