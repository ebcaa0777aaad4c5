import type { JsonObject } from "rapport/core";
import { expect, test } from "vitest";
import { identityValueTypes } from "../../src/model/identity-values.ts";
import { relationshipValueTypes } from "../../src/model/relationship-values.ts";
import { valueHintsOf, valueHintsProblem } from "../../src/model/value-hints.ts";

test.for<JsonObject>([
  {},
  { editHelp: "x".repeat(500), min: 0, max: 1.5, pattern: "x".repeat(1000), defaultValue: false },
  {
    values: [
      { key: "a", displayName: "A" },
      { key: 1, displayName: "one" },
      { key: true, displayName: "yes" },
    ],
  },
  { propertyHints: { city: { max: 5, propertyHints: {} } } },
])("%#: hints may be like this", (hints) => {
  expect(valueHintsProblem(hints)).toBe(undefined);
});

test.for<[string, JsonObject | undefined]>([
  ["valueHints", undefined],
  ["valueHints.editHelp", { editHelp: "x".repeat(501) }],
  ["valueHints.min", { min: "1" }],
  ["valueHints.max", { max: null }],
  ["valueHints.pattern", { pattern: "x".repeat(1001) }],
  ["valueHints.defaultValue", { defaultValue: {} }],
  ["valueHints.values", { values: {} }],
  ["valueHints.values[0]", { values: ["a"] }],
  ["valueHints.values[0].key", { values: [{ displayName: "A" }] }],
  ["valueHints.values[0].displayName", { values: [{ key: "a", displayName: "x".repeat(101) }] }],
  ["valueHints.propertyHints", { propertyHints: [] }],
  ["valueHints.propertyHints.city.min", { propertyHints: { city: { min: "1" } } }],
])("%#: hints are refused for their %s", ([place, hints]) => {
  expect(valueHintsProblem(hints)?.startsWith(`${place} must `)).toBe(true);
});

test.for([...identityValueTypes, ...relationshipValueTypes])("our own hints for %s are hints", (type) => {
  expect(valueHintsProblem(valueHintsOf(type))).toBe(undefined);
});

test("hints name the choices and the parts of a value", () => {
  expect(valueHintsOf("Sex")).toMatchObject({ values: [{ key: "intersex" }, { key: "female" }, { key: "male" }] });
  expect(valueHintsOf("BirthDate")).toMatchObject({ propertyHints: { day: { min: 1, max: 31 } } });
  expect(valueHintsOf("toString")).toEqual({});
});
