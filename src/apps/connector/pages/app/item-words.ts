// The items of a Request in plain words: what is asked, what is given, and what has to be filled in (spec/domain.md 5.3).
import { type JsonObject, listIn, objectIn, rowOf, textIn } from "./json.ts";
import { fieldsOf, nameOfType, titleOfValue, valueInWords } from "./value-types.ts";

/** What accepting an item needs besides the word. */
export type ItemInput =
  | { readonly kind: "nothing" }
  | { readonly kind: "text" }
  | { readonly kind: "form"; readonly settings: JsonObject }
  | { readonly kind: "attribute"; readonly query: JsonObject; readonly proposed?: JsonObject }
  | { readonly kind: "date" }
  | { readonly kind: "unknown" };

/** A line of what is shown. */
export interface Detail {
  readonly label: string;
  readonly value: string;
  /** Only web addresses. */
  readonly href?: string;
}

/** One item for people. */
export interface ItemWords {
  readonly title: string;
  /** What it means, in a sentence. */
  readonly asks: string;
  /** The peer's own words. */
  readonly description: string;
  readonly details: readonly Detail[];
  /** What stands beside the box that is ticked to accept it. */
  readonly accepts: string;
  readonly isRequired: boolean;
  /** Ticked from the start: only what is required and is no agreement of a person. */
  readonly isTicked: boolean;
  readonly input: ItemInput;
}

type Said = Pick<ItemWords, "title" | "asks" | "accepts"> & Partial<ItemWords>;

/** An item in words. */
export function itemInWords(item: JsonObject): ItemWords {
  const type = textIn(item["@type"]);
  const said = rowOf(kinds, type)?.(item) ?? unknown(type);
  const isRequired = item["mustBeAccepted"] === true;
  return {
    description: textIn(item["description"]),
    details: [],
    input: { kind: "nothing" },
    isRequired,
    isTicked: isRequired && !agreements.includes(type),
    ...said,
    title: said.title.charAt(0).toUpperCase() + said.title.slice(1),
  };
}

/** True for a group of items. */
export function isGroup(item: JsonObject): boolean {
  return item["@type"] === "RequestItemGroup";
}

/** Nobody agrees by not looking. */
const agreements: readonly string[] = ["ConsentRequestItem", "AuthenticationRequestItem"];

const kinds: { readonly [type: string]: (item: JsonObject) => Said } = {
  ConsentRequestItem: (item) => ({
    title: textIn(item["title"]) || "Consent",
    asks: textIn(item["consent"]),
    details: linkOf(item),
    accepts: "I agree",
  }),
  AuthenticationRequestItem: (item) => ({
    title: textIn(item["title"]) || "Confirm that it is you",
    asks: `Confirm to the other side that it is you who is doing this.`,
    accepts: "Yes, it is me",
  }),
  FreeTextRequestItem: (item) => ({
    title: textIn(item["title"]) || "A question",
    asks: textIn(item["freeText"]),
    accepts: "Answer",
    input: { kind: "text" },
  }),
  FormFieldRequestItem: (item) => ({
    title: textIn(item["title"]) || "A question",
    asks: "Your answer goes to the other side and is kept nowhere else.",
    accepts: "Answer",
    input: { kind: "form", settings: objectIn(item["settings"]) },
  }),
  CreateAttributeRequestItem: created,
  ShareAttributeRequestItem: (item) => ({
    title: `You get: ${titleOfContent(item)}`,
    asks: `Sent to you by the other side. You give nothing.`,
    details: detailsOf(objectIn(item["attribute"])),
    accepts: "Take it",
  }),
  ReadAttributeRequestItem: (item) => asked(objectIn(item["query"]), {}),
  ProposeAttributeRequestItem: (item) => asked(objectIn(item["query"]), objectIn(item["attribute"])),
  DeleteAttributeRequestItem: (item) => ({
    title: "Delete something you have",
    asks: `The other side asks you to delete your copy of an entry on a day of your choice.`,
    details: [{ label: "Entry", value: textIn(item["attributeId"]) }],
    accepts: "Delete it",
    input: { kind: "date" },
  }),
  TransferFileOwnershipRequestItem: () => ({
    title: "You get a file",
    asks: `The other side makes you the owner of a file. It is kept among your own entries, and they see that you have it.`,
    accepts: "Take the file",
  }),
};

