// What the library offers in `rapport up`: the seeds' template, and a later question to somebody it knows.

const daysToAnswer = 90;
const dayMs = 24 * 60 * 60 * 1000;

function untilWhen(): string {
  return new Date(Date.now() + daysToAnswer * dayMs).toISOString();
}

const consent = {
  "@type": "ConsentRequestItem",
  consent: "The library may store my loans for as long as I have a card.",
  mustBeAccepted: true,
};

const mailAddress = {
  "@type": "ReadAttributeRequestItem",
  query: { "@type": "IdentityAttributeQuery", valueType: "EMailAddress" },
  mustBeAccepted: true,
};

const question = { "@type": "FreeTextRequestItem", freeText: "What do you like to read?", mustBeAccepted: false };

/** The body that publishes the library card: a consent, an attribute to read, a free text. */
export function libraryCard(): object {
  return {
    maxNumberOfAllocations: 1,
    expiresAt: untilWhen(),
    content: {
      "@type": "RelationshipTemplateContent",
      title: "Library card",
      onNewRelationship: {
        "@type": "Request",
        title: "Your library card",
        description: "Before we lend you anything, we would like to agree on this.",
        items: [consent, mailAddress, question],
      },
    },
  };
}

/** What Mara answers to it. */
export const decisions: readonly object[] = [
  { accept: true },
  {
    accept: true,
    newAttribute: {
      "@type": "IdentityAttribute",
      owner: "",
      value: { "@type": "EMailAddress", value: "mara@example.org" },
    },
  },
  { accept: true, freeText: "Everything about the sea." },
];

/** The body that publishes a question to those who have a card already. */
export function readingRoom(): object {
  const items = [
    { "@type": "ConsentRequestItem", consent: "The library may send me its programme.", mustBeAccepted: false },
    { ...mailAddress, description: "Where the programme goes to.", mustBeAccepted: false },
    {
      "@type": "FormFieldRequestItem",
      title: "When would you come to the reading room?",
      settings: {
        "@type": "SelectionFormFieldSettings",
        options: ["In the morning", "In the afternoon", "In the evening"],
      },
      mustBeAccepted: true,
    },
  ];
  const title = "The new reading room";
  return {
    maxNumberOfAllocations: 1,
    expiresAt: untilWhen(),
    content: {
      "@type": "RelationshipTemplateContent",
      title,
      onNewRelationship: { "@type": "Request", title, items },
      onExistingRelationship: { "@type": "Request", title, items },
    },
  };
}
