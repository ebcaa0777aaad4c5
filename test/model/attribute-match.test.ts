import fc from "fast-check";
import type { JsonObject } from "rapport/core";
import { describe, expect, test } from "vitest";
import { type AttributeContent, attributeProblem } from "../../src/model/attribute.ts";
import { mismatch } from "../../src/model/attribute-match.ts";
import { identityAttribute, relationshipAttribute } from "../kit/attribute-arbitraries.ts";

const i = "did:e:example.org:dids:000000000000000000000i";
const asker = "did:e:example.org:dids:00000000000000000asker";
const x = "did:e:example.org:dids:000000000000000000000x";
const y = "did:e:example.org:dids:000000000000000000000y";
const parties = { recipient: i, asker };
type Change = { readonly [member: string]: JsonObject[string] };

const name = (change: Change = {}) =>
  ({
    "@type": "IdentityAttribute",
    owner: i,
    value: { "@type": "GivenName", value: "Ada" },
    ...change,
  }) as AttributeContent;
const fact = (change: Change = {}, value: Change = {}) =>
  ({
    "@type": "RelationshipAttribute",
    owner: i,
    key: "customer",
    confidentiality: "public",
    value: { "@type": "ProprietaryString", title: "Customer", description: "Number", value: "7", ...value },
    ...change,
  }) as AttributeContent;

describe("an identity query", () => {
  const query = (more: JsonObject = {}) => ({ "@type": "IdentityAttributeQuery", valueType: "GivenName", ...more });

  test.for<[string | undefined, AttributeContent, JsonObject]>([
    [undefined, name(), query()],
    [undefined, name({ tags: ["x:a"] }), query({ tags: [] })],
    ["@type", fact(), query()],
    ["owner", name({ owner: asker }), query()],
    ["owner", name({ owner: "" }), query()],
    ["value.@type", name(), query({ valueType: "Surname" })],
    ["tags", name(), query({ tags: ["x:a"] })],
    ["tags", name({ tags: [] }), query({ tags: ["x:a"] })],
  ])("%#: is answered unless something differs (%s)", ([member, content, wanted]) => {
    expect(mismatch(content, wanted, parties)?.split(" ")[0]).toBe(member);
  });

  test("#94: an attribute answers a query for tags when it has one of them", () => {
    const wanted = query({ tags: ["x:a", "x:b"] });

    expect(mismatch(name({ tags: ["x:b", "x:c"] }), wanted, parties)).toBe(undefined);
    expect(mismatch(name({ tags: ["x:c"] }), wanted, parties)).toMatch(/^tags must have one of x:a, x:b/);
    expect(mismatch(name({ tags: ["x:c", "x:a"] }), wanted, parties)).toBe(undefined);
  });
});

describe("an IQL query", () => {
  const query = { "@type": "IQLQuery", queryString: "GivenName" };
  const surname = name({ value: { "@type": "Surname", value: "Lovelace" } });

  test("#95: is answered by any own IdentityAttribute, as its text is not evaluated", () => {
    expect(mismatch(surname, query, parties)).toBe(undefined);
    expect(mismatch(surname, { ...query, queryString: "((" }, parties)).toBe(undefined);
    expect(mismatch(name({ owner: asker }), query, parties)).toMatch(/^owner /);
    expect(mismatch(fact(), query, parties)).toMatch(/^@type /);
  });

  test("is evaluated for those who want it strict", () => {
    const strict = { ...parties, strictIql: true };

    expect(mismatch(name(), query, strict)).toBe(undefined);
    expect(mismatch(surname, query, strict)).toContain("query.queryString");
    expect(mismatch(name(), { ...query, queryString: "((" }, strict)).toContain("cannot be parsed");
    expect(mismatch(name({ owner: asker }), query, strict)).toMatch(/^owner /);
  });
});

