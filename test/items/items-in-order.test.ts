// Items of one Request are carried out in order, and each sees what those before it have written.
import type { ItemKindPort, JsonObject } from "rapport/core";
import { expect, test } from "vitest";
import { buildResponse } from "../../src/items/build-response.ts";
import { createItemKinds } from "../../src/items/item-kinds.ts";
import type { Request } from "../../src/model/request.ts";
import { newId } from "./info.ts";

const sum: ItemKindPort = {
  type: "SumRequestItem",
  parse: () => undefined,
  needs: () => ["sums/1"],
  accept: (item, _decision, { known }) => {
    const n = Number(known.get("sums/1")?.["n"] ?? 0) + Number(item["by"]);
    return {
      response: { "@type": "AcceptResponseItem", result: "Accepted" },
      effects: { puts: [{ key: "sums/1", document: { n } }] },
    };
  },
};

test("what is written last holds what all of them did", () => {
  const kinds = createItemKinds([sum]);
  const known = new Map<string, JsonObject | undefined>([["sums/1", { n: 1 }]]);
  const item = (by: number) => ({ "@type": "SumRequestItem", mustBeAccepted: false, by });
  const request = { "@type": "Request", items: [item(2), item(4)] } as unknown as Request;

  const { effects } = buildResponse({
    request,
    decision: { items: [{ accept: true }, { accept: true }] },
    result: "accept",
    requestId: "REQ12345678901234567",
    kinds,
    info: { self: "did:e:i", peer: "did:e:t", now: "2030-01-01T00:00:00.000Z", known, newId },
  });

  expect(effects.puts.at(-1)).toEqual({ key: "sums/1", document: { n: 7 } });
});
