import type { JsonObject, Validation } from "rapport/core";
import { describe, expect, test } from "vitest";
import { type Creation, canCreateRequest } from "../../src/items/can-create-request.ts";
import { createItemKinds } from "../../src/items/item-kinds.ts";
import { parseRequest } from "../../src/model/request.ts";
import { newId } from "./info.ts";

const kinds = createItemKinds();
const self = "did:e:t";
const peer = "did:e:i";
const relationship = { exists: true, requestCreatable: true };
const item = { "@type": "AuthenticationRequestItem", mustBeAccepted: true, title: "Sign in" };
const flawed = {
  "@type": "FormFieldRequestItem",
  mustBeAccepted: false,
  title: "Choose",
  settings: { "@type": "SelectionFormFieldSettings", options: ["a", "a"] },
};

type More = Partial<Pick<Creation, "relationship">> & { readonly peer?: string };

function judge(json: object, { peer, ...more }: More = {}): Validation {
  const parsed = parseRequest({ items: [item], ...json }, kinds, { idAllowed: false });
  if (!parsed.ok) throw new Error(parsed.refusal.message);
  const base = { self, now: "2030-01-01T00:00:00.000Z", known: new Map<string, JsonObject>(), newId };
  const info = peer === undefined ? base : { ...base, peer };
  return canCreateRequest({ request: parsed.value, kinds, info, ...more });
}

const codeOf = (verdict: Validation) => (verdict.isSuccess ? "ok" : verdict.code.split(".").at(-1));

describe("rules 1 to 6, in order", () => {
  const past = { expiresAt: "2029-12-31T23:59:59.999Z" };

  test.for<[string, object, More, string]>([
    ["1 #81 yourself, even if expired", past, { peer: self, relationship }, "cannotShareRequestWithYourself"],
    ["2 expired, even without Relationship", past, { peer }, "cannotCreateRequestWithExpirationDateInPast"],
    ["2 expired, in a template", past, {}, "cannotCreateRequestWithExpirationDateInPast"],
    ["2 expiring this very moment is not past", { expiresAt: "2030-01-01T00:00:00.000Z" }, {}, "ok"],
    ["3 #81 no Relationship", {}, { peer }, "missingRelationship"],
    [
      "3 no existing Relationship",
      {},
      { peer, relationship: { ...relationship, exists: false } },
      "missingRelationship",
    ],
    [
      "4 #81 neither Pending nor Active, even if the peer is in deletion",
      {},
      { peer, relationship: { exists: true, requestCreatable: false, peerDeletionStatus: "ToBeDeleted" } },
      "wrongRelationshipStatus",
    ],
    ["5", {}, { peer, relationship: { ...relationship, peerDeletionStatus: "ToBeDeleted" } }, "peerIsInDeletion"],
    ["6", {}, { peer, relationship: { ...relationship, peerDeletionStatus: "Deleted" } }, "peerIsDeleted"],
    ["#81 fine", {}, { peer, relationship }, "ok"],
    ["fine without peer", {}, {}, "ok"],
  ])("%s", ([, json, more, code]) => {
    const verdict = judge(json, more);

    expect(codeOf(verdict)).toBe(code);
    expect(verdict.items).toHaveLength(code === "ok" ? 1 : 0);
  });
});

test("7 #104 an item that cannot be created fails at its position", () => {
  const verdict = judge({ items: [item, { "@type": "RequestItemGroup", items: [item, flawed] }] });

  expect(verdict).toMatchObject({
    isSuccess: false,
    code: "error.consumption.requests.validation.inheritedFromItem",
    items: [
      { isSuccess: true },
      {
        code: "error.consumption.requests.validation.inheritedFromItem",
        items: [{ isSuccess: true }, { code: "error.consumption.requests.invalidRequestItem" }],
      },
    ],
  });
});

describe("8 keys of RelationshipAttributes", () => {
  const attribute = (owner: string, type = "ProprietaryString", mustBeAccepted = true) => ({
    "@type": "CreateAttributeRequestItem",
    mustBeAccepted,
    attribute: {
      "@type": "RelationshipAttribute",
      owner,
      key: "customer",
      confidentiality: "public",
      value: { "@type": type, title: "Customer", value: type === "ProprietaryBoolean" ? true : "4711" },
    },
  });
  const judgeItems = (...items: object[]) => codeOf(judge({ items }, { peer, relationship }));

  test("#78 two mandatory items with the same key, owner and value type", () => {
    expect(judgeItems(attribute(""), attribute(peer))).toBe("violatedKeyUniquenessOfRelationshipAttributes");
    expect(judgeItems(attribute(""), { "@type": "RequestItemGroup", items: [attribute("")] })).toBe(
      "violatedKeyUniquenessOfRelationshipAttributes",
    );
    expect(judgeItems(attribute(""), attribute("", "ProprietaryBoolean"))).toBe("ok");
    expect(judgeItems(attribute(""), attribute(self))).toBe("ok");
  });

  test("#79 an optional item may repeat the key", () => {
    expect(judgeItems(attribute(""), attribute("", "ProprietaryString", false))).toBe("ok");
  });

  test("a failing item comes before a repeated key", () => {
    expect(judgeItems(attribute(""), attribute(""), flawed)).toBe("inheritedFromItem");
  });
});
