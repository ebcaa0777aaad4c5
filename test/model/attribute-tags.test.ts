import fc from "fast-check";
import type { JsonObject } from "rapport/core";
import { expect, test } from "vitest";
import { needsTagCollection, tagsProblem } from "../../src/model/attribute-tags.ts";
import { attributeTags } from "../kit/attribute-arbitraries.ts";

const leaf = { displayNames: { en: "leaf" } };
const collection: JsonObject = {
  supportedLanguages: ["en"],
  tagsForAttributeValueTypes: {
    PhoneNumber: {
      emergency: leaf,
      private: { displayNames: { en: "private" }, children: { landline: leaf, mobile: { ...leaf, children: {} } } },
    },
  },
};
const problemOf = (tag: string, valueType = "PhoneNumber") => tagsProblem([tag], { valueType, collection });

test.for([
  "x:",
  "x:anything at all",
  "X:ANYTHING",
  "urn:isbn:1",
  "language:de",
  "mimetype:image/png",
  "mimetype:*/*",
  "mimetype:x-a/b-*",
  "bkb:emergency",
  "bkb:private:landline",
  "bkb:private:mobile",
])("%s is a tag", (tag) => {
  expect(problemOf(tag)).toBe(undefined);
});

test.for([
  "",
  "x",
  "home",
  " x:a",
  "URN:isbn:1",
  "language:",
  "language:DE",
  "language:deu",
  "language:de-AT",
  "mimetype:image",
  "mimetype:Image/png",
  "mimetype:image/",
  "mimetype:image/png/x",
  "mimetype:image/png\n",
  "bkb:",
  "bkb:private",
  "bkb:private:",
  "bkb:private:pager",
  "bkb:emergency:more",
  "bkb:toString",
  "constructor:x",
])("%j is no tag", (tag) => {
  expect(problemOf(tag)?.startsWith("tags[0] ")).toBe(true);
});

test("a tag of the collection holds for its value type only", () => {
  expect(problemOf("bkb:emergency", "GivenName")).toContain("not in the relay's collection");
  expect(problemOf("bkb:emergency", "toString")).toContain("not in the relay's collection");
});

test("without a collection its tags cannot be judged, and the others can", () => {
  const about = { valueType: "PhoneNumber" };

  expect(tagsProblem(["x:a", "bkb:emergency"], about)).toContain("tags[1] cannot be judged");
  expect(tagsProblem(["x:a"], about)).toBe(undefined);
  expect(tagsProblem(undefined, about)).toBe(undefined);
  expect(tagsProblem(["bkb:emergency"], { ...about, collection: {} })).toContain("not in the relay's collection");
});

test("only tags of the collection need it", () => {
  expect(needsTagCollection(undefined)).toBe(false);
  expect(needsTagCollection(["x:bkb:", "urn:a"])).toBe(false);
  expect(needsTagCollection(["x:a", "bkb:emergency"])).toBe(true);
});

test("generated tags are tags", () => {
  fc.assert(
    fc.property(attributeTags, (tags) => {
      expect(tagsProblem(tags, { valueType: "GivenName" })).toBe(undefined);
      expect(needsTagCollection(tags)).toBe(false);
    }),
  );
});
