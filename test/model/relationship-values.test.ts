import fc from "fast-check";
import type { JsonObject } from "rapport/core";
import { expect, test } from "vitest";
import { relationshipValueProblem, relationshipValueTypes } from "../../src/model/relationship-values.ts";
import { generatedRelationshipTypes, relationshipValue } from "../kit/attribute-arbitraries.ts";

const of = (type: string, members: JsonObject) => relationshipValueProblem({ "@type": type, ...members });
const titled = (value: JsonObject[string]): JsonObject => ({ title: "T", value });

test("the value types are those of the specification", () => {
  const names =
    "Consent ProprietaryBoolean ProprietaryCountry ProprietaryEMailAddress ProprietaryFileReference ProprietaryFloat " +
    "ProprietaryHEXColor ProprietaryInteger ProprietaryJSON ProprietaryLanguage ProprietaryPhoneNumber ProprietaryString " +
    "ProprietaryURL ProprietaryXML";

  expect([...relationshipValueTypes].sort()).toEqual(names.split(" "));
  expect([...generatedRelationshipTypes].sort()).toEqual(names.split(" "));
});

test("valid values of every type pass", () => {
  fc.assert(
    fc.property(relationshipValue, (value) => {
      expect(relationshipValueProblem(value)).toBe(undefined);
    }),
  );
});

test.for<[string, string, JsonObject]>([
  ["ProprietaryString", "value.title", { value: "x" }],
  ["ProprietaryString", "value.title", { ...titled("x"), title: "x".repeat(101) }],
  ["ProprietaryString", "value.description", { ...titled("x"), description: "x".repeat(1001) }],
  ["ProprietaryString", "value.value", titled("x".repeat(101))],
  ["ProprietaryString", "value.valueHintsOverride.min", { ...titled("x"), valueHintsOverride: { min: "1" } }],
  ["ProprietaryBoolean", "value.value", titled("true")],
  ["ProprietaryFloat", "value.value", titled("1")],
  ["ProprietaryInteger", "value.value", titled(1.5)],
  ["ProprietaryCountry", "value.value", titled("XX")],
  ["ProprietaryLanguage", "value.value", titled("xx")],
  ["ProprietaryEMailAddress", "value.value", titled("a")],
  ["ProprietaryPhoneNumber", "value.value", titled("a")],
  ["ProprietaryURL", "value.value", titled("no address")],
  ["ProprietaryFileReference", "value.value", titled("RklM")],
  ["ProprietaryHEXColor", "value.value", titled("#12f45")],
  ["ProprietaryHEXColor", "value.value", titled("123456")],
  ["ProprietaryJSON", "value.value", titled("x".repeat(4095))],
  ["ProprietaryXML", "value.value", titled("x".repeat(50_001))],
  ["Consent", "value.consent", {}],
  ["Consent", "value.consent", { consent: "x".repeat(10_001) }],
  ["Consent", "value.link", { consent: "x", link: "data:text/html,x" }],
  ["Consent", "value.linkDisplayText", { consent: "x", linkDisplayText: "more" }],
  ["Consent", "value.linkDisplayText", { consent: "x", link: "https://example.org", linkDisplayText: "m" }],
  ["GivenName", "value.@type", titled("x")],
])("%#: a %s is refused for its %s", ([type, place, members]) => {
  expect(of(type, members)?.startsWith(`${place} must `)).toBe(true);
});

test("a Consent has neither title nor description to ask for", () => {
  expect(of("Consent", { consent: "x".repeat(10_000) })).toBe(undefined);
});
