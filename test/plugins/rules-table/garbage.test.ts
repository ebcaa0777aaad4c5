// Facts that are no facts: what a table says about them is a verdict, and never an exception.
import fc from "fast-check";
import type { Json, JsonObject, RelationshipFacts, RequestFacts } from "rapport/core";
import { createRuleTable } from "rapport/plugins/rules-table";
import { expect, test } from "vitest";
import { facts, no, yes } from "./facts.ts";
import { requests, tables } from "./naive-pools.ts";
import { pendings, policies } from "./policy-pools.ts";

const verdicts = ["accept", "reject", "manual", "ignore"];
const garbage: fc.Arbitrary<Json | undefined> = fc.oneof(
  fc.constantFrom<Json | undefined>(undefined, null, 0, true, "", "RequestItemGroup", [], {}, [null], [[]], {
    items: 5,
  }),
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
);

/** The same with something else in one place, which the steps lead to. */
function spoiled(node: Json | undefined, steps: readonly number[], other: Json | undefined): Json | undefined {
  const [step, ...rest] = steps;
  if (step === undefined || typeof node !== "object" || node === null) return other;
  const names = Object.keys(node);
  const name = names[step % names.length];
  if (name === undefined) return other;
  const next = spoiled((node as JsonObject)[name], rest, other);
  if (Array.isArray(node)) return node.map((one: Json, at) => (String(at) === name ? next : one)) as Json[];
  return { ...node, [name]: next };
}

const spoiling = <F>(facts: fc.Arbitrary<F>): fc.Arbitrary<F> =>
  fc
    .tuple(
      facts,
      fc.array(fc.tuple(fc.array(fc.nat(), { minLength: 1, maxLength: 7 }), garbage), { maxLength: 3, minLength: 1 }),
    )
    .map(([whole, changes]) => changes.reduce((now, [steps, other]) => spoiled(now as Json, steps, other) as F, whole))
    .filter((whole) => typeof whole === "object" && whole !== null);

test("about Requests", () => {
  fc.assert(
    fc.property(tables, fc.array(spoiling(requests), { minLength: 5, maxLength: 5 }), ({ entries, options }, many) => {
      const { rule } = createRuleTable(entries, options);
      for (const about of many) {
        const verdict = rule.judgeRequest?.(about) as { verdict: string };
        expect(verdicts).toContain(verdict.verdict);
        expect(rule.traceRequest?.(about, rule.source ?? {})).toBeInstanceOf(Array);
      }
    }),
    { numRuns: 400 },
  );
});

test("about pending Relationships", () => {
  fc.assert(
    fc.property(policies, fc.array(spoiling(pendings), { minLength: 5, maxLength: 5 }), (relationships, many) => {
      const { rule } = createRuleTable({ relationships });
      for (const about of many) {
        const verdict = rule.judgeRelationship?.(about) as { verdict: string };
        expect(verdicts).toContain(verdict.verdict);
        expect(rule.traceRelationship?.(about, rule.source ?? {})).toHaveLength(relationships.length);
      }
    }),
    { numRuns: 400 },
  );
});

test.for([
  ["no Request", { request: undefined }],
  ["a text as the Request", { request: "Hello" }],
  ["no content", { request: { peer: "p1" } }],
  ["no list of items", { request: { content: { items: {} } } }],
  ["no Relationships, not even none", { relationships: undefined }],
])("%s is for a person, whatever the table says", ([, spoilt]) => {
  const { rule } = createRuleTable([
    { requestConfig: { relationshipAlreadyExists: true }, responseConfig: yes },
    { requestConfig: {}, responseConfig: no },
  ]);

  expect(rule.judgeRequest?.({ ...facts(), ...(spoilt as object) } as RequestFacts)).toMatchObject({
    verdict: "manual",
  });
  expect(rule.judgeRequest?.({} as RequestFacts)).toMatchObject({ verdict: "manual" });
  expect(createRuleTable({ relationships: [] }).rule.judgeRelationship?.({} as RelationshipFacts)).toBeUndefined();
});
