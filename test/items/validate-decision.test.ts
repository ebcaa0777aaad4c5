import fc from "fast-check";
import type { Decision, ItemKindPort, JsonObject, Validation } from "rapport/core";
import { describe, expect, test } from "vitest";
import { rejectAll } from "../../src/items/decisions.ts";
import { createItemKinds } from "../../src/items/item-kinds.ts";
import { type Judgement, validateDecision } from "../../src/items/validate-decision.ts";
import { parseRequest } from "../../src/model/request.ts";
import { arbitraryDecided, arbitraryRequest, arbitrarySpoiled } from "../kit/arbitraries.ts";
import { newId } from "./info.ts";

const info = {
  self: "did:e:i",
  peer: "did:e:t",
  now: "2030-01-01T00:00:00.000Z",
  known: new Map<string, JsonObject>(),
  newId,
};
const kinds = createItemKinds();

function requestOf(json: unknown, from = kinds) {
  const parsed = parseRequest(json, from, { idAllowed: false });
  if (!parsed.ok) throw new Error(parsed.refusal.message);
  return parsed.value;
}

const judge = (items: unknown, decision: Decision["items"], more: Partial<Judgement> = {}) =>
  validateDecision({
    request: requestOf({ items }, more.kinds),
    decision: { items: decision },
    result: "accept",
    kinds,
    info,
    ...more,
  });

/** The tree of codes: `ok`, the last word of the code, or an array for a parent. */
type Codes = string | Codes[];
const codesOf = (verdict: Validation): Codes =>
  verdict.items.length > 0
    ? verdict.items.map(codesOf)
    : verdict.isSuccess
      ? "ok"
      : (verdict.code.split(".").at(-1) ?? "");

const optional = { "@type": "AuthenticationRequestItem", mustBeAccepted: false, title: "Sign in" };
const mandatory = { ...optional, mustBeAccepted: true };
const group = (...items: unknown[]) => ({ "@type": "RequestItemGroup", items });
const yes = { accept: true } as const;
const no = { accept: false } as const;

describe("structure", () => {
  test("#64 optional items may all be rejected while the Request is accepted", () => {
    expect(judge([optional, optional], [no, no])).toMatchObject({ isSuccess: true });
  });

  test("#65 a mandatory item that is not accepted shows at its position, its parents inherit", () => {
    const verdict = judge([optional, group(optional, mandatory)], [yes, { items: [yes, no] }]);

    expect(codesOf(verdict)).toEqual(["ok", ["ok", "mustBeAcceptedItemNotAccepted"]]);
    expect(verdict).toMatchObject({
      isSuccess: false,
      code: "error.consumption.requests.validation.inheritedFromItem",
      items: [{}, { isSuccess: false, code: "error.consumption.requests.validation.inheritedFromItem" }],
    });
  });

  test("#66 an item accepted in a rejected Request is itemAcceptedButRequestNotAccepted", () => {
    const verdict = judge([optional, group(optional)], [yes, { items: [yes] }], { result: "reject" });

    expect(codesOf(verdict)).toEqual(["itemAcceptedButRequestNotAccepted", ["itemAcceptedButRequestNotAccepted"]]);
  });

  test("#67 a mandatory child must be accepted even if no sibling is; in O an optional group may be skipped", () => {
    const items = [{ ...group(mandatory, optional), mustBeAccepted: false }];

    expect(codesOf(judge(items, [{ items: [no, no] }]))).toEqual([["mustBeAcceptedItemNotAccepted", "ok"]]);
    expect(judge(items, [{ items: [no, no] }], { generation: "O" }).isSuccess).toBe(true);
    expect(codesOf(judge(items, [{ items: [no, yes] }], { generation: "O" }))).toEqual([
      ["mustBeAcceptedItemNotAccepted", "ok"],
    ]);
  });

  test("#68 a wrong number of top-level decisions has no item tree", () => {
    const code = "error.consumption.requests.decide.validation.invalidNumberOfItems";

    expect(judge([optional, optional], [yes])).toMatchObject({ isSuccess: false, code, items: [] });
    expect(judge([optional], [yes, yes])).toMatchObject({ isSuccess: false, code, items: [] });
  });

  test("#69 a wrong number of child decisions shows at the group", () => {
    expect(codesOf(judge([group(optional, optional)], [{ items: [yes] }]))).toEqual(["invalidNumberOfItems"]);
    expect(codesOf(judge([group(optional)], [{ items: [yes, yes] }]))).toEqual(["invalidNumberOfItems"]);
    expect(codesOf(judge([group(optional)], [{ items: [] }]))).toEqual(["invalidNumberOfItems"]);
  });

  test("#70 items answered as groups and groups answered as items", () => {
    const verdict = judge([optional, group(optional)], [{ items: [yes] }, yes]);

    expect(codesOf(verdict)).toEqual([
      "requestItemAnsweredAsRequestItemGroup",
      "requestItemGroupAnsweredAsRequestItem",
    ]);
  });

  test("a mandatory child in a group without flag is judged like a top-level item", () => {
    expect(judge([group(mandatory)], [{ items: [yes] }]).isSuccess).toBe(true);
    expect(judge([group(mandatory)], [{ items: [no] }], { result: "reject" }).isSuccess).toBe(true);
  });
});

