import { fault } from "../errors/rapport-error.ts";
import type { JsonObject } from "../model/json.ts";
import { choiceProblem, textProblem } from "../model/shape.ts";
import type { ItemKind } from "../ports/item-kind.ts";
import { authenticationItem } from "./authentication.ts";
import { consentItem } from "./consent.ts";
import { createAttributeItem } from "./create-attribute.ts";
import { deleteAttributeItem } from "./delete-attribute.ts";
import { formFieldItem } from "./form-field.ts";
import { freeTextItem } from "./free-text.ts";
import { proposeAttributeItem } from "./propose-attribute.ts";
import { readAttributeItem } from "./read-attribute.ts";
import { shareAttributeItem } from "./share-attribute.ts";

/** Every known type of request item and of ResponseItem. */
export interface ItemKinds {
  readonly types: readonly string[];
  get(type: string): ItemKind | undefined;
  /** How to parse a ResponseItem of this type. */
  getResponse(type: string): ((response: JsonObject) => string | undefined) | undefined;
}

const builtIn: readonly ItemKind[] = [
  authenticationItem,
  consentItem,
  createAttributeItem,
  deleteAttributeItem,
  formFieldItem,
  freeTextItem,
  proposeAttributeItem,
  readAttributeItem,
  shareAttributeItem,
];

/** The built-in kinds and the contributed ones. Fault: `plugin.slotTaken` for a type that is already taken. */
export function createItemKinds(contributed: readonly ItemKind[] = []): ItemKinds {
  const kinds = new Map<string, ItemKind>();
  const responses = new Map(generalResponses);
  for (const kind of [...builtIn, ...contributed]) {
    if (kinds.has(kind.type) || kind.type === "RequestItemGroup")
      throw fault(
        "plugin.slotTaken",
        `The request item type ${kind.type} is already taken. Remove one of its plugins.`,
      );
    kinds.set(kind.type, kind);
    for (const [type, parse] of Object.entries(kind.responses ?? {}))
      if (!responses.has(type)) responses.set(type, parse);
  }
  return Object.freeze({
    types: Object.freeze([...kinds.keys()]),
    get: (type: string) => kinds.get(type),
    getResponse: (type: string) => responses.get(type),
  });
}

const codeRule = { max: 200 };
const messageRule = { max: 1000 };

const generalResponses: readonly (readonly [string, (response: JsonObject) => string | undefined])[] = [
  ["AcceptResponseItem", (response) => choiceProblem(response, "result", ["Accepted"])],
  [
    "RejectResponseItem",
    (response) =>
      choiceProblem(response, "result", ["Rejected"]) ??
      textProblem(response, "code", codeRule) ??
      textProblem(response, "message", messageRule),
  ],
  [
    "ErrorResponseItem",
    (response) =>
      choiceProblem(response, "result", ["Error"]) ??
      textProblem(response, "code", { ...codeRule, required: true }) ??
      textProblem(response, "message", { ...messageRule, required: true }),
  ],
];
