import type { ItemKindPort, JsonObject } from "rapport/core";
import { expect, test } from "vitest";
import { documentsNeeded } from "../../src/items/documents-needed.ts";
import { createItemKinds } from "../../src/items/item-kinds.ts";
import { parseRequest } from "../../src/model/request.ts";
import { newId } from "./info.ts";

const reader: ItemKindPort = {
  type: "ReaderRequestItem",
  parse: () => undefined,
  needs: (item, { decision, response, info }) => [
    `always/${item["name"]}`,
    ...(decision !== undefined && "id" in decision ? [`chosen/${decision["id"]}`] : []),
    ...(response === undefined ? [] : [`answered/${response["name"]}`]),
    ...(info.known.has("always/a") ? ["next/a"] : []),
  ],
};

test("every key that a kind wants is named once, with what the decision adds", () => {
  const kinds = createItemKinds([reader]);
  const item = { "@type": "ReaderRequestItem", mustBeAccepted: false, name: "a" };
  const plain = { "@type": "AuthenticationRequestItem", mustBeAccepted: false, title: "Sign in" };
  const items = [item, plain, { "@type": "RequestItemGroup", items: [{ ...item, name: "b" }, item] }];
  const parsed = parseRequest({ items }, kinds, { idAllowed: false });
  if (!parsed.ok) throw new Error(parsed.refusal.message);
  const yes = { accept: true } as const;

  const info = { self: "did:e:i", now: "2030-01-01T00:00:00.000Z", known: new Map<string, JsonObject>(), newId };
  const occasion = { request: parsed.value, kinds, info };
  const decision = { items: [yes, yes, { items: [{ ...yes, id: "x" }, yes] }] };
  const accepted = { "@type": "AcceptResponseItem", result: "Accepted" } as const;
  const response = {
    "@type": "Response" as const,
    result: "Accepted" as const,
    requestId: "REQ",
    items: [
      { ...accepted, name: "c" },
      accepted,
      { "@type": "ResponseItemGroup" as const, items: [{ ...accepted, name: "d" }] },
    ],
  };

  expect(documentsNeeded(occasion)).toEqual(["always/a", "always/b"]);
  expect(documentsNeeded({ ...occasion, decision })).toEqual(["always/a", "always/b", "chosen/x"]);
  expect(documentsNeeded({ ...occasion, response })).toEqual(["always/a", "answered/c", "always/b", "answered/d"]);
  const known = new Map<string, JsonObject>([["always/a", {}]]);
  expect(documentsNeeded({ ...occasion, info: { ...info, known } })).toEqual(["next/a", "always/b"]);
});
