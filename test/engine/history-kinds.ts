// Kinds of items for histories: one with a secret, one that looks something up, beside the built-in ones.
import { ItemKind, type ItemKindPort, type JsonObject, type Plugin } from "rapport/core";

const fits = { isSuccess: true, items: [] } as const;
const unfit = (message: string) =>
  ({
    isSuccess: false,
    code: "error.consumption.requests.invalidAcceptParameters",
    message,
    items: [],
  }) as const;

/** Hands over something under a secret token, which no record may hold. */
export const voucher: ItemKindPort = {
  type: "VoucherRequestItem",
  redacted: ["token", "metadata.pin"],
  parse: (item) => (typeof item["token"] === "string" ? undefined : "token must be a text"),
};

/** Wants a document of the account to be there, and to say that it may be lent. */
export const loan: ItemKindPort = {
  type: "LoanRequestItem",
  parse: (item) => (typeof item["of"] === "string" ? undefined : "of must be a text"),
  needs: (item) => [`metadata/${item["of"]}`],
  canAccept: (item, _decision, { known }) => {
    const book = known.get(`metadata/${item["of"]}`);
    if (book === undefined) return unfit("there is no such book");
    return book["lendable"] === true ? fits : unfit("it may not be lent");
  },
};

/** A plugin that brings both. */
export const historyKinds: Plugin = {
  name: "history-kinds",
  register: ({ contribute }) => {
    contribute(ItemKind, () => voucher);
    contribute(ItemKind, () => loan);
  },
};

/** The items that histories draw from. */
export const itemsToDraw: readonly JsonObject[] = [
  { "@type": "ConsentRequestItem", consent: "We may remind you of due dates.", mustBeAccepted: true },
  { "@type": "ConsentRequestItem", consent: "We may tell your friends.", mustBeAccepted: false },
  {
    "@type": "FormFieldRequestItem",
    title: "How many books?",
    mustBeAccepted: true,
    settings: { "@type": "IntegerFormFieldSettings", min: 1, max: 3 },
  },
  {
    "@type": "FormFieldRequestItem",
    title: "Your name",
    mustBeAccepted: false,
    settings: { "@type": "StringFormFieldSettings", max: 20 },
  },
  { "@type": "LoanRequestItem", of: "book-1", mustBeAccepted: false },
  { "@type": "LoanRequestItem", of: "book-2", mustBeAccepted: true },
  { "@type": "LoanRequestItem", of: "book-3", mustBeAccepted: false },
  { "@type": "AuthenticationRequestItem", title: "Log in", mustBeAccepted: true },
];