describe("the older generation", () => {
  const older = { generation: "O" } as const;

  test.for<[string, unknown[], Decision["items"], "accept" | "reject", Codes]>([
    ["item accepted, Request rejected", [optional], [yes], "reject", ["itemAcceptedButParentNotAccepted"]],
    [
      "group accepted, Request rejected",
      [group(optional)],
      [{ items: [yes] }],
      "reject",
      ["itemAcceptedButParentNotAccepted"],
    ],
    [
      "mandatory group skipped",
      [{ ...group(mandatory), mustBeAccepted: true }],
      [{ items: [no] }],
      "accept",
      ["mustBeAcceptedItemNotAccepted"],
    ],
    ["all rejected", [{ ...group(mandatory), mustBeAccepted: true }], [{ items: [no] }], "reject", [["ok"]]],
  ])("%s", ([, items, decision, result, codes]) => {
    expect(codesOf(judge(items, decision, { ...older, result }))).toEqual(codes);
  });
});

describe("kinds", () => {
  const field = { "@type": "FormFieldRequestItem", title: "Age", settings: { "@type": "IntegerFormFieldSettings" } };
  const stubborn: ItemKindPort = {
    type: "StubbornRequestItem",
    parse: () => undefined,
    canAccept: () => {
      throw new Error("I never accept");
    },
    canReject: () => ({ isSuccess: false, code: "stubborn.no", message: "Not now.", items: [] }),
  };
  const item = { "@type": "StubbornRequestItem", mustBeAccepted: false };

  test("a kind's own no shows at its leaf, merged with the structure", () => {
    const items = [{ ...field, mustBeAccepted: true }, mandatory];

    expect(codesOf(judge(items, [{ accept: true, response: 1.5 }, no]))).toEqual([
      "invalidAcceptParameters",
      "mustBeAcceptedItemNotAccepted",
    ]);
  });

  test("the structural error wins at a leaf", () => {
    const items = [{ ...field, mustBeAccepted: false }];

    expect(codesOf(judge(items, [{ accept: true, response: {} }], { result: "reject" }))).toEqual([
      "itemAcceptedButRequestNotAccepted",
    ]);
  });

  test("an exception becomes the leaf's error and keeps its message", () => {
    const verdict = judge([item, optional], [yes, yes], { kinds: createItemKinds([stubborn]) });

    expect(codesOf(verdict)).toEqual(["unexpectedErrorDuringRequestItemProcessing", "ok"]);
    expect(verdict.items[0]).toMatchObject({ message: "I never accept" });
  });

  test("a kind is asked about rejecting, too", () => {
    const verdict = judge([item], [no], { result: "reject", kinds: createItemKinds([stubborn]) });

    expect(codesOf(verdict)).toEqual(["no"]);
  });

  test("an item whose plugin is gone can be rejected, but not accepted", () => {
    const request = requestOf({ items: [item] }, createItemKinds([stubborn]));
    const decide = (decision: Decision, result: "accept" | "reject") =>
      validateDecision({ request, decision, result, kinds, info });

    expect(codesOf(decide({ items: [yes] }, "accept"))).toEqual(["unknownKind"]);
    expect(decide({ items: [no] }, "reject").isSuccess).toBe(true);
  });
});

