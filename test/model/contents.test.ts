import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createItemKinds } from "../../src/items/item-kinds.ts";
import { parseCreationContent, parseMessageContent, parseTemplateContent } from "../../src/model/contents.ts";
import { arbitraryTemplateContent } from "../kit/arbitraries.ts";
import { arbitraryJson } from "../kit/json-arbitraries.ts";

const kinds = createItemKinds();
const id = "REQ12345678901234567";
const item = { "@type": "AuthenticationRequestItem", mustBeAccepted: true, title: "Sign in" };
const request = { "@type": "Request", items: [item] };
const template = { "@type": "RelationshipTemplateContent", onNewRelationship: request };
const response = {
  "@type": "Response",
  result: "Accepted",
  requestId: id,
  items: [{ "@type": "AcceptResponseItem", result: "Accepted" }],
};
const creation = { "@type": "RelationshipCreationContent", response };
const wrongValue = "error.runtime.validation.invalidPropertyValue";

/** The code of a refusal and the first word of its message, which is the path. */
function refusalOf(
  outcome: ReturnType<typeof parseTemplateContent | typeof parseCreationContent | typeof parseMessageContent>,
) {
  return outcome.ok ? "parsed" : `${outcome.refusal.code} ${outcome.refusal.message.split(" ")[0]}`;
}

describe("templates", () => {
  test("well-formed content is the same JSON", () => {
    fc.assert(
      fc.property(arbitraryTemplateContent, (content) => {
        expect(parseTemplateContent(content, kinds)).toEqual({ ok: true, value: content });
      }),
    );
  });

  test.for<[unknown, string]>([
    [{ ...template, title: "t".repeat(201) }, "error.runtime.requestDeserialization title"],
    [{ ...template, metadata: 1 }, "error.runtime.requestDeserialization metadata"],
    [{ ...template, onNewRelationship: undefined }, "error.runtime.requestDeserialization onNewRelationship"],
    [
      { ...template, onNewRelationship: { ...request, id } },
      "error.runtime.requestDeserialization onNewRelationship.id",
    ],
    [
      { ...template, onExistingRelationship: { ...request, items: [{ ...item, mustBeAccepted: 0 }] } },
      "error.runtime.requestDeserialization onExistingRelationship.items[0].mustBeAccepted",
    ],
    [{ "@type": "ArbitraryRelationshipTemplateContent" }, "error.runtime.requestDeserialization value"],
    [{ "@type": "ArbitraryRelationshipCreationContent", value: 1 }, `${wrongValue} content`],
    [{ value: 1 }, `${wrongValue} content`],
    ["a text", `${wrongValue} content`],
    [{ "@type": "NoSuchContent" }, "error.runtime.unknownType content.@type"],
  ])("%j is refused: %s", ([content, refusal]) => {
    expect(refusalOf(parseTemplateContent(content, kinds))).toBe(refusal);
  });

  test("received content of any other type is wrapped, but a broken offer is refused", () => {
    const wrapped = (value: unknown) => ({
      ok: true,
      value: { "@type": "ArbitraryRelationshipTemplateContent", value },
    });

    fc.assert(
      fc.property(arbitraryJson, (value) => {
        expect(parseTemplateContent(value, kinds, { received: true })).toEqual(wrapped(value));
      }),
    );
    expect(refusalOf(parseTemplateContent({ ...template, onNewRelationship: 1 }, kinds, { received: true }))).toBe(
      "error.runtime.requestDeserialization onNewRelationship",
    );
  });

  test("expiresAt of both Requests is written in UTC with milliseconds", () => {
    const local = { ...request, expiresAt: "2030-01-01T02:00:00+02:00" };
    const utc = { ...request, expiresAt: "2030-01-01T00:00:00.000Z" };

    expect(
      parseTemplateContent({ ...template, onNewRelationship: local, onExistingRelationship: local }, kinds),
    ).toEqual({ ok: true, value: { ...template, onNewRelationship: utc, onExistingRelationship: utc } });
  });
});

describe("creations", () => {
  test("both contents are the same JSON", () => {
    const free = { "@type": "ArbitraryRelationshipCreationContent", value: { any: "thing" } };

    expect(parseCreationContent(creation, kinds)).toEqual({ ok: true, value: creation });
    expect(parseCreationContent(free, kinds)).toEqual({ ok: true, value: free });
  });

  test("own content must be well formed and of one of the two types", () => {
    expect(refusalOf(parseCreationContent({ ...creation, response: {} }, kinds))).toBe(
      "error.runtime.servalError response.@type",
    );
    expect(refusalOf(parseCreationContent({ "@type": "Request" }, kinds))).toBe(`${wrongValue} content`);
  });

  test.for([{ older: "content" }, null, { ...creation, response: {} }])("received %j is shown wrapped", (value) => {
    expect(parseCreationContent(value, kinds, { received: true })).toEqual({
      ok: true,
      value: { "@type": "ArbitraryRelationshipCreationContent", value },
    });
  });
});

describe("messages", () => {
  const wrapper = {
    "@type": "ResponseWrapper",
    requestId: id,
    requestSourceReference: "MSG12345678901234567",
    requestSourceType: "Message",
    response,
  };

  test.for([{ ...request, id }, wrapper, { "@type": "ArbitraryMessageContent", value: null }])(
    "%j is the same JSON",
    (content) => {
      expect(parseMessageContent(content, kinds)).toEqual({ ok: true, value: content });
    },
  );

  test.for<[unknown, string]>([
    [request, `${wrongValue} content.id`],
    [response, `${wrongValue} content`],
    [{ "@type": "Mail" }, "error.runtime.requestDeserialization content.to"],
    [{ "@type": "Notification" }, "error.runtime.validation.invalidPropertyValue content.id"],
    [{ "@type": "NoSuchContent" }, "error.runtime.unknownType content.@type"],
    [{ "@type": "ArbitraryMessageContent" }, "error.runtime.requestDeserialization value"],
    [{ ...wrapper, response: 1 }, "error.runtime.servalError response"],
  ])("%j is refused: %s", ([content, refusal]) => {
    expect(refusalOf(parseMessageContent(content, kinds))).toBe(refusal);
  });
});
