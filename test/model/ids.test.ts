import fc from "fast-check";
import { expect, test } from "vitest";
import { isId, newId, randomText } from "../../src/model/ids.ts";
import { seededEntropy } from "../sealed/suites.ts";

test("a new id has 20 letters and digits and begins with its prefix", () => {
  fc.assert(
    fc.property(fc.constantFrom("REQ", "ATTFD", "TRPRTK"), fc.nat(), (prefix, seed) => {
      const id = newId(prefix, seededEntropy(seed));

      expect(id).toMatch(/^[A-Za-z0-9]{20}$/);
      expect(isId(id, prefix)).toBe(true);
    }),
  );
});

test("no character is likelier than another: bytes that would favour some are dropped", () => {
  const everyByte = { bytes: (count: number) => Uint8Array.from({ length: count }, (_, index) => index % 256) };

  const text = randomText(248, { bytes: (count) => (count === 248 ? everyByte.bytes(256) : new Uint8Array(count)) });

  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  expect(counts.size).toBe(62);
  expect(new Set(counts.values())).toEqual(new Set([4]));
});

test("dropped bytes are replaced until the text is whole", () => {
  let calls = 0;
  const entropy = { bytes: (count: number) => new Uint8Array(count).fill(calls++ === 0 ? 255 : 0) };

  expect(randomText(5, entropy)).toBe("AAAAA");
  expect(calls).toBe(2);
});

test.for([
  "REQ",
  "REQaaaaaaaaaaaaaaaa",
  "REQaaaaaaaaaaaaaaaaaa",
  "RELaaaaaaaaaaaaaaaaa",
  "REQaaaaaaaaaaaaaaaa-",
  "REQaaaaaaaaaaaaaaaaa\n",
  7,
  null,
])("%j is not the id of a Request", (text) => {
  expect(isId(text, "REQ")).toBe(false);
});
