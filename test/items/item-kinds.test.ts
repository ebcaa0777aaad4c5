import { hasCode } from "rapport/core";
import { expect, test } from "vitest";
import { createItemKinds } from "../../src/items/item-kinds.ts";
import { parseRequest } from "../../src/model/request.ts";

const stamp = {
  type: "StampRequestItem",
  parse: (item: object) => ("colour" in item ? undefined : "colour is missing"),
  responses: { StampAcceptResponseItem: () => undefined },
};

test("the built-in kinds are there, and contributed ones join them", () => {
  const kinds = createItemKinds([stamp]);
  const request = (item: object) =>
    parseRequest({ items: [{ "@type": "StampRequestItem", mustBeAccepted: false, ...item }] }, kinds, {
      idAllowed: false,
    });

  expect(kinds.types).toEqual([
    "AuthenticationRequestItem",
    "ConsentRequestItem",
    "CreateAttributeRequestItem",
    "DeleteAttributeRequestItem",
    "FormFieldRequestItem",
    "FreeTextRequestItem",
    "ProposeAttributeRequestItem",
    "ReadAttributeRequestItem",
    "ShareAttributeRequestItem",
    "StampRequestItem",
  ]);
  expect(kinds.get("StampRequestItem")).toBe(stamp);
  expect(kinds.getResponse("StampAcceptResponseItem")).toBeDefined();
  expect(kinds.getResponse("toString")).toBeUndefined();
  expect(request({ colour: "red" }).ok).toBe(true);
  expect(request({})).toMatchObject({ ok: false, refusal: { message: "items[0].colour is missing." } });
});

test.for(["ConsentRequestItem", "StampRequestItem", "RequestItemGroup"])("a second %s is a fault", (type) => {
  const attempt = () => createItemKinds([stamp, { ...stamp, type }]);

  expect(attempt).toThrow(expect.toSatisfy((error: unknown) => hasCode(error, "plugin.slotTaken")));
});

test.for([
  "RegisterAttributeListenerRequestItem",
  "ShareAuthorizationRequestRequestItem",
  "ShareCredentialOfferRequestItem",
])("a %s without its plugin is refused as something that a plugin can bring", (type) => {
  const parsed = (kinds: ReturnType<typeof createItemKinds>) =>
    parseRequest({ items: [{ "@type": type, mustBeAccepted: true }] }, kinds, { idAllowed: false });

  expect(parsed(createItemKinds())).toMatchObject({
    ok: false,
    refusal: { code: "error.runtime.notSupported", message: expect.stringContaining("plugin") },
  });
  expect(parsed(createItemKinds([{ type, parse: () => undefined }])).ok).toBe(true);
});
