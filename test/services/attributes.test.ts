// Own attributes, and what is known of them (spec/domain.md 6).
import type { JsonObject } from "rapport/core";
import { createWorld } from "rapport/testkit";
import { describe, expect, test } from "vitest";
import { exchanged, nameOf } from "./exchanging.ts";
import { listen, onDay, refused } from "./scenes.ts";

const own = "error.runtime.attributes";
const rules = "error.consumption.attributes";
const invalid = "error.runtime.validation.invalidPropertyValue";

async function alone() {
  const world = await createWorld();
  const person = await world.person("iris");
  return { world, person, attributes: person.account.attributes, [Symbol.asyncDispose]: world[Symbol.asyncDispose] };
}

test("an own attribute is trimmed, announced and found", async () => {
  await using at = await alone();
  const ear = listen(at.person.account);

  const made = await at.attributes.create({ content: nameOf("  Iris ", { tags: ["x:first"] }) });

  expect(made).toMatchObject({
    id: expect.stringMatching(/^ATT/),
    "@type": "OwnIdentityAttribute",
    content: {
      "@type": "IdentityAttribute",
      owner: at.person.account.address,
      value: { "@type": "GivenName", value: "Iris" },
      tags: ["x:first"],
    },
    numberOfForwards: 0,
  });
  expect(made).not.toHaveProperty("root");
  expect(ear.names()).toEqual(["consumption.attributeCreated"]);
  expect(await at.attributes.get(made.id)).toEqual(made);
  expect(await at.attributes.find({ "content.value.@type": "GivenName" })).toEqual([made]);
  expect(await at.attributes.find({ "content.value.@type": "Surname" })).toEqual([]);
});

test.for<[string, JsonObject, string]>([
  ["the same value once trimmed", nameOf(" Iris"), `${own}.cannotCreateDuplicateOwnIdentityAttribute`],
  ["a value of another owner", nameOf("Ida", { owner: "did:e:else:dids:1" }), `${rules}.wrongOwnerOfAttribute`],
  ["a fact within a Relationship", { ...nameOf("Ida"), "@type": "RelationshipAttribute" }, invalid],
  ["a value without a type", { value: { value: "Ida" } }, invalid],
  ["no value", {}, invalid],
  ["characters of no name", nameOf("\u{1F600}"), `${rules}.forbiddenCharactersInAttribute`],
  ["a tag of no kind", nameOf("Ida", { tags: ["first"] }), `${rules}.invalidTags`],
  ["a tag that the relay does not know", nameOf("Ida", { tags: ["bkb:first"] }), `${rules}.invalidTags`],
])("%s is no new attribute", async ([, content, code]) => {
  await using at = await alone();
  await at.attributes.create({ content: nameOf("Iris") });

  expect(await at.attributes.canCreate({ content })).toMatchObject({ isSuccess: false, code });
  await refused(code, () => at.attributes.create({ content }), { world: at.world, people: [at.person] });
});

test("tags of the relay's collection are asked for and allowed", async () => {
  await using at = await alone();
  const tags = { first: { displayNames: { en: "First" } } };
  await at.world.relay.admin.tags.set({
    supportedLanguages: ["en"],
    tagsForAttributeValueTypes: { GivenName: tags },
  });

  const content = nameOf("Iris", { tags: ["bkb:first"] });

  expect(await at.attributes.canCreate({ content })).toEqual({ isSuccess: true });
  expect((await at.attributes.create({ content })).content["tags"]).toEqual(["bkb:first"]);
});

test("the same value can be created again once it was succeeded or deleted", async () => {
  await using at = await alone();
  const first = await at.attributes.create({ content: nameOf("Iris") });
  await at.attributes.succeed({ predecessorId: first.id, successorContent: nameOf("Ida") });
  const second = await at.attributes.create({ content: nameOf("Iris") });
  await at.attributes.delete(second.id);

  const third = await at.attributes.create({ content: nameOf("Iris") });

  expect(third.id).not.toBe(second.id);
});

test("versions follow each other, and lists have the latest unless all are wanted", async () => {
  await using at = await alone();
  const first = await at.attributes.create({ content: nameOf("Iris", { tags: ["x:a"] }) });
  const ear = listen(at.person.account);

  const { predecessor, successor } = await at.attributes.succeed({
    predecessorId: first.id,
    successorContent: nameOf(" Ida "),
  });

  expect(predecessor).toEqual({ ...first, succeededBy: successor.id });
  expect(successor).toMatchObject({ succeeds: first.id, content: { value: { value: "Ida" } } });
  expect(successor.content).not.toHaveProperty("tags");
  expect(ear.data("consumption.attributeSucceeded")).toMatchObject([
    { predecessor: { id: first.id }, successor: { id: successor.id } },
  ]);
  expect((await at.attributes.own()).map(({ id }) => id)).toEqual([successor.id]);
  const all = await at.attributes.own({ onlyLatestVersions: false, query: { "content.value.value": "Iris" } });
  expect(all.map(({ id }) => id)).toEqual([first.id]);
  for (const { id } of [first, successor])
    expect((await at.attributes.versions(id)).map((one) => one.id)).toEqual([successor.id, first.id]);
});

