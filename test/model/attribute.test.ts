import fc from "fast-check";
import type { JsonObject } from "rapport/core";
import { expect, test } from "vitest";
import {
  attributeProblem,
  isIdentityAttribute,
  isRelationshipAttribute,
  valueTypeOf,
} from "../../src/model/attribute.ts";
import { identityAttribute, relationshipAttribute } from "../kit/attribute-arbitraries.ts";

const owner = "did:e:example.org:dids:0123456789abcdef012345";
const name: JsonObject = { "@type": "IdentityAttribute", owner, value: { "@type": "GivenName", value: "Ada" } };
const fact: JsonObject = {
  "@type": "RelationshipAttribute",
  owner,
  key: "customer",
  confidentiality: "public",
  value: { "@type": "ProprietaryString", title: "Customer", value: "7" },
};
const tagsOf = (count: number) => Array.from({ length: count }, (_, index) => `x:${index}`);

test("valid contents of both kinds pass, with any owner and with members of the older generation", () => {
  fc.assert(
    fc.property(
      fc
        .constantFrom("", owner, "id1AbCdEfGhJkLmNoPqRsTuVwXyZ12345")
        .chain((by) => fc.oneof(identityAttribute(by), relationshipAttribute(by))),
      (content) => {
        expect(attributeProblem(content)).toBe(undefined);
        expect(attributeProblem({ ...content, validFrom: "2030-01-01T00:00:00.000Z" })).toBe(undefined);
        expect(isIdentityAttribute(content)).toBe(!isRelationshipAttribute(content));
        expect(valueTypeOf(content)).toBe((content["value"] as JsonObject)["@type"]);
      },
    ),
  );
});

test.for<[string, JsonObject]>([
  ["20 tags", { ...name, tags: tagsOf(20) }],
  ["a tag of 250 characters", { ...name, tags: ["x".repeat(250)] }],
  ["no tags at all", { ...name, tags: [] }],
  ["a key of 100 characters", { ...fact, key: "k".repeat(100) }],
  ["a technical one", { ...fact, isTechnical: true }],
])("%s may be", ([, content]) => {
  expect(attributeProblem(content)).toBe(undefined);
});

test.for<[string, JsonObject | string | undefined]>([
  ["attribute", undefined],
  ["attribute", "text"],
  ["attribute.@type", { ...name, "@type": "Attribute" }],
  ["attribute.owner", { ...name, owner: undefined }],
  ["attribute.owner", { ...name, owner: "some body" }],
  ["attribute.owner", { ...fact, owner: 7 }],
  ["attribute.value", { ...name, value: "Ada" }],
  ["attribute.value.value", { ...name, value: { "@type": "GivenName" } }],
  ["attribute.value.@type", { ...name, value: fact["value"] }],
  ["attribute.value.@type", { ...fact, value: name["value"] }],
  ["attribute.tags", { ...name, tags: tagsOf(21) }],
  ["attribute.tags", { ...name, tags: ["x:a", "x:a"] }],
  ["attribute.tags", { ...name, tags: "x:a" }],
  ["attribute.tags[1]", { ...name, tags: ["x:a", "x".repeat(251)] }],
  ["attribute.tags[0]", { ...name, tags: [7] }],
  ["attribute.key", { ...fact, key: undefined }],
  ["attribute.key", { ...fact, key: "k".repeat(101) }],
  ["attribute.isTechnical", { ...fact, isTechnical: "false" }],
  ["attribute.confidentiality", { ...fact, confidentiality: undefined }],
  ["attribute.confidentiality", { ...fact, confidentiality: "secret" }],
])("%#: %s is named when it is wrong", ([place, content]) => {
  expect(attributeProblem(content)?.startsWith(`${place} must `)).toBe(true);
});

test("the place may have another name", () => {
  expect(attributeProblem({ ...name, owner: 7 }, "newAttribute")).toMatch(/^newAttribute\.owner must /);
});

test("content without a value has no value type", () => {
  expect(valueTypeOf({})).toBe("");
  expect(valueTypeOf({ value: { "@type": 7 } })).toBe("");
});