describe("a relationship query", () => {
  const hints = { title: "Customer", description: "Number", valueType: "ProprietaryString", confidentiality: "public" };
  const query = (more: JsonObject = {}, moreHints: JsonObject = {}): JsonObject => ({
    "@type": "RelationshipAttributeQuery",
    key: "customer",
    owner: "",
    attributeCreationHints: { ...hints, ...moreHints },
    ...more,
  });
  const consent = fact({ value: { "@type": "Consent", consent: "yes" } });

  test.for<[string | undefined, AttributeContent, JsonObject]>([
    [undefined, fact(), query()],
    [undefined, fact({ owner: asker }), query({ owner: asker })],
    [undefined, fact({}, { description: undefined }), query({}, { description: undefined })],
    [undefined, consent, query({}, { valueType: "Consent" })],
    ["@type", name(), query()],
    ["owner", fact({ owner: asker }), query()],
    ["owner", fact(), query({ owner: asker })],
    ["owner", fact({ owner: "" }), query()],
    ["key", fact({ key: "other" }), query()],
    ["confidentiality", fact({ confidentiality: "private" }), query()],
    ["value.@type", fact({}, { "@type": "ProprietaryXML" }), query()],
    ["value.@type", consent, query()],
    ["value.title", fact({}, { title: "customer" }), query()],
    ["value.description", fact({}, { description: undefined }), query()],
    ["value.description", fact(), query({}, { description: undefined })],
    ["confidentiality", fact(), query({ attributeCreationHints: undefined })],
  ])("%#: is answered unless something differs (%s)", ([member, content, wanted]) => {
    expect(mismatch(content, wanted, parties)?.split(" ")[0]).toBe(member);
  });
});

describe("a third-party query", () => {
  const query = (owner: string, ...thirdParty: string[]): JsonObject => ({
    "@type": "ThirdPartyRelationshipAttributeQuery",
    key: "customer",
    owner,
    thirdParty,
  });

  // Who owns the attribute: the recipient, the listed X, or Y, whom nobody listed.
  test.for<[string, string[], boolean, boolean, boolean]>([
    ["recipient", [x], true, false, false],
    ["recipient", [""], true, false, false],
    ["thirdParty", [x], false, true, false],
    ["thirdParty", [""], false, true, true],
    ["thirdParty", [x, ""], false, true, true],
    ["", [x], true, true, false],
    ["", [""], true, true, true],
  ])("of owner %j and parties %j wants the right owners", ([owner, listed, ofRecipient, ofX, ofY]) => {
    const isFit = (by: string) => mismatch(fact({ owner: by }), query(owner, ...listed), parties) === undefined;

    expect([isFit(i), isFit(x), isFit(y)]).toEqual([ofRecipient, ofX, ofY]);
    expect([isFit(asker), isFit("")]).toEqual([false, ofY]);
  });

  test("#96: wants another owner than the one who asks, whoever is listed, and its key", () => {
    expect(mismatch(fact({ owner: asker }), query("", "", asker), parties)).toMatch(/^owner must not/);
    expect(mismatch(fact({ owner: y }), query("thirdParty", x), parties)).toMatch(/^owner must be one of/);
    expect(mismatch(fact({ owner: y }), query("thirdParty", x, ""), parties)).toBe(undefined);
    expect(mismatch(fact({ key: "other" }), query("recipient", x), parties)).toMatch(/^key must be "customer"/);
    expect(mismatch(name(), query("recipient", x), parties)).toMatch(/^@type /);
  });

  test("looks neither at value, title nor confidentiality", () => {
    const other = fact({ confidentiality: "private", value: { "@type": "Consent", consent: "yes" } });

    expect(mismatch(other, query("recipient", x), parties)).toBe(undefined);
  });
});

test("what is no query is answered by nothing", () => {
  expect(mismatch(name(), { "@type": "toString" }, parties)).toMatch(/^query\.@type /);
});

test("the query made from an attribute is answered by it, and not by one of another owner", () => {
  const made = (content: JsonObject): JsonObject => {
    const value = content["value"] as JsonObject;
    if (content["@type"] === "IdentityAttribute")
      return { "@type": "IdentityAttributeQuery", valueType: value["@type"], tags: content["tags"] };
    return {
      "@type": "RelationshipAttributeQuery",
      key: content["key"],
      owner: "",
      attributeCreationHints: {
        title: value["title"] ?? "T",
        description: value["description"],
        valueType: value["@type"],
        confidentiality: content["confidentiality"],
      },
    };
  };

  fc.assert(
    fc.property(fc.oneof(identityAttribute(i), relationshipAttribute(i)), (content) => {
      expect(attributeProblem(content)).toBe(undefined);
      expect(mismatch(content as AttributeContent, made(content), parties)).toBe(undefined);
      expect(mismatch({ ...content, owner: asker } as AttributeContent, made(content), parties)).toMatch(/^owner /);
    }),
  );
});
