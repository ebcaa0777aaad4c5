import fc from "fast-check";
import { matches } from "rapport/core";
import { describe, expect, test } from "vitest";
import { parseQuery, type QueryInput } from "../../src/model/query.ts";

const fields = {
  status: "status",
  createdAt: "createdAt",
  isOwn: "isOwn",
  filesize: "filesize",
  title: "title",
  "content.tags": "content.tags",
  contentType: "content.@type",
  "content.@type": "content.@type",
};

const parse = (query: QueryInput, lenient = false) => parseQuery(query, fields, { lenient });

function finds(query: QueryInput, document: Parameters<typeof matches>[0]): boolean {
  const outcome = parse(query);
  if (!outcome.ok) throw new Error(outcome.refusal.message);
  return matches(document, outcome.value);
}

test.for<[QueryInput[string], object[]]>([
  ["Pending", [{ anyOf: ["Pending"] }]],
  ["!Pending", [{ noneOf: ["Pending"] }]],
  ["", [{ exists: true }]],
  ["!", [{ exists: false }]],
  [">5", [{ above: 5 }]],
  [">=2030-01-01", [{ above: "2030-01-01", orEqual: true }]],
  ["<x", [{ below: "x" }]],
  ["<=1e3", [{ below: 1000, orEqual: true }]],
  ["^Ab", [{ startsWith: "Ab" }]],
  ["$yz", [{ endsWith: "yz" }]],
  ["~.*", [{ contains: ".*" }]],
  ["=x", [{ anyOf: ["=x"] }]],
  [">", [{ anyOf: [">"] }]],
  ["TRUE", [{ anyOf: [true, "TRUE"] }]],
  ["!false", [{ noneOf: [false, "false"] }]],
  ["0123", [{ anyOf: [123, "0123"] }]],
  ["1e999", [{ anyOf: ["1e999"] }]],
  [7, [{ anyOf: [7] }]],
  [true, [{ anyOf: [true] }]],
  [null, [{ anyOf: [null] }]],
  [
    ["a", "b", "!c", "!d"],
    [{ anyOf: ["a", "b"] }, { noneOf: ["c", "d"] }],
  ],
  [
    [">a", "<b"],
    [{ above: "a" }, { below: "b" }],
  ],
  [[">a", ">b"], [{ above: "b" }]],
  [
    ["", "!x"],
    [{ noneOf: ["x"] }, { exists: true }],
  ],
  [[], []],
])("the value %j means %j", ([value, conditions]) => {
  expect(parse({ status: value })).toEqual({ ok: true, value: { status: conditions } });
});

test("a text field that holds digits or the word true is found by its text", () => {
  expect(finds({ title: "0123" }, { title: "0123" })).toBe(true);
  expect(finds({ title: "true" }, { title: "true" })).toBe(true);
  expect(finds({ title: "!0123" }, { title: "0123" })).toBe(false);
  expect(finds({ filesize: "0123" }, { filesize: 123 })).toBe(true);
  expect(finds({ isOwn: "True" }, { isOwn: true })).toBe(true);
});

test("any text without an operator finds the document that holds it", () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1 }).filter((text) => !/^[!><^$~]/.test(text)),
      (text) => {
        expect(finds({ title: text }, { title: text })).toBe(true);
        expect(finds({ title: `!${text}` }, { title: text })).toBe(false);
        expect(finds({ title: `!${text}` }, {})).toBe(true);
        expect(finds({ title: `~${text}` }, { title: `before${text}after` })).toBe(true);
      },
    ),
  );
});

test("an array of comparisons is a range", () => {
  const range = { createdAt: [">2030-01-01", "<2030-02-01"] };

  expect(finds(range, { createdAt: "2030-01-15T00:00:00.000Z" })).toBe(true);
  expect(finds(range, { createdAt: "2030-03-15T00:00:00.000Z" })).toBe(false);
});

describe("keys", () => {
  test("a trailing index gives one more value of its field", () => {
    expect(parse({ "content.tags.0": "a", "content.tags.1": "b" })).toEqual({
      ok: true,
      value: { "content.tags": [{ anyOf: ["a", "b"] }] },
    });
  });

  test("two names of one field are read together", () => {
    expect(parse({ contentType: "Mail", "content.@type": "!Request" })).toEqual({
      ok: true,
      value: { "content.@type": [{ anyOf: ["Mail"] }, { noneOf: ["Request"] }] },
    });
  });

  test.for(["colour", "toString", "__proto__", "status.x", "colour.0"])(
    "%s is refused, or ignored if lenient",
    (key) => {
      const query: QueryInput = JSON.parse(`{"${key}":"x","status":"Active"}`);

      expect(parse(query)).toMatchObject({
        ok: false,
        refusal: { code: "error.runtime.validation.invalidPropertyValue", message: expect.stringContaining(key) },
      });
      expect(parse(query, true)).toEqual({ ok: true, value: { status: [{ anyOf: ["Active"] }] } });
    },
  );

  test("an undefined value asks nothing", () => {
    expect(parse({ status: undefined })).toEqual({ ok: true, value: {} });
  });
});
