// Generators of items, each with what accepts it.
import fc, { type Arbitrary } from "fast-check";
import type { ItemDecision, JsonObject } from "rapport/core";
import { identityAttribute, relationshipAttribute } from "./attribute-arbitraries.ts";
import { arbitraryId, arbitraryInstant, arbitraryMetadata, arbitraryText } from "./json-arbitraries.ts";

const itemBase = {
  mustBeAccepted: fc.boolean(),
  description: fc.option(arbitraryText(0, 500), { nil: undefined }),
  metadata: fc.option(arbitraryMetadata, { nil: undefined }),
  requireManualDecision: fc.option(fc.boolean(), { nil: undefined }),
};

const authentication = fc.record({
  "@type": fc.constant("AuthenticationRequestItem"),
  title: arbitraryText(0, 200),
  ...itemBase,
});

const consent = fc
  .record({
    "@type": fc.constant("ConsentRequestItem"),
    consent: arbitraryText(0, 1000),
    requiresInteraction: fc.option(fc.boolean(), { nil: undefined }),
    link: fc.option(fc.webUrl({ size: "small" }), { nil: undefined }),
    linkDisplayText: fc.option(arbitraryText(3, 30), { nil: undefined }),
    ...itemBase,
  })
  .map((item) => (item.link === undefined ? { ...item, linkDisplayText: undefined } : item));

const bounds = (value: Arbitrary<number>) =>
  fc
    .tuple(fc.option(value, { nil: undefined }), fc.option(value, { nil: undefined }))
    .map(([one, other]) =>
      one === undefined || other === undefined
        ? { min: one, max: other }
        : { min: Math.min(one, other), max: Math.max(one, other) },
    );

const integer = fc.integer({ min: -1000, max: 1000 });
const double = fc.double({ min: -1000, max: 1000, noNaN: true }).map((number) => number + 0);

/** Settings of a form field together with a response that fits them. */
const field: Arbitrary<{ settings: JsonObject; response: JsonObject[string] }> = fc.oneof(
  fc.boolean().map((response) => ({ settings: { "@type": "BooleanFormFieldSettings" }, response })),
  arbitraryInstant.map((response) => ({ settings: { "@type": "DateFormFieldSettings" }, response })),
  bounded("DoubleFormFieldSettings", double),
  bounded("IntegerFormFieldSettings", integer),
  fc.integer({ min: 5, max: 10 }).chain((maxRating) =>
    fc.integer({ min: 1, max: maxRating }).map((response) => ({
      settings: { "@type": "RatingFormFieldSettings", maxRating },
      response,
    })),
  ),
  fc.uniqueArray(arbitraryText(1, 20), { minLength: 1, maxLength: 5 }).chain((options) =>
    fc.oneof(
      fc.constantFrom(...options).map((response) => ({
        settings: { "@type": "SelectionFormFieldSettings", options },
        response,
      })),
      fc.subarray(options, { minLength: 1 }).map((response) => ({
        settings: { "@type": "SelectionFormFieldSettings", options, allowMultipleSelection: true },
        response,
      })),
    ),
  ),
  fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 40 })).chain(([min, more]) =>
    arbitraryText(min, min + more).map((response) => ({
      settings: { "@type": "StringFormFieldSettings", min, max: Math.max(min + more, response.length) },
      response,
    })),
  ),
);

function bounded(type: string, value: Arbitrary<number>) {
  return fc.tuple(bounds(value), value).map(([{ min, max }, wanted]) => ({
    settings: { "@type": type, min, max },
    response: Math.min(Math.max(wanted, min ?? wanted), max ?? Math.max(wanted, min ?? wanted)),
  }));
}

const formField = fc
  .record({ "@type": fc.constant("FormFieldRequestItem"), title: arbitraryText(0, 200), field, ...itemBase })
  .map(({ field: { settings, response }, ...item }) => ({ item: { ...item, settings }, response }));

const itemOf = (type: string, members: Arbitrary<JsonObject>): Arbitrary<JsonObject> =>
  fc.tuple(fc.record(itemBase), members).map(([base, more]) => ({ "@type": type, ...base, ...more }));

const freeText = fc
  .tuple(
    itemOf(
      "FreeTextRequestItem",
      arbitraryText(1, 100).map((text) => ({ freeText: text })),
    ),
    arbitraryText(1, 100),
  )
  .map(([item, text]): Answerable => ({ item, acceptance: { accept: true, freeText: text } }));

const created = fc.oneof(identityAttribute(""), relationshipAttribute(""));

const createAttribute = itemOf(
  "CreateAttributeRequestItem",
  created.map((attribute) => ({ attribute })),
).map((item): Answerable => ({ item, acceptance: { accept: true } }));

const queried = (attribute: JsonObject): JsonObject => ({
  "@type": "IdentityAttributeQuery",
  valueType: (attribute["value"] as JsonObject)["@type"],
});

const readAttribute = identityAttribute("").chain((newAttribute) =>
  itemOf("ReadAttributeRequestItem", fc.constant({ query: queried(newAttribute) })).map(
    (item): Answerable => ({ item, acceptance: { accept: true, newAttribute } }),
  ),
);

const proposeAttribute = identityAttribute("").chain((attribute) =>
  itemOf("ProposeAttributeRequestItem", fc.constant({ attribute, query: queried(attribute) })).map(
    (item): Answerable => ({ item, acceptance: { accept: true, attribute } }),
  ),
);

const somebody = "did:e:relay.test:dids:1111111111111111111111";

const shareAttribute = itemOf(
  "ShareAttributeRequestItem",
  fc.record({ attribute: identityAttribute(somebody), attributeId: arbitraryId("ATT") }),
).map((item): Answerable => ({ item, acceptance: { accept: true } }));

const deleteAttribute = itemOf("DeleteAttributeRequestItem", fc.record({ attributeId: arbitraryId("ATT") })).map(
  (item): Answerable => ({ item, acceptance: { accept: true, deletionDate: "2090-01-01T00:00:00.000Z" } }),
);

/** An item with the parameters that accept it. */
export interface Answerable {
  readonly item: JsonObject;
  readonly acceptance: ItemDecision;
}

/** Items of the kinds that can be asked and answered out of hand, by the type, each with an acceptance that is allowed. */
export const answerableItems = {
  AuthenticationRequestItem: authentication.map((item) => ({ item, acceptance: { accept: true } })),
  ConsentRequestItem: consent.map((item) => ({ item, acceptance: { accept: true } })),
  CreateAttributeRequestItem: createAttribute,
  FormFieldRequestItem: formField.map(({ item, response }) => ({ item, acceptance: { accept: true, response } })),
  FreeTextRequestItem: freeText,
  ProposeAttributeRequestItem: proposeAttribute,
  ReadAttributeRequestItem: readAttribute,
} satisfies { readonly [type: string]: Arbitrary<Answerable> };

/** An item that can be asked and answered out of hand. */
export const answerable: Arbitrary<Answerable> = fc.oneof(...Object.values<Arbitrary<Answerable>>(answerableItems));

/** An item of any kind, those about attributes that are there already among them. */
export const askable: Arbitrary<Answerable> = fc.oneof(
  { weight: 7, arbitrary: answerable },
  { weight: 1, arbitrary: shareAttribute },
  { weight: 1, arbitrary: deleteAttribute },
);
