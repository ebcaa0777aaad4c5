// What a check says about any table: its examples show it, and no Request at all refutes it.
import fc from "fast-check";
import type { RequestVerdict } from "rapport/core";
import { checkRuleTable, createRuleTable, type RequestEntry } from "rapport/plugins/rules-table";
import { expect, test } from "vitest";
import { no, yes } from "./facts.ts";
import { requests, tables } from "./naive-pools.ts";

test("every Request that a check makes up reaches the entry too late, as the trace of the whole table tells", () => {
  let seen = 0;

  fc.assert(
    fc.property(tables, ({ entries, options }) => {
      const { rule } = createRuleTable(entries, options);
      for (const { entry, by, example } of checkRuleTable(entries, options)) {
        if (example === undefined) continue;
        const traced = rule.traceRequest?.(example, rule.source ?? {}) ?? [];
        const outcomeOf = (name?: string) => traced.find((one) => one.entry === name)?.outcome;

        expect(outcomeOf(entry)).toBe("late");
        expect(by).toBeDefined();
        seen += 1;
      }
    }),
    { numRuns: 40 },
  );

  expect(seen).toBeGreaterThan(40);
});

test("a Request is made up without touching what entries want", () => {
  const table: RequestEntry[] = [
    { requestConfig: { "content.metadata": { desk: 7 } }, responseConfig: yes },
    { requestConfig: { "content.metadata.startsAt": "2030-01-01" }, responseConfig: no },
  ];

  expect(checkRuleTable(table)).toEqual([]);
});

test("an entry that is said to be out of reach decides nothing, whatever comes", () => {
  const many = fc.array(requests, { minLength: 20, maxLength: 20 });
  let seen = 0;

  fc.assert(
    fc.property(tables, many, ({ entries, options }, about) => {
      const findings = checkRuleTable(entries, options);
      const gone = findings.filter(({ kind }) => ["unreachable", "contradiction", "impossible"].includes(kind));
      const { rule } = createRuleTable(entries, options);
      for (const facts of about) {
        const verdict = rule.judgeRequest?.(facts) as RequestVerdict;
        for (const name of Object.values(verdict.entries ?? {}))
          expect(gone.map(({ entry }) => entry)).not.toContain(name);
      }
      seen += gone.length;
    }),
    { numRuns: 60 },
  );

  expect(seen).toBeGreaterThan(60);
});
