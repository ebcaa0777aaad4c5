import { expect, test } from "vitest";
import { consentItem } from "../../src/items/consent.ts";

const parse = (given: object) => consentItem.parse({ consent: "I agree.", ...given });
const link = "https://example.org/terms?version=2#top";

test("#106 linkDisplayText without link is an error", () => {
  expect(parse({ linkDisplayText: "Terms" })).toMatch(/^linkDisplayText /);
  expect(parse({ linkDisplayText: "Terms", link })).toBeUndefined();
});

test.for([link, "http://localhost:8080", "www.example.org", "example.org:8080/terms"])("%s is a link", (address) => {
  expect(parse({ link: address })).toBeUndefined();
});

test.for([
  "javascript:alert(1)",
  "data:text/html,x.y",
  "terms of use",
  "mailto:a@example.org",
  "ab",
  `https://example.org/${"p".repeat(1024)}`,
  7,
])("%s is no link", (address) => {
  expect(parse({ link: address })).toMatch(/^link /);
});

test.for<[object, RegExp]>([
  [{ consent: undefined }, /^consent /],
  [{ consent: "c".repeat(10_001) }, /^consent /],
  [{ requiresInteraction: "true" }, /^requiresInteraction /],
  [{ link, linkDisplayText: "ab" }, /^linkDisplayText /],
  [{ link, linkDisplayText: "t".repeat(31) }, /^linkDisplayText /],
])("%j names the member that is wrong", ([given, problem]) => {
  expect(parse(given)).toMatch(problem);
});

test("a text of exactly 10000 characters is allowed", () => {
  expect(parse({ consent: "c".repeat(10_000) })).toBeUndefined();
});
