import type { Json, JsonObject } from "rapport/core";
import { describe, expect, test } from "vitest";
import { formFieldItem } from "../../src/items/form-field.ts";
import { newId } from "./info.ts";

const info = { self: "did:e:i", now: "2030-01-01T00:00:00.000Z", known: new Map<string, JsonObject>(), newId };
const itemOf = (type: string, settings: object): JsonObject => ({
  title: "Field",
  settings: { "@type": `${type}FormFieldSettings`, ...settings },
});

/** `ok`, or the last word of the code that the answer gets. */
function answer(type: string, settings: object, response: Json | undefined): string {
  const verdict = formFieldItem.canAccept?.(itemOf(type, settings), { accept: true, response }, info);
  return verdict?.isSuccess === false ? (verdict.code.split(".").at(-1) ?? "") : "ok";
}

function creation(type: string, settings: object): string {
  const verdict = formFieldItem.canCreate?.(itemOf(type, settings), info);
  return verdict?.isSuccess === false ? (verdict.code.split(".").at(-1) ?? "") : "ok";
}

const IAP = "invalidAcceptParameters";
const IRI = "invalidRequestItem";
const serval = "servalErrorDuringRequestItemProcessing";

describe("answers", () => {
  test.for<[string, string, object, Json | undefined, string]>([
    ["", "Boolean", {}, false, "ok"],
    ["", "Boolean", {}, "true", IAP],
    ["", "Date", {}, "2024-02-29", "ok"],
    ["", "Date", {}, "2024-02-29T12:00:00.000Z", "ok"],
    ["", "Date", {}, "2023-02-29", IAP],
    ["", "Date", {}, "tomorrow", IAP],
    ["", "Double", { min: 0.5, max: 1.5 }, 1.5, "ok"],
    ["", "Double", { min: 0.5, max: 1.5 }, 1.6, IAP],
    ["", "Double", {}, "1", IAP],
    ["", "Integer", {}, 2, "ok"],
    ["", "Integer", {}, 2.5, IAP],
    ["12 #19 a bound of 0 counts:", "Integer", { min: 0 }, -1, IAP],
    ["12 #19 a bound of 0 counts:", "Integer", { max: 0 }, 1, IAP],
    ["12 #19 a bound of 0 counts:", "Double", { max: 0 }, 0.5, IAP],
    ["", "Rating", { maxRating: 5 }, 1, "ok"],
    ["", "Rating", { maxRating: 5 }, 5, "ok"],
    ["#103", "Rating", { maxRating: 5 }, 0, IAP],
    ["#103", "Rating", { maxRating: 5 }, 6, IAP],
    ["#103", "Rating", { maxRating: 5 }, 2.5, IAP],
    ["", "Selection", { options: ["a", "b"] }, "a", "ok"],
    ["", "Selection", { options: ["a", "b"] }, "c", IAP],
    ["#104", "Selection", { options: ["a", "b"] }, ["a"], IAP],
    ["", "Selection", { options: ["a", "b"], allowMultipleSelection: true }, ["b", "a"], "ok"],
    ["", "Selection", { options: ["a", "b"], allowMultipleSelection: true }, "a", IAP],
    ["", "Selection", { options: ["a", "b"], allowMultipleSelection: true }, ["a", "c"], IAP],
    ["#104", "Selection", { options: ["a", "b"], allowMultipleSelection: true }, [], IAP],
    ["#104", "Selection", { options: ["a", "b"], allowMultipleSelection: true }, ["a", "a"], IAP],
    ["", "String", { min: 2, max: 3 }, "abc", "ok"],
    ["", "String", { min: 2, max: 3 }, "a", IAP],
    ["", "String", { min: 2, max: 3 }, "abcd", IAP],
    ["12 #19 a bound of 0 counts:", "String", { max: 0 }, "a", IAP],
    ["advice only:", "String", {}, "two\nlines", "ok"],
    ["malformed:", "String", {}, undefined, serval],
    ["malformed:", "String", {}, { value: "a" }, serval],
    ["malformed:", "String", {}, ["a", 1], serval],
    ["malformed:", "String", {}, null, serval],
    ["malformed:", "String", {}, "", serval],
    ["malformed:", "String", {}, "x".repeat(4097), serval],
  ])("%s a %s field with %j answered %j: %s", ([, type, settings, response, outcome]) => {
    expect(answer(type, settings, response)).toBe(outcome);
  });
});

describe("creation", () => {
  test.for<[string, string, object, string]>([
    ["", "Integer", { min: 1, max: 1 }, "ok"],
    ["", "Integer", { min: 2, max: 1 }, IRI],
    ["", "Double", { min: 0.2, max: 0.1 }, IRI],
    ["12 #19", "Integer", { min: 1, max: 0 }, IRI],
    ["12 #19", "String", { min: 1, max: 0 }, IRI],
    ["", "Selection", { options: [] }, IRI],
    ["#104", "Selection", { options: ["a", "a"] }, IRI],
    ["", "Selection", { options: ["a", "b"] }, "ok"],
    ["", "Boolean", {}, "ok"],
  ])("%s a %s field with %j: %s", ([, type, settings, outcome]) => {
    expect(creation(type, settings)).toBe(outcome);
  });
});

describe("parsing", () => {
  test.for<[string, object, string | undefined]>([
    ["Double", { unit: "m", min: 0.5 }, undefined],
    ["Double", { unit: 1 }, "settings.unit"],
    ["Double", { max: "2" }, "settings.max"],
    ["Integer", { min: 0.5 }, "settings.min"],
    ["Rating", {}, "settings.maxRating"],
    ["Rating", { maxRating: 4 }, "settings.maxRating"],
    ["Rating", { maxRating: 11 }, "settings.maxRating"],
    ["Rating", { maxRating: 7.5 }, "settings.maxRating"],
    ["Selection", {}, "settings.options"],
    ["Selection", { options: ["a", ""] }, "settings.options[1]"],
    ["Selection", { options: ["a"], allowMultipleSelection: false }, "settings.allowMultipleSelection"],
    ["String", { allowNewlines: true, min: 0, max: 4096 }, undefined],
    ["String", { max: 4097 }, "settings.max"],
    ["String", { min: -1 }, "settings.min"],
    ["String", { allowNewlines: 1 }, "settings.allowNewlines"],
    ["Colour", {}, "settings.@type"],
  ])("%s settings %j", ([type, settings, path]) => {
    expect(formFieldItem.parse(itemOf(type, settings))?.split(" ")[0]).toBe(path);
  });

  test("title and settings are required", () => {
    expect(formFieldItem.parse({ settings: { "@type": "BooleanFormFieldSettings" } })).toMatch(/^title /);
    expect(formFieldItem.parse({ title: "Field" })).toMatch(/^settings /);
    expect(formFieldItem.parse({ title: "Field", settings: { "@type": "constructor" } })).toMatch(/^settings\.@type /);
  });
});