describe("6.7: what does not succeed", () => {
  test.for<[string, JsonObject, string]>([
    ["the very same content", nameOf("Iris"), `${rules}.successionMustChangeContent`],
    ["another owner", nameOf("Ida", { owner: "did:e:else:dids:1" }), `${rules}.successionMustNotChangeOwner`],
    [
      "another value type",
      { value: { "@type": "Surname", value: "Iris" } },
      `${rules}.successionMustNotChangeValueType`,
    ],
    ["something malformed", { value: { "@type": "GivenName" } }, `${rules}.successorIsNotAValidAttribute`],
    ["forbidden characters", nameOf("\u{1F600}"), `${rules}.forbiddenCharactersInAttribute`],
    ["invalid tags", nameOf("Iris", { tags: ["first"] }), `${rules}.invalidTags`],
  ])("%s", async ([, successorContent, code]) => {
    await using at = await alone();
    const { id: predecessorId } = await at.attributes.create({ content: nameOf("Iris") });

    const succeeding = () => at.attributes.succeed({ predecessorId, successorContent });

    await refused(code, succeeding, { world: at.world, people: [at.person] });
  });

  test("an attribute that was succeeded, is unknown, or is a peer's", async () => {
    await using two = await exchanged("Active");
    const { attributes } = two.initiator.account;
    await attributes.succeed({ predecessorId: two.nameId, successorContent: nameOf("Ida") });
    const succeeding = (predecessorId: string) =>
      attributes.succeed({ predecessorId, successorContent: nameOf("Ina") });
    const where = { world: two.world, people: [two.initiator] };

    await refused(`${rules}.cannotSucceedAttributesWithASuccessor`, () => succeeding(two.nameId), where);
    await refused("error.runtime.recordNotFound", () => succeeding("ATT"), where);
    await refused(`${rules}.wrongOwnerOfAttribute`, () => succeeding(two.numberId), where);
  });

  test.for<[string, JsonObject, string]>([
    ["key", { key: "other" }, `${rules}.successionMustNotChangeKey`],
    ["content type", { "@type": "IdentityAttribute" }, `${rules}.successorIsNotAValidAttribute`],
    ["nothing", {}, `${rules}.successionMustChangeContent`],
  ])("a RelationshipAttribute of which the %s changes", async ([, successorContent, code]) => {
    await using two = await exchanged("Active");
    const succeeding = () =>
      two.templator.account.attributes.succeed({ predecessorId: two.numberId, successorContent });

    await refused(code, succeeding, { world: two.world, people: [two.templator] });
  });
});

test("the first time it is viewed is noted and announced once", async () => {
  await using at = await alone();
  const { id } = await at.attributes.create({ content: nameOf("Iris") });
  const ear = listen(at.person.account);

  const viewed = await at.attributes.markAsViewed(id);
  at.world.clock.advance(1000);
  await at.attributes.markAsViewed(id);

  expect(viewed.wasViewedAt).toBe(onDay(0));
  expect(await at.attributes.get(id)).toEqual(viewed);
  expect(ear.names()).toEqual(["consumption.attributeWasViewedAtChanged"]);
  expect(await at.attributes.find({ wasViewedAt: "!" })).toEqual([]);
});

test("queries are answered from the latest own attributes", async () => {
  await using two = await exchanged("Active");
  const { attributes, address } = two.templator.account;
  await attributes.create({ content: nameOf("Tom", { tags: ["x:a"] }) });
  const wanted = { key: "number", owner: address };
  const hints = { title: "A number", valueType: "ProprietaryString", confidentiality: "public" };

  const names = await attributes.executeIdentityAttributeQuery({ valueType: "GivenName" });
  const tagged = await attributes.executeIqlQuery({ queryString: "GivenName=Tom && #'x:a'" });
  const number = await attributes.executeRelationshipAttributeQuery({ ...wanted, attributeCreationHints: hints });
  const third = await attributes.executeThirdPartyRelationshipAttributeQuery({
    key: "number",
    owner: "recipient",
    thirdParty: [two.initiator.account.address],
  });

  expect(names.map(({ content }) => content["value"])).toEqual([{ "@type": "GivenName", value: "Tom" }]);
  expect(tagged).toEqual(names);
  expect([number.id, third.map(({ id }) => id)]).toEqual([two.numberId, [two.numberId]]);
  await expect(
    attributes.executeRelationshipAttributeQuery({ ...wanted, key: "other", attributeCreationHints: hints }),
  ).rejects.toMatchObject({ code: "error.runtime.recordNotFound" });
  await expect(attributes.executeIdentityAttributeQuery({ valueType: "Nothing" })).rejects.toMatchObject({
    code: invalid,
  });
});

test("a text of IQL is valid, or it is said where it is not", async () => {
  await using at = await alone();

  expect(await at.attributes.validateIqlQuery({ queryString: "GivenName || #x" })).toEqual({ isValid: true });
  expect(await at.attributes.validateIqlQuery({ queryString: "GivenName ||" })).toEqual({
    isValid: false,
    error: { message: expect.any(String), location: { offset: 12 } },
  });
});

test("what is shared with a peer is seen at both sides", async () => {
  await using two = await exchanged("Active");
  const [templator, initiator] = [two.templator.account, two.initiator.account];
  const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id);

  expect((await initiator.attributes.get(two.nameId)).numberOfForwards).toBe(1);
  expect(ids(await initiator.attributes.ownSharedWith(templator.address))).toEqual([two.nameId]);
  expect(ids(await initiator.attributes.receivedFrom(templator.address))).toEqual([two.numberId]);
  expect(ids(await templator.attributes.ownSharedWith(initiator.address))).toEqual([two.numberId]);
  expect(ids(await templator.attributes.receivedFrom(initiator.address))).toEqual([two.nameId]);
  expect(await initiator.attributes.forwardingDetails(two.nameId)).toMatchObject([
    { attributeId: two.nameId, peer: templator.address },
  ]);
  expect(await initiator.attributes.forwardingDetails(two.nameId, { peer: "nobody" })).toEqual([]);
});
