import type { JsonObject } from "rapport/core";
import { expect, test } from "vitest";
import { queryProblem, queryTypes } from "../../src/model/attribute-query.ts";

const address = "did:e:example.org:dids:0123456789abcdef012345";
const identity: JsonObject = { "@type": "IdentityAttributeQuery", valueType: "GivenName" };
const hints: JsonObject = { title: "T", valueType: "ProprietaryString", confidentiality: "public" };
const relationship: JsonObject = {
  "@type": "RelationshipAttributeQuery",
  key: "k",
  owner: "",
  attributeCreationHints: hints,
};
const thirdParty: JsonObject = {
  "@type": "ThirdPartyRelationshipAttributeQuery",
  key: "k",
  owner: "thirdParty",
  thirdParty: [address],
};
const iql: JsonObject = { "@type": "IQLQuery", queryString: "GivenName" };
const hinted = (more: JsonObject): JsonObject => ({ ...relationship, attributeCreationHints: { ...hints, ...more } });

test.for<[string, JsonObject]>([
  ["identity", identity],
  ["identity with tags", { ...identity, tags: ["x:a"] }],
  ["relationship", relationship],
  [
    "relationship with an owner and all hints",
    { ...hinted({ description: "d", valueHints: { min: 1 } }), owner: address },
  ],
  ["third party", thirdParty],
  ["third party, anybody", { ...thirdParty, owner: "", thirdParty: [""] }],
  ["third party, recipient", { ...thirdParty, owner: "recipient" }],
  ["IQL", iql],
  ["IQL with hints", { ...iql, attributeCreationHints: { valueType: "GivenName", tags: ["x:a"] } }],
  ["IQL that cannot be parsed, which is asked elsewhere", { ...iql, queryString: "((" }],
])("this is a query: %s", ([, query]) => {
  expect(queryProblem(query)).toBe(undefined);
});

test.for<[string, JsonObject | undefined]>([
  ["query", undefined],
  ["query.@type", {}],
  ["query.@type", { ...identity, "@type": "toString" }],
  ["query.valueType", { ...identity, valueType: "ProprietaryString" }],
  ["query.valueType", { ...identity, valueType: "City" }],
  ["query.tags", { ...identity, tags: ["x:a", "x:a"] }],
  ["query.key", { ...relationship, key: undefined }],
  ["query.key", { ...relationship, key: "k".repeat(101) }],
  ["query.owner", { ...relationship, owner: undefined }],
  ["query.attributeCreationHints", { ...relationship, attributeCreationHints: undefined }],
  ["query.attributeCreationHints.title", hinted({ title: "t".repeat(101) })],
  ["query.attributeCreationHints.valueType", hinted({ valueType: "GivenName" })],
  ["query.attributeCreationHints.description", hinted({ description: "d".repeat(1001) })],
  ["query.attributeCreationHints.valueHints.min", hinted({ valueHints: { min: "1" } })],
  ["query.attributeCreationHints.confidentiality", hinted({ confidentiality: undefined })],
  ["query.key", { ...thirdParty, key: 1 }],
  ["query.owner", { ...thirdParty, owner: address }],
  ["query.thirdParty", { ...thirdParty, thirdParty: [] }],
  ["query.thirdParty", { ...thirdParty, thirdParty: address }],
  ["query.thirdParty[1]", { ...thirdParty, thirdParty: [address, "some body"] }],
  ["query.queryString", { ...iql, queryString: undefined }],
  ["query.queryString", { ...iql, queryString: "x".repeat(4097) }],
  ["query.attributeCreationHints", { ...iql, attributeCreationHints: "x" }],
  ["query.attributeCreationHints.valueType", { ...iql, attributeCreationHints: {} }],
  ["query.attributeCreationHints.tags", { ...iql, attributeCreationHints: { valueType: "GivenName", tags: "x" } }],
])("%#: %s is named when it is wrong", ([place, query]) => {
  expect(queryProblem(query)?.startsWith(`${place} must `)).toBe(true);
});

test("only the kinds that are allowed may stand there", () => {
  expect(queryTypes).toEqual([identity, relationship, thirdParty, iql].map((query) => query["@type"]));
  expect(queryProblem(thirdParty, ["IdentityAttributeQuery", "IQLQuery"])).toMatch(/^query\.@type must be one of/);
  expect(queryProblem(iql, ["IdentityAttributeQuery", "IQLQuery"])).toBe(undefined);
});
