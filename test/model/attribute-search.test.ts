import type { JsonObject } from "rapport/core";
import { expect, test } from "vitest";
import type { AttributeContent } from "../../src/model/attribute.ts";
import { answersQuery, suggestionsFor } from "../../src/model/attribute-search.ts";

const me = "did:e:example.org:dids:0000000000000000000me";
const asker = "did:e:example.org:dids:00000000000000000asker";
const x = "did:e:example.org:dids:000000000000000000000x";
const parties = { recipient: me, asker };

const name = {
  "@type": "IdentityAttribute",
  owner: me,
  value: { "@type": "GivenName", value: "Ada" },
  tags: ["x:a"],
} as const satisfies AttributeContent;
const fact = {
  "@type": "RelationshipAttribute",
  owner: me,
  key: "customer",
  confidentiality: "public",
  value: { "@type": "ProprietaryString", title: "Customer", value: "7" },
} as const satisfies AttributeContent;

const identity: JsonObject = { "@type": "IdentityAttributeQuery", valueType: "GivenName" };
const iql = (queryString: string): JsonObject => ({ "@type": "IQLQuery", queryString });
const relationship: JsonObject = {
  "@type": "RelationshipAttributeQuery",
  key: "customer",
  owner: "",
  attributeCreationHints: { title: "Other title", valueType: "ProprietaryString", confidentiality: "private" },
};
const thirdParty: JsonObject = {
  "@type": "ThirdPartyRelationshipAttributeQuery",
  key: "customer",
  owner: "",
  thirdParty: [x],
};

test.for<[boolean, string, AttributeContent, JsonObject]>([
  [true, "identity: the value type", name, identity],
  [true, "identity: a common tag", name, { ...identity, tags: ["x:a", "x:b"] }],
  [false, "identity: no common tag", name, { ...identity, tags: ["x:b"] }],
  [false, "identity: another value type", name, { ...identity, valueType: "Surname" }],
  [false, "identity: somebody else's", { ...name, owner: asker }, identity],
  [true, "IQL: what its text describes", name, iql("GivenName=Ada && #x:a")],
  [false, "IQL: anything else", name, iql("Surname")],
  [false, "IQL: somebody else's", { ...name, owner: asker }, iql("GivenName")],
  [false, "IQL: the other kind", fact, iql("!#none")],
  [false, "IQL: a text that cannot be parsed", name, iql("((")],
  [true, "relationship: key, owner and value type", fact, relationship],
  [true, "relationship: the owner that is named", { ...fact, owner: asker }, { ...relationship, owner: asker }],
  [false, "relationship: another owner", { ...fact, owner: asker }, relationship],
  [false, "relationship: another key", { ...fact, key: "other" }, relationship],
  [false, "relationship: the other kind", name, relationship],
  [false, "relationship: another value type", { ...fact, value: { ...fact.value, "@type": "Consent" } }, relationship],
  [true, "third party: the recipient's", fact, thirdParty],
  [true, "third party: a listed one's", { ...fact, owner: x }, thirdParty],
  [false, "third party: the asker's", { ...fact, owner: asker }, { ...thirdParty, thirdParty: [""] }],
  [false, "third party: another key", { ...fact, key: "other" }, thirdParty],
  [false, "third party: a private one", { ...fact, confidentiality: "private" }, thirdParty],
  [false, "no query at all", name, { "@type": "toString" }],
])("suggested, %j: %s", ([expected, , content, query]) => {
  expect(answersQuery(content, query, parties)).toBe(expected);
});

test("one query is asked of many attributes", () => {
  const isSuggested = suggestionsFor(iql("GivenName"), parties);
  const others = [name, { ...name, owner: x }, { ...name, value: { "@type": "Surname", value: "L" } }];

  expect(others.map(isSuggested)).toEqual([true, false, false]);
});
