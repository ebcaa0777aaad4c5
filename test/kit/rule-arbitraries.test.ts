// What the generator of rule tables promises: tables that can be read, and that are worth reading.
import fc from "fast-check";
import { checkRuleTable, createRuleTable } from "rapport/plugins/rules-table";
import { expect, test } from "vitest";
import { arbitraryRuleTable } from "./rule-arbitraries.ts";

test("every generated table can be read and checked, and tables have every kind of mistake that a check looks for", () => {
  const kinds = new Set<string>();

  fc.assert(
    fc.property(arbitraryRuleTable, ({ config, options }) => {
      const { rule } = createRuleTable(config, options);
      for (const { kind } of checkRuleTable(config, options)) kinds.add(kind);

      expect(rule.judgeRequest).toBeDefined();
    }),
    { numRuns: 300 },
  );

  for (const kind of ["impossible", "overlap", "contradiction", "unreachable", "always fails"])
    expect(kinds).toContain(kind);
});
