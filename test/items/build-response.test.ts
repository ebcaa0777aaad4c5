import fc from "fast-check";
import type { ItemKindPort, JsonObject } from "rapport/core";
import { expect, test } from "vitest";
import { applyResponse } from "../../src/items/apply-response.ts";
import { buildResponse } from "../../src/items/build-response.ts";
import { createItemKinds } from "../../src/items/item-kinds.ts";
import { parseRequest } from "../../src/model/request.ts";
import { parseResponse } from "../../src/model/response.ts";
import { arbitraryDecided } from "../kit/arbitraries.ts";
import { arbitraryId } from "../kit/json-arbitraries.ts";
import { newId } from "./info.ts";
import { gathered, infoAt, side } from "./two-sides.ts";

const info = {
  self: "did:e:i",
  peer: "did:e:t",
  now: "2030-01-01T00:00:00.000Z",
  known: new Map<string, JsonObject>(),
  newId,
};
const requestId = "REQ12345678901234567";

const ledger: ItemKindPort = {
  type: "LedgerRequestItem",
  parse: () => undefined,
  accept: (item) => ({
    response: { "@type": "AcceptResponseItem", result: "Accepted" },
    effects: {
      puts: [{ key: `put/${item["name"]}`, document: {} }],
      deletes: [`delete/${item["name"]}`],
      events: [{ name: "ledger.kept", data: { name: item["name"] } }],
    },
  }),
  reject: () => ({ response: { "@type": "RejectResponseItem", result: "Rejected", code: "ledger.closed" } }),
};
const kinds = createItemKinds([ledger]);

function requestOf(json: unknown) {
  const parsed = parseRequest(json, kinds, { idAllowed: false });
  if (!parsed.ok) throw new Error(parsed.refusal.message);
  return parsed.value;
}

const optional = { "@type": "AuthenticationRequestItem", mustBeAccepted: false, title: "Sign in", metadata: { a: 1 } };

test("#64 an accepted Request with all items rejected gives an accepted Response of rejections", () => {
  const request = requestOf({ items: [optional, { "@type": "RequestItemGroup", metadata: {}, items: [optional] }] });
  const decision = { items: [{ accept: false, code: "no", message: "No." }, { items: [{ accept: false }] }] } as const;

  const { response, effects } = buildResponse({ request, decision, result: "accept", requestId, kinds, info });

  expect(response).toEqual({
    "@type": "Response",
    result: "Accepted",
    requestId,
    items: [
      { "@type": "RejectResponseItem", result: "Rejected", code: "no", message: "No." },
      { "@type": "ResponseItemGroup", items: [{ "@type": "RejectResponseItem", result: "Rejected" }] },
    ],
  });
  expect(effects).toEqual({ puts: [], deletes: [], deadlines: [], events: [], secrets: [] });
});

test("the response of a form field travels in its ResponseItem", () => {
  const settings = { "@type": "SelectionFormFieldSettings", options: ["a", "b"], allowMultipleSelection: true };
  const item = { "@type": "FormFieldRequestItem", mustBeAccepted: true, title: "Choose", settings };
  const decision = { items: [{ accept: true, response: ["b"] }] } as const;

  const { response } = buildResponse({
    request: requestOf({ items: [item] }),
    decision,
    result: "accept",
    requestId,
    kinds,
    info,
  });

  expect(response.items).toEqual([{ "@type": "FormFieldAcceptResponseItem", result: "Accepted", response: ["b"] }]);
});

test("the effects of all items come together, in order", () => {
  const ledgerItem = (name: string) => ({ "@type": "LedgerRequestItem", mustBeAccepted: false, name });
  const items = [ledgerItem("a"), { "@type": "RequestItemGroup", items: [ledgerItem("b")] }, ledgerItem("c")];
  const decision = { items: [{ accept: true }, { items: [{ accept: true }] }, { accept: false }] } as const;

  const { response, effects } = buildResponse({
    request: requestOf({ items }),
    decision,
    result: "accept",
    requestId,
    kinds,
    info,
  });

  expect(response.items[2]).toMatchObject({ code: "ledger.closed" });
  expect(effects.puts.map(({ key }) => key)).toEqual(["put/a", "put/b"]);
  expect(effects.deletes).toEqual(["delete/a", "delete/b"]);
  expect(effects.events.map(({ data }) => data)).toEqual([{ name: "a" }, { name: "b" }]);
});

test("what may be decided can be answered, and the answer parses and applies at the asker", () => {
  fc.assert(
    fc.property(arbitraryDecided, arbitraryId("REQ"), ({ request: json, decision, result }, id) => {
      const request = requestOf(json);

      const [recipient, sender] = [side(info.self), side(info.peer)];

      const deciding = gathered(recipient, { request, decision, info: infoAt(recipient, sender.self, id) });
      const { response } = buildResponse({ request, decision, result, requestId: id, kinds, info: deciding });
      const parsed = parseResponse(response, kinds);

      expect(parsed).toEqual({ ok: true, value: response });
      expect(response.result).toBe(result === "accept" ? "Accepted" : "Rejected");
      const applying = gathered(sender, { request, response, info: infoAt(sender, recipient.self, id) });
      expect(applyResponse({ request, response, kinds, info: applying }).ok).toBe(true);
    }),
  );
});
