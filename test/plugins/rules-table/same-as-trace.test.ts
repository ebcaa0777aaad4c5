// The index and the plain reading of 7.4, entry by entry, come to the same on any table.
import fc from "fast-check";
import type { JsonObject, TracedEntry } from "rapport/core";
import { createRuleTable, type RequestEntry } from "rapport/plugins/rules-table";
import { expect, test } from "vitest";
import { facts, group } from "./facts.ts";

const some = <T>(...values: T[]) => fc.constantFrom(...values);
const oneOrMore = (...values: string[]): fc.Arbitrary<string | string[]> =>
  fc.oneof(some(...values), fc.subarray<string>(values, { minLength: 1 }));
const types = ["CreateAttributeRequestItem", "ShareAttributeRequestItem", "FormFieldRequestItem"];
const levels: fc.Arbitrary<JsonObject[string]> = some<JsonObject[string]>(1, "1", true, "2", ["1"], { a: 1 });

const config = fc.record(
  {
    peer: oneOrMore("p1", "p2", "p3"),
    "content.title": oneOrMore("t1", "t2"),
    createdAt: some<string | string[]>("<2030-01-02", ">2030-01-02", [">2029-01-01", "<2030-01-01"]),
    relationshipAlreadyExists: fc.boolean(),
    "content.item.@type": oneOrMore(...types),
    "content.item.mustBeAccepted": fc.boolean(),
    "content.item.metadata.level": fc.oneof(oneOrMore("1", "2"), some<JsonObject[string]>(1, true, { a: 1 })),
    "content.item.attribute.tags": fc.subarray(["x:a", "x:b", "x:c"], { minLength: 1 }),
    "content.item.metadata.startsAt": some("<2030-01-01", ">2030-01-01"),
  },
  { requiredKeys: [] },
);
const entry = config.chain((requestConfig): fc.Arbitrary<RequestEntry> => {
  const isGeneral = Object.keys(requestConfig).every((path) => !path.startsWith("content.item."));
  const answers: RequestEntry["responseConfig"][] = [{ accept: true }, { accept: false }];
  const rare = isGeneral ? [{ ignore: true } as const] : [];
  return some(...answers, ...answers, ...rare).map((responseConfig) => ({ requestConfig, responseConfig }));
});
const item = fc.record(
  {
    "@type": some(...types),
    mustBeAccepted: fc.boolean(),
    metadata: fc.record(
      { level: levels, startsAt: some<string | number>("2029-01-01", "2031-01-01", 7) },
      { requiredKeys: [] },
    ),
    attribute: fc.record({ tags: fc.subarray(["x:a", "x:b", "x:c"]) }),
  },
  { requiredKeys: ["@type", "mustBeAccepted"] },
) as fc.Arbitrary<JsonObject>;
const items = fc.array(
  fc.oneof(
    item,
    fc.array(item, { minLength: 1, maxLength: 2 }).map((inner) => group(...inner)),
  ),
  {
    minLength: 1,
    maxLength: 4,
  },
);
const request = fc.record({
  peer: some("p1", "p2", "p3", "p4"),
  createdAt: some("2029-06-01", "2030-01-02", "2030-05-05"),
});

test("what the table decides is what the trace tells", () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 40 }), items, request, fc.boolean(), (table, items, request, isKnown) => {
      const { rule } = createRuleTable(table);
      const about = facts(items, {
        request,
        content: { title: "t1" },
        relationships: isKnown ? [{ peer: request.peer }] : [],
      });
      const verdict = rule.judgeRequest?.(about) as { verdict: string; entries?: Record<string, string> };

      const traced = rule.traceRequest?.(about, rule.source ?? {}) ?? [];

      const decided = traced.filter(({ outcome }) => outcome === "decided");
      const isSurprised = verdict.entries === undefined;
      if (isSurprised) expect(traced.some(hasSurprise)).toBe(true);
      else expect(Object.fromEntries(decided.map(({ item, entry }) => [item, entry]))).toEqual(verdict.entries);
    }),
    { numRuns: 600 },
  );
});

const hasSurprise = ({ answer }: TracedEntry) => answer?.includes("cannot be compared") === true;
