import type { ItemKindPort } from "rapport/core";
import { expect, test } from "vitest";
import { documentsNeeded } from "../../src/items/documents-needed.ts";
import { createItemKinds } from "../../src/items/item-kinds.ts";
import { parseRequest } from "../../src/model/request.ts";

const reader: ItemKindPort = {
  type: "ReaderRequestItem",
  parse: () => undefined,
  needs: (item, decision) => [
    `always/${item["name"]}`,
    ...(decision !== undefined && "id" in decision ? [`chosen/${decision["id"]}`] : []),
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

  expect(documentsNeeded(parsed.value, kinds)).toEqual(["always/a", "always/b"]);
  expect(documentsNeeded(parsed.value, kinds, { items: [yes, yes, { items: [{ ...yes, id: "x" }, yes] }] })).toEqual([
    "always/a",
    "always/b",
    "chosen/x",
  ]);
});
