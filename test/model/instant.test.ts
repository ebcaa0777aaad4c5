import fc from "fast-check";
import { expect, test } from "vitest";
import { instantOf, isInstant, msOf } from "../../src/model/instant.ts";

const ms = fc.integer({ min: 0, max: 253_402_300_799_999 });

test("milliseconds come back from an instant, and instants sort like their times", () => {
  fc.assert(
    fc.property(ms, ms, (one, other) => {
      expect(msOf(instantOf(one))).toBe(one);
      expect(isInstant(instantOf(one))).toBe(true);
      expect(instantOf(one) < instantOf(other)).toBe(one < other);
    }),
  );
});

test.for([
  "2026-11-22",
  "2026-11-22T02:30:46Z",
  "2026-11-22T02:30:46.726+01:00",
  "2026-11-22 02:30:46.726Z",
  "2026-02-30T00:00:00.000Z",
  "2026-11-22T24:00:00.000Z",
  "2026-13-01T00:00:00.000Z",
  "",
  null,
  1,
])("%j is not an instant", (text) => {
  expect(isInstant(text)).toBe(false);
});
