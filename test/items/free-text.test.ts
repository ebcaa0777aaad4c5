import type { JsonObject } from "rapport/core";
import { expect, test } from "vitest";
import type { ItemDecision } from "../../src/model/decision.ts";
import { canDecide, codeOf, exchange, requestOf, side } from "./two-sides.ts";

const item = { "@type": "FreeTextRequestItem", freeText: "What brings you here?" };
const request = requestOf(item);
const decide = (parameters: JsonObject) => [{ accept: true, ...parameters } as ItemDecision];

test("asks for a text and is answered with one", () => {
  const response = exchange(side("did:e:a"), side("did:e:b"), { request, items: decide({ freeText: "Curiosity." }) });

  expect(response.items).toEqual([
    { "@type": "FreeTextAcceptResponseItem", result: "Accepted", freeText: "Curiosity." },
  ]);
});

test.for<[JsonObject]>([[{}], [{ freeText: 7 }], [{ freeText: "x".repeat(4097) }]])("%j is no text", ([parameters]) => {
  const asked = { recipient: side("did:e:b"), sender: "did:e:a", request, items: decide(parameters) };

  expect(codeOf(canDecide(asked))).toBe("servalErrorDuringRequestItemProcessing");
});

test("without its text it cannot be parsed", () => {
  expect(() => requestOf({ "@type": "FreeTextRequestItem" })).toThrow("freeText must be a text");
});
