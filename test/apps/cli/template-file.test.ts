import { join } from "node:path";
import { RapportError } from "rapport";
import { expect, test } from "vitest";
import { filesIn, tell, templateFile, temporaryFolder } from "./told.ts";

const request = (items: unknown, more = {}) => ({
  "@type": "RelationshipTemplateContent",
  onNewRelationship: { "@type": "Request", ...(items === undefined ? {} : { items }), ...more },
});
const consent = { "@type": "ConsentRequestItem", consent: "Yes", mustBeAccepted: true };
const impossible = { "@type": "StringFormFieldSettings", max: 0 };
const upsideDown = { "@type": "IntegerFormFieldSettings", min: 5, max: 2 };
const field = (settings: object) => ({ "@type": "FormFieldRequestItem", title: "Age", settings, mustBeAccepted: true });

const bad: readonly (readonly [string, unknown, string, string])[] = [
  ["is not JSON", "{,", "input.invalid", "not JSON"],
  ["is no object", [1], "input.invalid", "must be a JSON object"],
  ["has no type", { title: "x" }, "error.runtime.validation.invalidPropertyValue", "@type"],
  ["has an unknown type", { "@type": "Letter" }, "error.runtime.unknownType", "content.@type"],
  ["has no items", request(undefined), "error.runtime.requestDeserialization", "onNewRelationship.items"],
  ["has empty items", request([]), "error.runtime.requestDeserialization", "onNewRelationship.items"],
  [
    "has an unknown item type",
    request([consent, { "@type": "Foo", mustBeAccepted: true }]),
    "error.runtime.unknownType",
    "onNewRelationship.items[1].@type",
  ],
  [
    "has an item without its text",
    request([{ ...consent, consent: 1 }]),
    "error.runtime.requestDeserialization",
    "onNewRelationship.items[0].consent",
  ],
  [
    "has bounds that nothing fits",
    request([consent, field(upsideDown)]),
    "error.consumption.requests.validation.inheritedFromItem",
    "onNewRelationship.items[1]: settings.max",
  ],
  [
    "has bounds that nothing fits in its second Request",
    { ...request([consent]), onExistingRelationship: request([field(upsideDown)]).onNewRelationship },
    "error.consumption.requests.validation.inheritedFromItem",
    "onExistingRelationship.items[0]: settings.max",
  ],
  ["has a mandatory item that nobody can accept", request([field(impossible)]), "input.invalid", "item 1"],
  [
    "has an expired Request",
    request([consent], { expiresAt: "2020-01-01T00:00:00.000Z" }),
    "error.consumption.requests.cannotCreateRequestWithExpirationDateInPast",
    "onNewRelationship: expiresAt",
  ],
  [
    "has expired",
    { content: request([consent]), expiresAt: "2020-01-01T00:00:00.000Z" },
    "error.runtime.validation.invalidPropertyValue",
    "expiresAt",
  ],
  ["has a number for a date", { content: request([consent]), expiresAt: 1 }, "input.invalid", "expiresAt"],
  [
    "has no place",
    { content: request([consent]), maxNumberOfAllocations: 0 },
    "error.runtime.validation.invalidPropertyValue",
    "maxNumberOfAllocations",
  ],
  ["has a member too many", { content: request([consent]), expires: "soon" }, "input.invalid", "expires is"],
];

test.for(bad)("a file that %s is refused by name, and nothing is opened", async ([, content, code, field]) => {
  const folder = temporaryFolder();
  const template = templateFile(content);
  const lines: string[] = [];

  const telling = tell({ store: `lowdb:${join(folder, "story")}`, template, hear: (line) => lines.push(line) });

  const problem = await telling.catch((reason: unknown) => reason);
  expect(problem).toBeInstanceOf(RapportError);
  expect(problem).toMatchObject({ code, message: expect.stringContaining(field) });
  expect(problem).toMatchObject({ message: expect.stringContaining("my.json") });
  expect(filesIn(folder)).toEqual([]);
  expect(lines).toEqual([]);
});

test("a file that is not there is refused", async () => {
  const telling = tell({ template: join(temporaryFolder(), "none.json") });

  await expect(telling).rejects.toMatchObject({ code: "input.invalid", message: expect.stringContaining("none.json") });
});
