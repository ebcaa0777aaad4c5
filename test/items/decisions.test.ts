import { expect, test } from "vitest";
import { acceptAll, parseDecision, rejectAll } from "../../src/items/decisions.ts";
import { createItemKinds } from "../../src/items/item-kinds.ts";
import { parseRequest } from "../../src/model/request.ts";

const shape = "error.runtime.validation.invalidPayload";
const value = "error.runtime.validation.invalidPropertyValue";

test("well-formed parameters are kept, and members beside items are dropped", () => {
  const items = [
    { accept: true, response: [1, { a: null }] },
    { items: [{ accept: false, code: "no", message: "No." }, { accept: true }] },
    { accept: false },
  ];

  expect(parseDecision({ requestId: "REQ12345678901234567", items })).toEqual({ ok: true, value: { items } });
});

test.for<[unknown, string]>([
  ["text", `${shape} items`],
  [{}, `${shape} items`],
  [{ items: {} }, `${shape} items`],
  [{ items: [true] }, `${shape} items[0]`],
  [{ items: [{}] }, `${shape} items[0]`],
  [{ items: [{ accept: true, items: [] }] }, `${shape} items[0]`],
  [{ items: [{ items: "all" }] }, `${shape} items[0].items`],
  [{ items: [{ items: [null] }] }, `${shape} items[0].items[0]`],
  [{ items: [{ items: [{ items: [] }] }] }, `${shape} items[0].items[0]`],
  [{ items: [{ accept: "true" }] }, `${value} items[0].accept`],
  [{ items: [{ accept: true }, { items: [{ accept: 0 }] }] }, `${value} items[1].items[0].accept`],
  [{ items: [{ accept: false, code: "c".repeat(201) }] }, `${value} items[0].code`],
  [{ items: [{ accept: false, message: "m".repeat(1001) }] }, `${value} items[0].message`],
  [{ items: [{ accept: true, response: () => 1 }] }, `${shape} items[0].response`],
])("%j is refused: %s", ([json, refusal]) => {
  const outcome = parseDecision(json);

  expect(outcome.ok || `${outcome.refusal.code} ${outcome.refusal.message.split(" ")[0]}`).toBe(refusal);
});

test("everything can be accepted or rejected at once", () => {
  const item = { "@type": "AuthenticationRequestItem", mustBeAccepted: true, title: "Sign in" };
  const parsed = parseRequest(
    { items: [item, { "@type": "RequestItemGroup", items: [item, item] }] },
    createItemKinds(),
    { idAllowed: false },
  );
  if (!parsed.ok) throw new Error(parsed.refusal.message);
  const yes = { accept: true };
  const no = { accept: false, code: "late" };

  expect(acceptAll(parsed.value)).toEqual({ items: [yes, { items: [yes, yes] }] });
  expect(rejectAll(parsed.value, { code: "late" })).toEqual({ items: [no, { items: [no, no] }] });
  expect(rejectAll(parsed.value).items[0]).toEqual({ accept: false });
});
