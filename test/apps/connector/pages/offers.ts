// What is offered to the phone.

const mail = { "@type": "IdentityAttributeQuery", valueType: "EMailAddress" };

/** A consent, an attribute to read and a question: the template of the seeds. */
export function libraryCard(): object {
  const items = [
    {
      "@type": "ConsentRequestItem",
      consent: "The library may store my loans.",
      link: "https://library.example/terms",
      linkDisplayText: "What we store",
      mustBeAccepted: true,
    },
    { "@type": "ReadAttributeRequestItem", query: mail, mustBeAccepted: true },
    { "@type": "FreeTextRequestItem", freeText: "What do you like to read?", mustBeAccepted: false },
  ];
  return {
    "@type": "RelationshipTemplateContent",
    title: "Library card",
    onNewRelationship: {
      "@type": "Request",
      title: "Your library card",
      description: "Before we lend you anything, we would like to agree on this.",
      items,
    },
  };
}

const field = (title: string, settings: object) => ({
  "@type": "FormFieldRequestItem",
  title,
  settings,
  mustBeAccepted: false,
});

/** Every kind of item that a template may have. */
export function everyKind(): object {
  const card = { "@type": "ProprietaryInteger", title: "Number of the card", value: 4711 };
  const attribute = {
    "@type": "RelationshipAttribute",
    owner: "",
    key: "card",
    confidentiality: "public",
    value: card,
  };
  const attributeCreationHints = {
    title: "Seats",
    valueType: "ProprietaryInteger",
    confidentiality: "public",
    description: "How many you need.",
  };
  const proposed = { "@type": "IdentityAttribute", owner: "", value: { "@type": "Surname", value: "Sommer" } };
  const nameQuery = { "@type": "IdentityAttributeQuery", valueType: "Surname" };
  const address = { "@type": "IdentityAttributeQuery", valueType: "StreetAddress" };
  const seats = { "@type": "RelationshipAttributeQuery", key: "seats", owner: "", attributeCreationHints };
  const items = [
    { "@type": "ConsentRequestItem", consent: "The library may store my loans.", mustBeAccepted: true },
    { "@type": "AuthenticationRequestItem", title: "Open the door", mustBeAccepted: false },
    { "@type": "CreateAttributeRequestItem", attribute, mustBeAccepted: true },
    { "@type": "ProposeAttributeRequestItem", query: nameQuery, attribute: proposed, mustBeAccepted: true },
    {
      "@type": "RequestItemGroup",
      title: "So that we can write to you",
      items: [
        { "@type": "ReadAttributeRequestItem", query: mail, mustBeAccepted: false },
        { "@type": "ReadAttributeRequestItem", query: address, mustBeAccepted: false },
        { "@type": "ReadAttributeRequestItem", query: seats, mustBeAccepted: false },
      ],
    },
    field("Are you a student?", { "@type": "BooleanFormFieldSettings" }),
    field("From when?", { "@type": "DateFormFieldSettings" }),
    field("How far is it?", { "@type": "DoubleFormFieldSettings", unit: "km", max: 100 }),
    field("How many books?", { "@type": "IntegerFormFieldSettings", min: 1, max: 9 }),
    field("How do you like it?", { "@type": "RatingFormFieldSettings", maxRating: 5 }),
    field("Where to?", { "@type": "SelectionFormFieldSettings", options: ["Harbour", "Station"] }),
    field("Anything else?", { "@type": "StringFormFieldSettings", allowNewlines: true, max: 200 }),
  ];
  return {
    "@type": "RelationshipTemplateContent",
    onNewRelationship: { "@type": "Request", title: "Everything at once", items },
  };
}