describe("keys of RelationshipAttributes", () => {
  const attribute = {
    "@type": "RelationshipAttribute",
    owner: "",
    key: "customer",
    confidentiality: "public",
    value: { "@type": "ProprietaryString", title: "Customer", value: "4711" },
  };
  const create = (mustBeAccepted: boolean, given: object = {}) => ({
    "@type": "CreateAttributeRequestItem",
    mustBeAccepted,
    attribute: { ...attribute, ...given },
  });
  const read = (mustBeAccepted: boolean) => ({
    "@type": "ReadAttributeRequestItem",
    mustBeAccepted,
    query: {
      "@type": "RelationshipAttributeQuery",
      owner: info.self,
      key: "customer",
      attributeCreationHints: { title: "Customer", valueType: "ProprietaryString", confidentiality: "public" },
    },
  });
  const answer = { accept: true, newAttribute: attribute } as const;

  test("#78 two mandatory items with the same key can never be accepted, but be rejected", () => {
    const items = [create(true), group(read(true))];

    expect(judge(items, [yes, { items: [answer] }])).toMatchObject({
      isSuccess: false,
      code: "error.consumption.requests.violatedKeyUniquenessOfRelationshipAttributes",
      items: [],
    });
    expect(judge(items, [no, { items: [no] }], { result: "reject" }).isSuccess).toBe(true);
  });

  test("#79 of one mandatory and one optional item only one may be accepted", () => {
    const items = [create(true), group(read(false))];

    expect(judge(items, [yes, { items: [answer] }])).toMatchObject({
      isSuccess: false,
      code: "error.consumption.requests.invalidAcceptParameters",
      items: [],
    });
    expect(judge(items, [yes, { items: [no] }]).isSuccess).toBe(true);
  });

  test("another key, owner, value type or kind of attribute is no conflict", () => {
    const others = [
      create(true, { key: "other" }),
      create(true, { owner: info.peer }),
      create(true, { value: { "@type": "ProprietaryBoolean", title: "Customer", value: true } }),
      create(true, { "@type": "IdentityAttribute", value: { "@type": "GivenName", value: "Ann" } }),
    ];

    for (const other of others) expect(judge([create(true), other], [yes, yes]).isSuccess).toBe(true);
  });
});

describe("laws", () => {
  test("a decision that keeps the rules passes, with the tree of the Request", () => {
    fc.assert(
      fc.property(arbitraryDecided, ({ request, decision, result }) => {
        const verdict = validateDecision({ request: requestOf(request), decision, result, kinds, info });

        expect(verdict.isSuccess).toBe(true);
        expect(verdict.items.map((item) => item.items.length)).toEqual(
          decision.items.map((item) => ("accept" in item ? 0 : item.items.length)),
        );
      }),
    );
  });

  test("one planted mistake gives exactly its code at exactly its position", () => {
    fc.assert(
      fc.property(arbitrarySpoiled, ({ request, decision, result, path, code }) => {
        const verdict = validateDecision({ request: requestOf(request), decision, result, kinds, info });

        expect(failuresOf(verdict)).toEqual([`${path.join(".")} ${code}`]);
      }),
    );
  });

  test("rejecting everything is always possible", () => {
    fc.assert(
      fc.property(arbitraryRequest, (json) => {
        const request = requestOf(json);
        const decision = rejectAll(request, { code: "no" });

        expect(validateDecision({ request, decision, result: "reject", kinds, info }).isSuccess).toBe(true);
      }),
    );
  });
});

/** Every failed leaf: its position and the last word of its code. */
function failuresOf(verdict: Validation, path: readonly number[] = []): string[] {
  if (verdict.isSuccess) return [];
  if (verdict.items.length > 0) return verdict.items.flatMap((item, index) => failuresOf(item, [...path, index]));
  return [`${path.join(".")} ${verdict.code.split(".").at(-1)}`];
}
