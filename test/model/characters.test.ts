import fc from "fast-check";
import type { JsonObject } from "rapport/core";
import { expect, test } from "vitest";
import { forbiddenCharacters } from "../../src/model/characters.ts";
import { identityAttribute, relationshipAttribute } from "../kit/attribute-arbitraries.ts";

const named = (value: string): JsonObject => ({
  "@type": "IdentityAttribute",
  owner: "",
  value: { "@type": "GivenName", value },
});

test.for([
  "Ægir Þórsdóttir-O'Neill",
  "Łukasz Żółć, Đặng Ơn, Şçğı, Ħ ŉ Ŋ",
  "ẞß ĳ ƶ ǧ ǯ ȟ ə Ə ʒ",
  "e\u0301 C\u0328\u0306 N\u0302 k\u035Fh", // Sequences of a letter and its marks, as the standard has them.
  "ʻOkina ʼ ʹ",
  "first\r\n\tsecond",
  "„Zitat“ ‘x’ – — … 5 € § ° ½ × «»",
  'https://example.org/a?b=c&d=%20#e {"a": [1, "<b/>"]} ~`^|\\$@_*;!',
  "",
])("%j may be written", (text) => {
  expect(forbiddenCharacters(named(text))).toBe(undefined);
});

test.for([
  "Иван",
  "Γιώργος",
  "山田",
  "محمد",
  "smile 😀",
  "\u0000",
  "\u0007",
  "\u0085",
  "soft\u00ADhyphen",
  "zero\u200Bwidth",
  "\u202Eturned",
  "\u2028",
  "\uFEFF",
  "half \uD83D",
  "\u0301 alone",
  "1\u0301",
])("%j may not", (text) => {
  expect(forbiddenCharacters(named(text))).toBe("value.value");
});

test("the path leads to the first such text, in lists and objects too", () => {
  const fact = {
    "@type": "RelationshipAttribute",
    key: "k",
    value: { "@type": "ProprietaryJSON", title: "ok", value: { list: ["ok", { deep: "Иван" }] } },
  };

  expect(forbiddenCharacters(fact)).toBe("value.value.list[1].deep");
  expect(forbiddenCharacters({ ...fact, key: "ключ" })).toBe("key");
  expect(forbiddenCharacters({ ...named("ok"), tags: ["x:ok", "x:нет"] })).toBe("tags[1]");
});

test("title and description are free in RelationshipAttributes, there and nowhere else", () => {
  const value = { title: "Имя", description: "😀", value: "ok" };

  expect(forbiddenCharacters({ "@type": "RelationshipAttribute", value })).toBe(undefined);
  expect(forbiddenCharacters({ "@type": "IdentityAttribute", value })).toBe("value.title");
  expect(forbiddenCharacters({ "@type": "RelationshipAttribute", value: { value: { title: "Имя" } } })).toBe(
    "value.value.title",
  );
});

test("generated contents pass", () => {
  fc.assert(
    fc.property(fc.oneof(identityAttribute(""), relationshipAttribute("")), (content) => {
      expect(forbiddenCharacters(content)).toBe(undefined);
    }),
  );
});

test("a very long text is one pass", () => {
  const long = "é\u0301".repeat(2_000_000);

  expect(forbiddenCharacters(named(long))).toBe(undefined);
  expect(forbiddenCharacters(named(`${long}☃`))).toBe("value.value");
});
