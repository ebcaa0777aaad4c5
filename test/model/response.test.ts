import { expect, test } from "vitest";
import { createItemKinds } from "../../src/items/item-kinds.ts";
import { parseResponse, parseResponseWrapper } from "../../src/model/response.ts";

const kinds = createItemKinds();
const accepted = { "@type": "AcceptResponseItem", result: "Accepted" };
const response = {
  "@type": "Response",
  result: "Accepted",
  requestId: "REQ12345678901234567",
  items: [
    accepted,
    { "@type": "ResponseItemGroup", items: [{ "@type": "RejectResponseItem", result: "Rejected", code: "no" }] },
    { "@type": "FormFieldAcceptResponseItem", result: "Accepted", response: ["a", "b"] },
    { "@type": "ErrorResponseItem", result: "Error", code: "some.code", message: "Something failed." },
  ],
};
const wrapper = {
  "@type": "ResponseWrapper",
  requestId: response.requestId,
  requestSourceReference: "RLT12345678901234567",
  requestSourceType: "RelationshipTemplate",
  response,
};

test("a well-formed Response or ResponseWrapper is the same JSON", () => {
  expect(parseResponse(response, kinds)).toEqual({ ok: true, value: response });
  expect(parseResponseWrapper(wrapper, kinds)).toEqual({ ok: true, value: wrapper });
});

test.for<[object, string, string]>([
  [{ "@type": "Request" }, "servalError", "@type"],
  [{ result: "accepted" }, "servalError", "result"],
  [{ requestId: "REQ/../12345678901" }, "servalError", "requestId"],
  [{ items: [] }, "servalError", "items"],
  [{ items: [{ ...accepted, result: "Rejected" }] }, "servalError", "items[0].result"],
  [{ items: [{ ...accepted, "@type": "NoSuchResponseItem" }] }, "unknownType", "items[0].@type"],
  [{ items: [accepted, { "@type": "ResponseItemGroup", items: [] }] }, "servalError", "items[1].items"],
  [
    { items: [{ "@type": "ResponseItemGroup", items: [{ "@type": "ResponseItemGroup", items: [accepted] }] }] },
    "unknownType",
    "items[0].items[0].@type",
  ],
  [
    { items: [{ "@type": "RejectResponseItem", result: "Rejected", code: "c".repeat(201) }] },
    "servalError",
    "items[0].code",
  ],
  [
    { items: [{ "@type": "RejectResponseItem", result: "Rejected", message: "m".repeat(1001) }] },
    "servalError",
    "items[0].message",
  ],
  [
    { items: [{ "@type": "FormFieldAcceptResponseItem", result: "Accepted", response: { a: 1 } }] },
    "servalError",
    "items[0].response",
  ],
])("%j is refused: %s at %s", ([change, code, path]) => {
  const outcome = parseResponse({ ...response, ...change }, kinds);

  expect(outcome).toMatchObject({ ok: false, refusal: { code: `error.runtime.${code}` } });
  expect(outcome.ok || outcome.refusal.message.split(" ")[0]).toBe(path);
});

test.for<[object, string]>([
  [{ requestSourceType: "Token" }, "requestSourceType"],
  [{ requestSourceType: "toString" }, "requestSourceType"],
  [{ requestSourceType: "Message" }, "requestSourceReference"],
  [{ requestId: "no id" }, "requestId"],
  [{ response: { ...response, items: [{ ...accepted, result: 1 }] } }, "response.items[0].result"],
])("a ResponseWrapper with %j is refused at %s", ([change, path]) => {
  const outcome = parseResponseWrapper({ ...wrapper, ...change }, kinds);

  expect(outcome.ok || outcome.refusal.message.split(" ")[0]).toBe(path);
});
