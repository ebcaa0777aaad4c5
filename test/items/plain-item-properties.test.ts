/**
 * Laws of the items that keep nothing: consents, authentications, form fields, free texts, alone and in groups.
 *
 * What `canCreate` and `canAccept` allow is carried out, can be parsed, survives JSON, and is applied at the sender; and whatever is
 * judged stays as it was.
 */
import fc, { type Arbitrary } from "fast-check";
import type { Decision, DecisionItem, ItemDecision, JsonObject } from "rapport/core";
import { expect, test } from "vitest";
import { applyResponse } from "../../src/items/apply-response.ts";
import { buildResponse } from "../../src/items/build-response.ts";
import { canCreateRequest } from "../../src/items/can-create-request.ts";
import { validateDecision } from "../../src/items/validate-decision.ts";
import { parseRequest } from "../../src/model/request.ts";
import { parseResponse } from "../../src/model/response.ts";
import { infoAt, kinds, side } from "./two-sides.ts";

const text = fc.string({ maxLength: 20 });
const word = fc.string({ minLength: 1, maxLength: 6 });
const bounds = (number: Arbitrary<number>) => fc.record({ min: number, max: number }, { requiredKeys: [] });
const typed = (type: string, members: Arbitrary<object> = fc.constant({})) =>
  members.map((more) => ({ "@type": `${type}FormFieldSettings`, ...more }) as JsonObject);

const settings: Arbitrary<JsonObject> = fc.oneof(
  typed("Boolean"),
  typed("Date"),
  typed("Double", bounds(fc.double({ min: -5, max: 5, noNaN: true }).map((number) => number + 0))),
  typed("Integer", bounds(fc.integer({ min: -5, max: 5 }))),
  typed("Rating", fc.record({ maxRating: fc.integer({ min: 5, max: 10 }) })),
  typed(
    "Selection",
    fc.record(
      {
        options: fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 4 }),
        allowMultipleSelection: fc.constant(true),
      },
      { requiredKeys: ["options"] },
    ),
  ),
  typed("String", bounds(fc.integer({ min: 0, max: 8 }))),
);

const ofKind = (type: string, members: Arbitrary<object>): Arbitrary<JsonObject> =>
  fc
    .tuple(members, fc.boolean())
    .map(([own, mustBeAccepted]) => ({ "@type": type, mustBeAccepted, ...own }) as JsonObject);

const item: Arbitrary<JsonObject> = fc.oneof(
  ofKind("ConsentRequestItem", fc.record({ consent: word })),
  ofKind("AuthenticationRequestItem", fc.record({ title: word })),
  ofKind("FreeTextRequestItem", fc.record({ freeText: word })),
  { weight: 4, arbitrary: ofKind("FormFieldRequestItem", fc.record({ title: word, settings })) },
);
const entry = fc.oneof(
  { weight: 3, arbitrary: item },
  { weight: 1, arbitrary: fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => group(items)) },
);

function group(items: readonly JsonObject[]): JsonObject {
  return { "@type": "RequestItemGroup", items };
}

const response = fc.oneof(
  fc.boolean(),
  fc.constantFrom("2030-01-01", "a", "b", "", "abcdefghij"),
  text,
  fc.integer({ min: -6, max: 11 }),
  // JSON has no negative zero.
  fc.double({ min: -6, max: 6, noNaN: true }).map((number) => number + 0),
  fc.subarray(["a", "b", "c"]),
  fc.constantFrom(["a", "a"], [1], null),
);
const answer: Arbitrary<ItemDecision> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ accept: fc.constant(true as const), response, freeText: text }) },
  { weight: 1, arbitrary: fc.record({ accept: fc.constant(false as const), code: word, message: text }) },
) as Arbitrary<ItemDecision>;

/** Answers, each tried at its item: mostly one that fits, so that many Requests are accepted in the end. */
const answered = (entries: readonly JsonObject[]): Arbitrary<Decision> =>
  fc
    .tuple(
      ...entries.map((one): Arbitrary<DecisionItem> => {
        const children = one["items"] as readonly JsonObject[] | undefined;
        return children === undefined ? answer : fc.record({ items: fc.tuple(...children.map(() => answer)) });
      }),
    )
    .map((items) => ({ items }));

const exchange = fc
  .array(entry, { minLength: 1, maxLength: 4 })
  .chain((items) => fc.record({ items: fc.constant(items), decision: answered(items), isAccepted: fc.boolean() }));

const [acme, bob] = [side("did:e:acme"), side("did:e:bob")];
const requestId = "REQ00000000000000001";

test("what may be accepted is carried out and applied; what is refused leaves everything as it was", () => {
  const seen = { decided: 0, refused: 0 };
  fc.assert(
    fc.property(exchange, ({ items, decision, isAccepted }) => {
      const parsed = parseRequest({ items }, kinds, { idAllowed: false });
      if (!parsed.ok) throw new Error(parsed.refusal.message);
      const request = parsed.value;
      const before = JSON.stringify([request, decision]);
      const creatable = canCreateRequest({ request, kinds, info: infoAt(acme, undefined) });
      const result = isAccepted ? "accept" : "reject";
      const info = infoAt(bob, acme.self, requestId);

      const verdict = validateDecision({ request, decision, result, kinds, info });

      expect(JSON.stringify([request, decision])).toBe(before);
      expect(JSON.parse(JSON.stringify(request))).toEqual(request);
      if (!creatable.isSuccess || !verdict.isSuccess) {
        seen.refused += 1;
        return;
      }
      seen.decided += 1;
      const built = buildResponse({ request, decision, result, requestId, kinds, info });
      const travelled = parseResponse(JSON.parse(JSON.stringify(built.response)), kinds);
      expect(travelled).toEqual({ ok: true, value: built.response });
      expect(built.effects).toMatchObject({ puts: [], deletes: [], events: [] });
      const applied = applyResponse({
        request,
        response: built.response,
        kinds,
        info: infoAt(acme, bob.self, requestId),
      });
      expect(applied).toMatchObject({ ok: true, value: { puts: [], deletes: [], events: [] } });
    }),
    { numRuns: 5_000 },
  );

  expect(Math.min(seen.decided, seen.refused)).toBeGreaterThan(200);
});
