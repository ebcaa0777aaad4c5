// Attributes of the first two generations over HTTP (spec/connector-api.md 1.11; behaviours 80 to 89).
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type Attribute,
  agreed,
  all,
  create,
  heard,
  idsOf,
  ownShared,
  path,
  peerShared,
  share,
  succeed,
  valued,
} from "./attribute-calls.ts";
import { addressOf, ask, befriend, called, inDays, refusal, settle } from "./friends.ts";
import { type Actor, openStage, type Stage } from "./stage.ts";

const runtime = "error.runtime.attributes";

let stage: Stage;
let alice: Actor;
let bob: Actor;
let carol: Actor;

beforeAll(async () => {
  stage = await openStage();
  alice = await stage.actor("alice");
  bob = await stage.actor("bob");
  carol = await stage.actor("carol");
  await befriend(alice, bob);
  await befriend(alice, carol);
});
afterAll(() => stage[Symbol.asyncDispose]());

test("7.80 an own attribute is created, read and listed, and is no default", async () => {
  const created = await create(alice, valued("GivenName", "Ann"));

  expect(created).not.toHaveProperty("isDefault");
  expect(created).not.toHaveProperty("shareInfo");
  expect(await called(alice.call("GET", `${path}/${created.id}`), 200)).toEqual(created);
  expect(idsOf(await all(alice, "/Own/Repository"))).toContain(created.id);
  expect(idsOf(await all(alice, ""))).toContain(created.id);
});

test("7.81 whether an attribute may be created is asked without creating it", async () => {
  const content = valued("Surname", "Arnold");

  expect(await called(alice.call("PUT", `${path}/CanCreate`, { content }), 200)).toEqual({ isSuccess: true });
  await create(alice, content);
  expect(await called(alice.call("PUT", `${path}/CanCreate`, { content }), 200)).toMatchObject({
    isSuccess: false,
    code: `${runtime}.cannotCreateDuplicateOwnIdentityAttribute`,
  });
});

test.for(["foo", "key", "isDefault"])("content of an attribute has no %s", async (member) => {
  const content = valued("Surname", "Closed", { [member]: "x" });
  const code = "error.runtime.validation.invalidPropertyValue";

  expect(await refusal(alice.call("POST", path, { content }), 400, code)).toBe(
    "content must NOT have additional properties",
  );
});

test("content may say whose it is and what it is, as the first clients do", async () => {
  await create(alice, valued("Surname", "Own", { owner: addressOf(alice), "@type": "IdentityAttribute" }));
});

test("7.82 a successor has the new value and the old tags, when they are given again", async () => {
  const before = await create(alice, valued("JobTitle", "Clerk", { tags: ["x:work"] }));
  const successorContent = valued("JobTitle", "Head", { tags: ["x:work"] });

  const pair = await called(alice.call("POST", `${path}/${before.id}/Succeed`, { successorContent }), 201);

  expect(pair.predecessor).toMatchObject({ id: before.id, succeededBy: pair.successor.id });
  expect(pair.successor).toMatchObject({ succeeds: before.id, content: successorContent });
  expect(pair).not.toHaveProperty("notificationId");
  const unknown = alice.call("POST", `${path}/ATTaaaaaaaaaaaaaaaaa/Succeed`, { successorContent });
  await refusal(unknown, 404, "error.runtime.recordNotFound");
});

