import type { JsonObject } from "./json.ts";

/** The built-in template: what a library asks of somebody who wants a card. */
export const libraryCard: JsonObject = {
  "@type": "RelationshipTemplateContent",
  title: "Library card of the City Library",
  onNewRelationship: {
    "@type": "Request",
    title: "Your library card",
    items: [
      {
        "@type": "ConsentRequestItem",
        consent: "I have read the lending rules and will bring books back in time.",
        link: "https://library.example/rules",
        mustBeAccepted: true,
      },
      {
        "@type": "RequestItemGroup",
        title: "About you",
        items: [
          {
            "@type": "FormFieldRequestItem",
            title: "Name on the card",
            settings: { "@type": "StringFormFieldSettings", max: 60 },
            mustBeAccepted: true,
          },
          {
            "@type": "FormFieldRequestItem",
            title: "Date of birth",
            settings: { "@type": "DateFormFieldSettings" },
            mustBeAccepted: true,
          },
          {
            "@type": "FormFieldRequestItem",
            title: "Your nearest branch",
            settings: { "@type": "SelectionFormFieldSettings", options: ["Harbour Street", "Old Town", "Northgate"] },
            mustBeAccepted: false,
          },
        ],
      },
      {
        "@type": "AuthenticationRequestItem",
        title: "Confirm that it is you who applies",
        mustBeAccepted: false,
      },
    ],
  },
};

/** What the library asks later, by message. */
export const reminderQuestion: JsonObject = {
  "@type": "Request",
  title: "One more question",
  items: [
    {
      "@type": "ConsentRequestItem",
      consent: "The library may send me a reminder three days before a book is due.",
      mustBeAccepted: false,
    },
    {
      "@type": "FormFieldRequestItem",
      title: "How many days before the due date?",
      settings: { "@type": "IntegerFormFieldSettings", unit: "days", min: 1, max: 14 },
      mustBeAccepted: false,
    },
  ],
};

/** What travels back with the library's yes. */
export const welcome: JsonObject = { cardNumber: "CL-2041-7731", note: "Your card waits at the front desk." };

/** What travels back with the library's no. */
export const refusal: JsonObject = { reason: "We could not find the address in our town. Please come to the desk." };
