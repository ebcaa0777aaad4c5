import type { ItemKindPort, JsonObject } from "rapport/core";
import { describe, expect, test } from "vitest";
import { applyResponse } from "../../src/items/apply-response.ts";
import { createItemKinds } from "../../src/items/item-kinds.ts";
import { parseRequest } from "../../src/model/request.ts";
import { parseResponse } from "../../src/model/response.ts";
import { newId } from "./info.ts";

const requestId = "REQ12345678901234567";
const info = {
  self: "did:e:t",
  now: "2030-01-01T00:00:00.000Z",
  requestId,
  known: new Map<string, JsonObject>(),
  newId,
};
const ledger: ItemKindPort = {
  type: "LedgerRequestItem",
  parse: () => undefined,
  canApply: (_response, item) =>
    item["isClosed"] === true
      ? {
          isSuccess: false,
          code: "error.consumption.requests.invalidRequestItem",
          message: "The ledger is closed.",
          items: [],
        }
      : { isSuccess: true, items: [] },
  apply: (response, item) => ({ puts: [{ key: `put/${item["name"]}`, document: { result: response["result"] } }] }),
};
const kinds = createItemKinds([ledger]);

const optional = { "@type": "AuthenticationRequestItem", mustBeAccepted: false, title: "Sign in" };
const mandatory = { ...optional, mustBeAccepted: true };
const group = (...items: unknown[]) => ({ "@type": "RequestItemGroup", items });
const accepted = { "@type": "AcceptResponseItem", result: "Accepted" };
const rejected = { "@type": "RejectResponseItem", result: "Rejected" };
const error = { "@type": "ErrorResponseItem", result: "Error", code: "some.code", message: "Something failed." };
const filled = { "@type": "FormFieldAcceptResponseItem", result: "Accepted", response: 1 };
const answers = (...items: unknown[]) => ({ "@type": "ResponseItemGroup", items });

function apply(items: unknown[], responseItems: unknown[], more: object = {}) {
  const request = parseRequest({ items }, kinds, { idAllowed: false });
  const response = parseResponse(
    { "@type": "Response", result: "Accepted", requestId, items: responseItems, ...more },
    kinds,
  );
  if (!request.ok || !response.ok) throw new Error("both are well formed");
  return applyResponse({ request: request.value, response: response.value, kinds, info });
}

describe("12 #16 a Response that does not mirror the Request is refused", () => {
  test.for<[string, unknown[], unknown[], string]>([
    ["too few", [optional, optional], [accepted], "invalidNumberOfItems"],
    ["too many", [optional], [accepted, accepted], "invalidNumberOfItems"],
    ["too few in a group", [group(optional, optional)], [answers(accepted)], "invalidNumberOfItems"],
    ["an item for a group", [group(optional)], [accepted], "requestItemGroupAnsweredAsRequestItem"],
    ["a group for an item", [optional], [answers(accepted)], "requestItemAnsweredAsRequestItemGroup"],
    ["the answer of another kind", [optional], [filled], "servalError"],
    ["a mandatory item rejected", [mandatory], [rejected], "mustBeAcceptedItemNotAccepted"],
    ["a mandatory item failed", [mandatory], [error], "mustBeAcceptedItemNotAccepted"],
    ["a mandatory child rejected", [group(mandatory)], [answers(rejected)], "mustBeAcceptedItemNotAccepted"],
  ])("%s", ([, items, responseItems, code]) => {
    const outcome = apply(items, responseItems);

    expect(outcome.ok || outcome.refusal.code.split(".").at(-1)).toBe(code);
  });

  test("an item accepted inside a rejected Response", () => {
    expect(apply([optional], [accepted], { result: "Rejected" })).toMatchObject({
      ok: false,
      refusal: { code: "error.consumption.requests.decide.validation.itemAcceptedButRequestNotAccepted" },
    });
  });

  test("the Response to another Request", () => {
    expect(apply([optional], [accepted], { requestId: "REQ00000000000000000" })).toMatchObject({
      ok: false,
      refusal: { code: "error.runtime.validation.invalidPropertyValue" },
    });
  });
});

test("rejections, errors and skipped optional groups of the older generation are fine", () => {
  expect(apply([optional, optional], [rejected, error]).ok).toBe(true);
  expect(apply([mandatory], [rejected], { result: "Rejected" }).ok).toBe(true);
  expect(apply([{ ...group(mandatory), mustBeAccepted: false }], [answers(rejected)]).ok).toBe(true);
});

test("every item is applied, also when the Response is rejected", () => {
  const items = [
    { "@type": "LedgerRequestItem", mustBeAccepted: false, name: "a" },
    group({ "@type": "LedgerRequestItem", mustBeAccepted: false, name: "b" }),
  ];

  const outcome = apply(items, [rejected, answers(rejected)], { result: "Rejected" });

  expect(outcome).toEqual({
    ok: true,
    value: {
      puts: [
        { key: "put/a", document: { result: "Rejected" } },
        { key: "put/b", document: { result: "Rejected" } },
      ],
      deletes: [],
      secrets: [],
      deadlines: [],
      events: [],
    },
  });
});

test("if one kind says no, nothing is applied", () => {
  const items = [
    { "@type": "LedgerRequestItem", mustBeAccepted: false, name: "a" },
    { "@type": "LedgerRequestItem", mustBeAccepted: false, name: "b", isClosed: true },
  ];

  expect(apply(items, [accepted, accepted])).toMatchObject({
    ok: false,
    refusal: {
      code: "error.consumption.requests.invalidRequestItem",
      message: "items[1]: The ledger is closed.",
    },
  });
});