test("7.83, 7.88 what was shared is a copy of its own, and its new version is one more", async () => {
  const own = await create(alice, valued("Pseudonym", "Annie"));
  await create(alice, valued("Pseudonym", "unshared"));
  await share(alice, bob, own);
  const [copy] = await ownShared(alice, bob);
  const [received] = await peerShared(bob, alice);
  const hint = heard(bob);

  const next = await succeed(alice, own, valued("Pseudonym", "Anna"));
  const told = await called(alice.call("POST", `${path}/${next.id}/NotifyPeer`, { peer: addressOf(bob) }), 201);
  await settle(bob);

  expect(copy).toMatchObject({ content: own.content, shareInfo: { peer: addressOf(bob), sourceAttribute: own.id } });
  expect(copy?.id).not.toBe(own.id);
  expect(await called(alice.call("GET", `${path}/${copy?.id}`), 200)).toMatchObject({ id: copy?.id });
  expect(received).toMatchObject({ content: own.content, shareInfo: { peer: addressOf(alice) } });
  expect(told).toMatchObject({ predecessor: { id: copy?.id }, successor: { succeeds: copy?.id } });
  expect(told.notificationId).toMatch(/^NOT/);
  expect(hint.names()).toContain("consumption.attributeSucceeded");
  expect((await peerShared(bob, alice)).map(({ content }) => content.value.value)).toEqual(["Anna"]);
  expect(await all(alice, `/${copy?.id}/Versions`)).toHaveLength(2);
  const again = alice.call("POST", `${path}/${next.id}/NotifyPeer`, { peer: addressOf(bob) });
  await refusal(again, 400, `${runtime}.repositoryAttributeHasAlreadyBeenSharedWithPeer`);
  const stranger = alice.call("POST", `${path}/${next.id}/NotifyPeer`, { peer: addressOf(carol) });
  await refusal(stranger, 400, `${runtime}.noPreviousVersionOfRepositoryAttributeHasBeenSharedWithPeerBefore`);
});

test("7.84 the partner has the new version of a RelationshipAttribute without being told apart", async () => {
  await ask(alice, bob, {
    "@type": "CreateAttributeRequestItem",
    mustBeAccepted: true,
    attribute: agreed(alice, "key84", "1"),
  });
  const [before] = await ownShared(alice, bob, "&content.key=key84");

  const successorContent = { value: { "@type": "ProprietaryString", title: "A number", value: "2" } };
  const pair = await called(alice.call("POST", `${path}/${before?.id}/Succeed`, { successorContent }), 201);
  await settle(bob);

  expect(pair.notificationId).toMatch(/^NOT/);
  const [latest, ...others] = await peerShared(bob, alice, "&content.key=key84");
  expect([latest?.content.value.value, others]).toEqual(["2", []]);
});

test("7.85 attributes are found by each field with its value, and not with another", async () => {
  const content = valued("Citizenship", "DE", { tags: ["x:one", "x:two"], validFrom: inDays(-1), validTo: inDays(1) });
  const own = await create(alice, content);
  await share(alice, bob, own);
  const copies = await all(alice, `?shareInfo.sourceAttribute=${own.id}`);
  const foundBy = async (query: string) => idsOf(await all(alice, `?${query}`)).includes(own.id);
  const filters: [field: string, right: string, wrong: string][] = [
    ["content.value.@type", "Citizenship", "Nationality"],
    ["content.tags", "x:two", "x:three"],
    ["content.tags.0", "x:two", "x:three"],
    ["content.owner", addressOf(alice), addressOf(bob)],
    ["content.@type", "IdentityAttribute", "RelationshipAttribute"],
    ["content.validFrom", inDays(-2), inDays(0)],
    ["content.validTo", inDays(2), inDays(0)],
    ["shareInfo", "!", ""],
    ["succeeds", "!", ""],
    ["isDefault", "!", "true"],
  ];

  for (const [field, right, wrong] of filters) {
    expect([field, right, await foundBy(`${field}=${right}`)]).toEqual([field, right, true]);
    expect([field, wrong, await foundBy(`${field}=${wrong}`)]).toEqual([field, wrong, false]);
  }
  expect(copies).toHaveLength(1);
  expect(idsOf(await all(alice, `?shareInfo.peer=${addressOf(bob)}&content.value.@type=Citizenship`))).toEqual(
    idsOf(copies),
  );
  expect(idsOf(await ownShared(alice, bob, "&query.content.tags=x:one"))).toEqual(idsOf(copies));
  expect(idsOf(await all(alice, "/Valid?content.value.@type=Citizenship"))).toEqual([own.id, ...idsOf(copies)]);
  await refusal(alice.call("GET", `${path}/Own/Shared/Identity`), 400, "error.runtime.validation.invalidPropertyValue");
});

