import { expect, test } from "vitest";
import { isWebAddress, linkProblem } from "../../src/model/web-address.ts";

test.for(["https://example.org", "HTTP://localhost:80/a", "example.org", "example.org:8080/a?b=c#d", "a.b?q"])(
  "%s is a web address",
  (text) => {
    expect(isWebAddress(text)).toBe(true);
  },
);

test.for([
  "javascript:alert(1)",
  "data:text/html,x",
  "ftp://example.org",
  "word",
  "https://",
  "user@example.org",
  "a b.c",
])("%s is no web address", (text) => {
  expect(isWebAddress(text)).toBe(false);
});

test("a text for a link needs the link", () => {
  expect(linkProblem({})).toBe(undefined);
  expect(linkProblem({ link: "example.org", linkDisplayText: "here" })).toBe(undefined);
  expect(linkProblem({ linkDisplayText: "here" })).toMatch(/^linkDisplayText must come with link/);
  expect(linkProblem({ link: 7 })).toMatch(/^link must be/);
});
