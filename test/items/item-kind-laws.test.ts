// The built-in kinds keep the laws of an item kind. Those about attributes that are there already are elsewhere: they need some.
import { authenticationItem } from "../../src/items/authentication.ts";
import { consentItem } from "../../src/items/consent.ts";
import { createAttributeItem } from "../../src/items/create-attribute.ts";
import { formFieldItem } from "../../src/items/form-field.ts";
import { freeTextItem } from "../../src/items/free-text.ts";
import { proposeAttributeItem } from "../../src/items/propose-attribute.ts";
import { readAttributeItem } from "../../src/items/read-attribute.ts";
import { itemKindContract } from "../kit/contracts/item-kind.ts";
import { answerableItems } from "../kit/item-arbitraries.ts";

const waived = {
  "who does not know the kind can neither ask with it nor load a template that does": "everybody knows built-in kinds",
};
const builtIn = { plugins: [], waived };

itemKindContract("authentications", {
  kind: authenticationItem,
  items: answerableItems.AuthenticationRequestItem,
  ...builtIn,
});
itemKindContract("consents", { kind: consentItem, items: answerableItems.ConsentRequestItem, ...builtIn });
itemKindContract("form fields", { kind: formFieldItem, items: answerableItems.FormFieldRequestItem, ...builtIn });
itemKindContract("free texts", { kind: freeTextItem, items: answerableItems.FreeTextRequestItem, ...builtIn });
itemKindContract("attributes to create", {
  kind: createAttributeItem,
  items: answerableItems.CreateAttributeRequestItem,
  ...builtIn,
});
itemKindContract("attributes to read", {
  kind: readAttributeItem,
  items: answerableItems.ReadAttributeRequestItem,
  ...builtIn,
});
itemKindContract("attributes to propose", {
  kind: proposeAttributeItem,
  items: answerableItems.ProposeAttributeRequestItem,
  ...builtIn,
});
