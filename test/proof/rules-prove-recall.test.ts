// Whether the search finds what is there: tables with a hole that is known, among lines that are drawn.
import fc from "fast-check";
import { createRuleTable, type RequestConfig, type RequestEntry } from "rapport/plugins/rules-table";
import { type PropertyConfig, proveRules } from "rapport/proof";
import { expect, test } from "vitest";

const texts = fc.constantFrom("News", "Hello", "Offer");
const types = fc.constantFrom("CreateAttributeRequestItem", "ReadAttributeRequestItem", "ShareAttributeRequestItem");
const expiry = fc.constantFrom("<2030-06-01", ">2030-06-01");

const someOf = <T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(model, { requiredKeys: [] });

const general = someOf<RequestConfig>({
  "content.title": texts,
  "content.description": fc.subarray(["a", "b"], { minLength: 1 }),
  "content.metadata": fc.constant({ desk: "shop" }),
  "content.expiresAt": expiry,
  "source.type": fc.constant("RelationshipTemplate"),
});

const ofItem = someOf<RequestConfig>({
  "content.item.@type": types,
  "content.item.mustBeAccepted": fc.boolean(),
  "content.item.description": texts,
  "content.item.attribute.tags": fc.constant(["x:a", "x:b"]),
  "content.item.query.valueType": fc.constantFrom("GivenName", "Surname"),
});

const rejecting: fc.Arbitrary<RequestEntry> = fc
  .tuple(general, ofItem)
  .map(([some, more]) => ({ requestConfig: { ...some, ...more }, responseConfig: { accept: false } }));

const readConditions = someOf<RequestConfig>({
  "content.item.mustBeAccepted": fc.boolean(),
  "content.item.description": texts,
  "content.item.query.valueType": fc.constantFrom("GivenName", ["GivenName", "Surname"]),
});

const hole: fc.Arbitrary<RequestEntry> = fc.tuple(general, readConditions).map(([some, more]) => ({
  name: "hole",
  requestConfig: { "content.item.@type": "ReadAttributeRequestItem", ...some, ...more },
  responseConfig: {
    accept: true,
    newAttribute: { "@type": "IdentityAttribute", owner: "", value: { "@type": "GivenName", value: "Anna" } },
  },
}));

const others = fc.array(rejecting, { maxLength: 12 });
const property: PropertyConfig = { never: "accept", when: { item: "ReadAttributeRequestItem", relationship: false } };

const proofOf = (table: RequestEntry[]) =>
  proveRules({ rules: [createRuleTable(table).rule], properties: [property], runs: 2_000 });

test("a line that accepts what it should not is found in every table, by one item", () =>
  fc.assert(
    fc.asyncProperty(hole, others, async (planted, lines) => {
      const { properties } = await proofOf([planted, ...lines]);

      expect(properties[0]).toMatchObject({ holds: false, counterExample: { items: [{ entry: "hole" }] } });
      expect(properties[0]?.counterExample?.facts.request["content"]).toHaveProperty("items.length", 1);
    }),
    { numRuns: 40 },
  ));

test("the same line for peers with a Relationship is no hole, and nothing is said against it", () =>
  fc.assert(
    fc.asyncProperty(hole, others, async ({ requestConfig, ...planted }, lines) => {
      const known = { ...planted, requestConfig: { ...requestConfig, relationshipAlreadyExists: true } };

      const { properties } = await proofOf([known, ...lines]);

      expect(properties[0]?.holds).toBe(true);
      expect(properties[0]?.applied).toBeGreaterThan(0);
    }),
    { numRuns: 15 },
  ));
