import fc from "fast-check";
import type { JsonObject } from "rapport/core";
import { expect, test } from "vitest";
import { isSameValue, trimmedValue, valueBucket } from "../../src/model/trimmed.ts";
import { identityValue, relationshipValue } from "../kit/attribute-arbitraries.ts";
import { arbitraryJson } from "../kit/json-arbitraries.ts";

const values = fc.oneof(
  identityValue,
  relationshipValue,
  arbitraryJson.map((value): JsonObject => ({ "@type": "SchematizedJSON", value })),
);
const blanks = fc.constantFrom("", " ", "\t\n ");

/** The same value with blanks around its texts and its members in another order. */
const dressed = (value: JsonObject, blank: string): JsonObject =>
  JSON.parse(JSON.stringify(value), (_, inner: unknown) => {
    if (typeof inner === "string") return blank + inner + blank;
    if (typeof inner !== "object" || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).reverse());
  }) as JsonObject;

test("texts lose the blanks around them, at any depth, and nothing else changes", () => {
  const value = { "@type": "X", a: " b c ", n: 1, nothing: null, list: ["\td\n", { e: "f " }], absent: undefined };

  expect(trimmedValue(value)).toEqual({ "@type": "X", a: "b c", n: 1, nothing: null, list: ["d", { e: "f" }] });
});

test("trimming twice is trimming once", () => {
  fc.assert(
    fc.property(values, blanks, (value, blank) => {
      const once = trimmedValue(dressed(value, blank));
      expect(trimmedValue(once)).toEqual(once);
    }),
  );
});

test("values that differ in blanks and order only are the same and share a bucket", () => {
  fc.assert(
    fc.property(values, blanks, (value, blank) => {
      const other = { ...dressed(value, blank), "@type": value["@type"], absent: undefined };
      expect(isSameValue(value, other)).toBe(true);
      expect(valueBucket(other)).toBe(valueBucket(value));
    }),
  );
});

test("different values are different, and few share a bucket", () => {
  const named = Array.from({ length: 2_000 }, (_, index) => ({ "@type": "GivenName", value: `Ada ${index}` }));

  expect(isSameValue({ "@type": "GivenName", value: "Ada" }, { "@type": "Surname", value: "Ada" })).toBe(false);
  expect(isSameValue({ a: "1" }, { a: 1 })).toBe(false);
  expect(isSameValue({ a: ["x", "y"] }, { a: ["y", "x"] })).toBe(false);
  expect(isSameValue({ a: "x" }, { a: "x", b: null })).toBe(false);
  expect(new Set(named.map(valueBucket)).size).toBe(named.length);
});

test("a bucket is fit for a key and begins with the value type", () => {
  fc.assert(
    fc.property(values, (value) => {
      expect(valueBucket(value)).toMatch(/^\w+~[0-9a-z]{1,11}$/);
      expect(valueBucket(value).startsWith(`${String(value["@type"])}~`)).toBe(true);
    }),
  );
});

test("buckets stay what they are, as stores are keyed by them", () => {
  expect(valueBucket({ "@type": "GivenName", value: "Ada" })).toMatchInlineSnapshot(`"GivenName~13vnvsudg2l"`);
});
