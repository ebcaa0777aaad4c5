import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createItemKinds } from "../../src/items/item-kinds.ts";
import { parseRequest } from "../../src/model/request.ts";
import { arbitraryRequest } from "../kit/arbitraries.ts";

const kinds = createItemKinds();
const parse = (json: unknown, rules: { idAllowed?: boolean; generation?: "N" | "O" } = {}) =>
  parseRequest(json, kinds, { idAllowed: false, ...rules });

const item = { "@type": "AuthenticationRequestItem", mustBeAccepted: true, title: "Sign in" };
const group = { "@type": "RequestItemGroup", items: [item] };
const request = { "@type": "Request", items: [item] };
const id = "REQ12345678901234567";

/** The code of the refusal with its path: the words of the message up to the first blank. */
function refusalOf(json: unknown, rules: { idAllowed?: boolean; generation?: "N" | "O" } = {}) {
  const outcome = parse(json, rules);
  return outcome.ok ? "parsed" : `${outcome.refusal.code} ${outcome.refusal.message.split(" ")[0]}`;
}

const malformed = "error.runtime.requestDeserialization";

test("a well-formed Request is the same JSON, frozen all through", () => {
  fc.assert(
    fc.property(arbitraryRequest, (json) => {
      const outcome = parse(json);

      expect(outcome).toEqual({ ok: true, value: json });
      expect(outcome.ok && Object.isFrozen(outcome.value) && Object.isFrozen(outcome.value.items[0])).toBe(true);
      expect(outcome.ok && JSON.parse(JSON.stringify(outcome.value))).toEqual(json);
    }),
  );
});

test("changing the input afterwards does not change the Request", () => {
  const input = { "@type": "Request", items: [{ ...item }] };
  const outcome = parse(input);

  input.items.push({ ...item, title: "smuggled in" });

  expect(outcome.ok && outcome.value.items).toHaveLength(1);
});

describe("lengths and shapes", () => {
  test.for<[unknown, string]>([
    ["a text", `${malformed} request`],
    [{ ...request, "@type": "Response" }, `${malformed} @type`],
    [{ ...request, items: [] }, `${malformed} items`],
    [{ ...request, items: undefined }, `${malformed} items`],
    [{ ...request, title: "t".repeat(201) }, `${malformed} title`],
    [{ ...request, description: "d".repeat(501) }, `${malformed} description`],
    [{ ...request, metadata: ["no object"] }, `${malformed} metadata`],
    [{ ...request, expiresAt: "tomorrow" }, `${malformed} expiresAt`],
    [{ ...request, expiresAt: "2030-02-30T00:00:00Z" }, `${malformed} expiresAt`],
    [{ ...request, expiresAt: "2030-01-01T00:00:00" }, `${malformed} expiresAt`],
    [{ ...request, id }, `${malformed} id`],
    [{ ...request, items: [null] }, `${malformed} items[0]`],
    [{ ...request, items: [{ ...item, "@type": undefined }] }, `${malformed} items[0].@type`],
    [{ ...request, items: [{ ...item, "@type": "NoSuchItem" }] }, "error.runtime.unknownType items[0].@type"],
    [{ ...request, items: [{ ...item, "@type": "toString" }] }, "error.runtime.unknownType items[0].@type"],
    [{ ...request, items: [item, { ...item, mustBeAccepted: "true" }] }, `${malformed} items[1].mustBeAccepted`],
    [{ ...request, items: [{ ...item, description: "d".repeat(501) }] }, `${malformed} items[0].description`],
    [{ ...request, items: [{ ...item, title: undefined }] }, `${malformed} items[0].title`],
    [{ ...request, items: [{ ...item, title: "t".repeat(201) }] }, `${malformed} items[0].title`],
    [{ ...request, items: [{ ...item, requireManualDecision: 1 }] }, `${malformed} items[0].requireManualDecision`],
    [{ ...request, items: [{ ...group, items: [] }] }, `${malformed} items[0].items`],
    [{ ...request, items: [{ ...group, title: "t".repeat(201) }] }, `${malformed} items[0].title`],
    [{ ...request, items: [{ ...group, mustBeAccepted: 1 }] }, `${malformed} items[0].mustBeAccepted`],
    [{ ...request, items: [{ ...group, items: [group] }] }, `${malformed} items[0].items[0]`],
    [
      { ...request, items: [item, { ...group, items: [{ ...item, mustBeAccepted: 1 }] }] },
      `${malformed} items[1].items[0].mustBeAccepted`,
    ],
    [{ ...request, metadata: { at: new Date(0) } }, "error.runtime.validation.invalidPayload metadata.at"],
    [{ ...request, items: [{ ...item, n: Number.NaN }] }, "error.runtime.validation.invalidPayload items[0].n"],
  ])("%j is refused: %s", ([json, refusal]) => {
    expect(refusalOf(json)).toBe(refusal);
  });

  test("texts of exactly the greatest length are allowed", () => {
    expect(refusalOf({ ...request, title: "t".repeat(200), description: "d".repeat(500) })).toBe("parsed");
    expect(refusalOf({ ...request, items: [{ ...item, title: "t".repeat(200) }] })).toBe("parsed");
  });
});

test("an id is kept where it is allowed, and must look like one", () => {
  expect(parse({ ...request, id }, { idAllowed: true })).toMatchObject({ ok: true, value: { id } });
  expect(refusalOf({ ...request, id: "REQ/../../secrets/ab" }, { idAllowed: true })).toBe(`${malformed} id`);
});

test("a missing outermost @type is completed, and expiresAt is written in UTC with milliseconds", () => {
  const outcome = parse({ items: [item], expiresAt: "2030-01-01T02:00:00+02:00" });

  expect(outcome).toEqual({ ok: true, value: { ...request, expiresAt: "2030-01-01T00:00:00.000Z" } });
});

test("members of the older generation and unknown members are kept", () => {
  const older = {
    ...request,
    colour: "blue",
    items: [
      { ...item, requireManualDecision: true, colour: { of: "eyes" } },
      { ...group, mustBeAccepted: false, colour: null },
    ],
  };

  expect(parse(older)).toEqual({ ok: true, value: older });
});

test("the older generation wants mustBeAccepted on groups, true only with a mandatory child", () => {
  const withGroup = (given: object) => ({ ...request, items: [{ ...group, ...given }] });
  const optional = [{ ...item, mustBeAccepted: false }];

  expect(refusalOf(withGroup({}), { generation: "O" })).toBe(`${malformed} items[0].mustBeAccepted`);
  expect(refusalOf(withGroup({ mustBeAccepted: true }), { generation: "O" })).toBe("parsed");
  expect(refusalOf(withGroup({ mustBeAccepted: true, items: optional }), { generation: "O" })).toBe(
    `${malformed} items[0].mustBeAccepted`,
  );
  expect(refusalOf(withGroup({ mustBeAccepted: true, items: optional }))).toBe("parsed");
});