test("an attribute that is over is not among the valid ones", async () => {
  const own = await create(alice, valued("BirthName", "Old", { validTo: inDays(-1) }));

  expect(idsOf(await all(alice, "/Valid"))).not.toContain(own.id);
  expect(idsOf(await all(alice, ""))).toContain(own.id);
});

test("7.86 queries give what answers them", async () => {
  const mail = await create(bob, valued("EMailAddress", "bob@example.org"));
  const post = (query: object, kind: string) => bob.call("POST", `${path}/Execute${kind}`, { query });
  await ask(alice, bob, {
    "@type": "CreateAttributeRequestItem",
    mustBeAccepted: true,
    attribute: agreed(alice, "key86", "1"),
  });
  const hints = { title: "A number", valueType: "ProprietaryString", confidentiality: "public" };
  const attributeCreationHints = { "@type": "RelationshipAttributeCreationHints", ...hints };
  const relationship = {
    "@type": "RelationshipAttributeQuery",
    key: "key86",
    owner: addressOf(alice),
    attributeCreationHints,
  };

  const byType = { "@type": "IdentityAttributeQuery", valueType: "EMailAddress" };
  expect(idsOf(await called(post(byType, "IdentityAttributeQuery"), 200))).toEqual([mail.id]);
  expect(await called(post(relationship, "RelationshipAttributeQuery"), 200)).toMatchObject({
    content: { key: "key86" },
  });
  const none = post({ ...relationship, key: "none" }, "RelationshipAttributeQuery");
  await refusal(none, 404, "error.runtime.recordNotFound");
});

test("7.87 own attributes are listed with their latest versions, or with all", async () => {
  const type = "&content.value.@type=Nationality";
  const first = await create(alice, valued("Nationality", "DE"));
  const second = await succeed(alice, first, valued("Nationality", "FR"));

  expect(idsOf(await all(alice, `/Own/Repository?${type}`))).toEqual([second.id]);
  expect(await all(alice, `/Own/Repository?onlyLatestVersions=false${type}`)).toHaveLength(2);
  expect(await all(alice, `/Own/Repository?onlyLatestVersions=True${type}`)).toHaveLength(1);
});

test("7.89 versions are counted here, for every peer, and the latest alone", async () => {
  const versions = [await create(alice, valued("HonorificPrefix", "0"))];
  const [first] = versions as [Attribute];
  for (const peer of [bob, carol]) await share(alice, peer, first);
  for (let count = 1; count <= 5; count += 1) {
    const next = await succeed(alice, versions.at(-1) ?? first, valued("HonorificPrefix", String(count)));
    for (const peer of [bob, carol])
      await called(alice.call("POST", `${path}/${next.id}/NotifyPeer`, { peer: addressOf(peer) }), 201);
    versions.push(next);
  }
  const every = `/${first.id}/Versions/Shared?onlyLatestVersions=false`;

  expect(await all(alice, `/${first.id}/Versions`)).toHaveLength(6);
  expect(await all(alice, `${every}&peers=${addressOf(bob)}&peers=${addressOf(carol)}`)).toHaveLength(12);
  expect(await all(alice, `${every}&peers=${addressOf(bob)}`)).toHaveLength(6);
  expect(await all(alice, `/${first.id}/Versions/Shared?peers=${addressOf(bob)}`)).toHaveLength(1);
  expect(await all(alice, `/${first.id}/Versions/Shared`)).toHaveLength(2);
  const empty = alice.call("GET", `${path}/${first.id}/Versions/Shared?peers=`);
  await refusal(empty, 400, "error.runtime.validation.invalidPropertyValue");
});
