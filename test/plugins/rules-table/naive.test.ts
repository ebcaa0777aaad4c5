// The table against an interpreter that was written from the specification alone (RAPPORT_PROOF_SCALE for more pairs).
import fc from "fast-check";
import { createRuleTable } from "rapport/plugins/rules-table";
import { expect, test } from "vitest";
import { proofScale } from "../../apps/relay/proof.ts";
import { count } from "../../proof/figures.ts";
import { type NaiveVerdict, naiveRelationshipVerdict, naiveRequestVerdict } from "./naive.ts";
import { requests, tables } from "./naive-pools.ts";
import { pendings, policies } from "./policy-pools.ts";

const factsPerTable = 10;
const pairs = Math.round(5_000 * proofScale);
const run = { numRuns: Math.ceil(pairs / factsPerTable) };
const long = { timeout: 120_000 * Math.max(1, proofScale) };
const several = <F>(facts: fc.Arbitrary<F>) => fc.array(facts, { minLength: factsPerTable, maxLength: factsPerTable });

// Reasons are the table's own; what they tell is compared with the trace elsewhere.
function withoutReasons(said: unknown): NaiveVerdict {
  const { verdict, items, content } = said as NaiveVerdict;
  return { verdict, ...(items === undefined ? {} : { items }), ...(content === undefined ? {} : { content }) };
}

/** Counts verdicts; none may be so rare that only luck would prove it. */
function tally() {
  const times = { accept: 0, reject: 0, manual: 0, ignore: 0 };
  return {
    add: ({ verdict }: NaiveVerdict) => {
      times[verdict] += 1;
    },
    check: () => {
      for (const [verdict, seen] of Object.entries(times)) expect(seen, verdict).toBeGreaterThan(pairs / 200);
    },
  };
}

test(`${pairs} pairs of a table and a Request are judged as the specification says`, long, () => {
  const seen = tally();

  fc.assert(
    fc.property(tables, several(requests), ({ entries, options }, many) => {
      const { rule } = createRuleTable(entries, options);
      for (const facts of many) {
        const verdict = withoutReasons(rule.judgeRequest?.(facts));

        expect(verdict).toEqual(naiveRequestVerdict({ entries, options }, facts));
        seen.add(verdict);
      }
    }),
    run,
  );

  seen.check();
  count("rulePairs", pairs);
});

test(`${pairs} pairs of a policy and a pending Relationship are judged as the documentation says`, long, () => {
  const seen = tally();

  fc.assert(
    fc.property(policies, several(pendings), (relationships, many) => {
      const { rule } = createRuleTable({ relationships });
      for (const facts of many) {
        const verdict = withoutReasons(rule.judgeRelationship?.(facts));

        expect(verdict).toEqual(naiveRelationshipVerdict(relationships, facts));
        seen.add(verdict);
      }
    }),
    run,
  );

  seen.check();
  count("rulePairs", pairs);
});
