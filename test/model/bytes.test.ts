import fc from "fast-check";
import { expect, test } from "vitest";
import { fromBase64, fromBase64Url, fromUtf8, toBase64, toBase64Url, toHex, utf8 } from "../../src/model/bytes.ts";

const data = fc.uint8Array({ maxLength: 300 });

test("base64url, base64 and hex are spelled as Node spells them", () => {
  fc.assert(
    fc.property(data, (bytes) => {
      expect(toBase64Url(bytes)).toBe(Buffer.from(bytes).toString("base64url"));
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
      expect(toHex(bytes)).toBe(Buffer.from(bytes).toString("hex"));
    }),
  );
});

test("bytes come back from every spelling", () => {
  fc.assert(
    fc.property(data, (bytes) => {
      expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes);
      expect(fromBase64(toBase64(bytes))).toEqual(bytes);
      expect(fromBase64(toBase64Url(bytes))).toEqual(bytes);
    }),
  );
});

test("base64url has one spelling: what is read is what would be written", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String(), fc.string({ unit: "binary" })), (text) => {
      const bytes = fromBase64Url(text);

      if (bytes !== undefined) expect(toBase64Url(bytes)).toBe(text);
    }),
  );
});

test.for(["A", "AAAAA", "AB", "AAB", "AA==", "AA=", "+A", "/A", "A A", "AAA\n", "ÄAAA", "\u{1F600}A"])(
  "%j is not base64url",
  (text) => {
    expect(fromBase64Url(text)).toBeUndefined();
  },
);

test.for(["A", "AAAA=", "AA=", "=", "====", "AA==AAAA", "A=AA"])("%j is not base64 in any alphabet", (text) => {
  expect(fromBase64(text)).toBeUndefined();
});

test("text comes back from UTF-8, a byte order mark included, and other bytes are no text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(fromUtf8(utf8(text))).toBe(text);
    }),
  );
  expect(fromUtf8(utf8("\uFEFFtext"))).toBe("\uFEFFtext");
  expect(fromUtf8(Uint8Array.of(0xff, 0xfe))).toBeUndefined();
});
