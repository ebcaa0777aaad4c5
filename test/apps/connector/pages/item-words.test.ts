// The page's words: every kind of item says what is asked and what is given.
import { describe, expect, test } from "vitest";
import { isGroup, itemInWords } from "../../../../src/apps/connector/pages/app/item-words.ts";
import type { JsonObject } from "../../../../src/apps/connector/pages/app/json.ts";

const mail = { "@type": "IdentityAttributeQuery", valueType: "EMailAddress" };
const address = {
  "@type": "IdentityAttribute",
  owner: "",
  value: {
    "@type": "StreetAddress",
    recipient: "Mara",
    street: "Am Hafen",
    houseNo: "3",
    zipCode: "20457",
    city: "Hamburg",
    country: "DE",
  },
};
const card = {
  "@type": "RelationshipAttribute",
  owner: "",
  key: "card",
  confidentiality: "public",
  value: { "@type": "ProprietaryInteger", title: "Number of the card", description: "On its back.", value: 4711 },
};

describe("an item in words", () => {
  test("a consent shows its text and its link, and nobody agrees by not looking", () => {
    const words = itemInWords({
      "@type": "ConsentRequestItem",
      consent: "We store your loans.",
      link: "https://library.example/terms",
      linkDisplayText: "The terms",
      mustBeAccepted: true,
    });

    expect(words).toMatchObject({
      asks: "We store your loans.",
      accepts: "I agree",
      isRequired: true,
      isTicked: false,
      details: [{ value: "The terms", href: "https://library.example/terms" }],
    });
  });

  test("a link that is no web address is not a link", () => {
    const words = itemInWords({ "@type": "ConsentRequestItem", consent: "So.", link: "javascript:alert(1)" });

    expect(words.details).toEqual([]);
  });

  test.for<[string, JsonObject, object]>([
    ["AuthenticationRequestItem", { title: "Door" }, { title: "Door", accepts: "Yes, it is me", isTicked: false }],
    ["FreeTextRequestItem", { freeText: "Why?" }, { asks: "Why?", input: { kind: "text" } }],
    [
      "FormFieldRequestItem",
      { title: "Age", settings: { "@type": "IntegerFormFieldSettings" } },
      { title: "Age", input: { kind: "form", settings: { "@type": "IntegerFormFieldSettings" } } },
    ],
    [
      "ReadAttributeRequestItem",
      { query: mail },
      { title: "You give: your e-mail address", input: { kind: "attribute", query: mail } },
    ],
    [
      "ReadAttributeRequestItem",
      { query: { "@type": "ThirdPartyRelationshipAttributeQuery", key: "card", owner: "", thirdParty: [""] } },
      { title: "You give: an entry you have with somebody else" },
    ],
    [
      "ProposeAttributeRequestItem",
      { query: { ...mail, valueType: "StreetAddress" }, attribute: address },
      { title: "You give: your street address", input: { kind: "attribute", proposed: address } },
    ],
    [
      "CreateAttributeRequestItem",
      { attribute: card },
      {
        title: "A new entry: Number of the card",
        details: [
          { label: "Value", value: "4711" },
          { label: "What it is", value: "On its back." },
        ],
        input: { kind: "nothing" },
      },
    ],
    [
      "CreateAttributeRequestItem",
      { attribute: address },
      {
        title: "A new entry: street address",
        details: [{ label: "Details", value: "Mara, Am Hafen, 3, 20457, Hamburg, DE" }],
      },
    ],
    ["ShareAttributeRequestItem", { attribute: card, attributeId: "ATT" }, { title: "You get: Number of the card" }],
    ["DeleteAttributeRequestItem", { attributeId: "ATT1" }, { input: { kind: "date" }, accepts: "Delete it" }],
    ["TransferFileOwnershipRequestItem", {}, { accepts: "Take the file" }],
    ["SomethingOfTomorrow", {}, { title: "SomethingOfTomorrow", input: { kind: "unknown" } }],
    ["constructor", {}, { input: { kind: "unknown" } }],
  ])("%s", ([type, more, expected]) => {
    expect(itemInWords({ "@type": type, mustBeAccepted: false, ...more })).toMatchObject(expected);
  });

  test("what is required and no agreement is ticked from the start; what is optional is not", () => {
    const read = { "@type": "ReadAttributeRequestItem", query: mail };

    expect(itemInWords({ ...read, mustBeAccepted: true }).isTicked).toBe(true);
    expect(itemInWords({ ...read, mustBeAccepted: false }).isTicked).toBe(false);
  });

  test("a group is known by its type", () => {
    expect(isGroup({ "@type": "RequestItemGroup" })).toBe(true);
    expect(isGroup({ "@type": "ConsentRequestItem" })).toBe(false);
  });
});
