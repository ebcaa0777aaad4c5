import fc from "fast-check";
import type { Document, FieldCondition } from "rapport/core";

/** Values that stores like to get wrong: types that look alike, order by code unit, cut-off texts. */
const scalar = fc.constantFrom(
  ...[
    "",
    "a",
    "A",
    "ab",
    "b",
    "b\u0000a",
    "ä",
    "Ä",
    "z",
    "\uffff",
    "\u{1F600}",
    "1",
    "true",
    "null",
    "%",
    "_",
    "'",
    "2026-01-01",
  ],
  // The Kelvin sign and the Turkish capital I have small letters that begin with ASCII ones.
  ...["kiosk", "KIOSK", "\u212aiosk", "k\u0130osk", "\u0130", "b\u0001a"],
  ...["x".repeat(200), `${"x".repeat(200)}y`],
  ...[0, 1, -1, 0.5, 1e21, 2 ** 53, true, false, null],
);
const bound = scalar.filter((value) => typeof value === "string" || typeof value === "number");
const texts = [
  "",
  "a",
  "A",
  "b",
  "ä",
  "1",
  "%",
  "_",
  "\u{1F600}",
  "xx",
  "k",
  "KI",
  "ki",
  "i",
  "KiOsK",
  "x".repeat(200),
];
const text = fc.constantFrom(...texts);

/** Fields of the laws' documents: five indexed ones, one that is not, one inside an array, and two as one. */
const fields = ["status", "rank", "tags", "deep.name", "status|rows.id", "free", "rows.id", "rank|free"] as const;

/** Any condition on one value. */
export const anyCondition: fc.Arbitrary<FieldCondition> = fc.oneof(
  fc.record({ anyOf: fc.array(scalar, { maxLength: 3 }) }),
  fc.record({ noneOf: fc.array(scalar, { maxLength: 3 }) }),
  fc.record({ exists: fc.boolean() }),
  fc.record({ above: bound }),
  fc.record({ above: bound, orEqual: fc.constant(true as const) }),
  fc.record({ below: bound }),
  fc.record({ below: bound, orEqual: fc.constant(true as const) }),
  fc.record({ startsWith: text }),
  fc.record({ endsWith: text }),
  fc.record({ contains: text }),
);

/** Any question about up to two fields. */
export const anyWhere: fc.Arbitrary<{ [field: string]: FieldCondition[] }> = fc.dictionary(
  fc.constantFrom(...fields),
  fc.array(anyCondition, { minLength: 1, maxLength: 2 }),
  { maxKeys: 2 },
);

/** Any document that the questions can be about. */
export const anyDocument: fc.Arbitrary<Document> = fc.record(
  {
    status: scalar,
    rank: fc.oneof(scalar, fc.array(scalar, { maxLength: 3 })),
    tags: fc.array(scalar, { maxLength: 4 }),
    deep: fc.oneof(fc.record({ name: scalar }), fc.array(fc.record({ name: scalar }), { maxLength: 2 }), scalar),
    free: fc.oneof(scalar, fc.array(scalar, { maxLength: 2 }), fc.constant({})),
    rows: fc.array(fc.record({ id: scalar }), { maxLength: 3 }),
  },
  { requiredKeys: [] },
);