function created(item: JsonObject): Said {
  const attribute = objectIn(item["attribute"]);
  const isIdentity = attribute["@type"] === "IdentityAttribute";
  return {
    title: `A new entry: ${titleOfContent(item)}`,
    asks: isIdentity
      ? `An entry about you. You keep it among your own, and the other side has it too.`
      : `An entry that holds between you and the other side alone. Both sides keep it.`,
    details: detailsOf(attribute),
    accepts: "Accept this entry",
  };
}

function asked(query: JsonObject, proposed: JsonObject): Said {
  const about = subjectOf(query);
  const isProposed = proposed["value"] !== undefined;
  const isThird = query["@type"] === "ThirdPartyRelationshipAttributeQuery";
  return {
    title: isThird ? `You give: an entry you have with somebody else` : `You give: ${about}`,
    asks: isProposed
      ? "The other side proposes a value. Take it as it is, or give another."
      : isThird
        ? "You decide which of your entries is shown."
        : "The other side gets the value that you choose here, and keeps it.",
    details: detailsOfQuery(query),
    accepts: "Give it",
    input: { kind: "attribute", query, ...(isProposed ? { proposed } : {}) },
  };
}

function unknown(type: string): Said {
  return {
    title: type === "" ? "Something unknown" : type,
    asks: "This page does not know what this is. It can only be declined here.",
    accepts: "Accept",
    input: { kind: "unknown" },
  };
}

/** What a query is about, in the middle of a sentence. */
export function subjectOf(query: JsonObject): string {
  const hints = objectIn(query["attributeCreationHints"]);
  if (textIn(hints["title"]) !== "") return textIn(hints["title"]);
  const type = textIn(query["valueType"]) || textIn(hints["valueType"]);
  return type === "" ? "an entry that fits" : `your ${nameOfType(type)}`;
}

/** The value type of a new answer to a query; "" when none can be made. */
export function answerTypeOf(query: JsonObject): string {
  return textIn(query["valueType"]) || textIn(objectIn(query["attributeCreationHints"])["valueType"]);
}

function detailsOfQuery(query: JsonObject): readonly Detail[] {
  const hints = objectIn(query["attributeCreationHints"]);
  const tags = listIn(query["tags"] ?? hints["tags"]).map(textIn);
  return [
    ...(textIn(hints["description"]) === "" ? [] : [{ label: "What it is", value: textIn(hints["description"]) }]),
    ...(tags.length === 0 ? [] : [{ label: "Marked", value: tags.join(", ") }]),
    ...(query["@type"] === "IQLQuery" ? [{ label: "Which", value: textIn(query["queryString"]) }] : []),
  ];
}

function titleOfContent(item: JsonObject): string {
  return titleOfValue(objectIn(objectIn(item["attribute"])["value"]));
}

function detailsOf(attribute: JsonObject): readonly Detail[] {
  const value = objectIn(attribute["value"]);
  const description = textIn(value["description"]);
  const label = fieldsOf(textIn(value["@type"])).length > 1 ? "Details" : "Value";
  return [
    { label, value: valueInWords(value) },
    ...linkOf(value),
    ...(description === "" ? [] : [{ label: "What it is", value: description }]),
  ];
}

function linkOf(item: JsonObject): readonly Detail[] {
  const link = textIn(item["link"]);
  if (!/^https?:\/\//i.test(link)) return [];
  return [{ label: "Read more", value: textIn(item["linkDisplayText"]) || link, href: link }];
}
