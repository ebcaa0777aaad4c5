// Every planted bug is noticed by a proof, and no proof complains about the code as it is. RAPPORT_MUTANTS names some of
// them, with commas between.
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { type Mutant, nameOf, spoiled } from "./mutant.ts";
import { mutants } from "./mutants.ts";
import { laws } from "./proofs.ts";
import { type MutantsReport, runMutants } from "./run.ts";
import { mutantsTable } from "./table.ts";

const minutes = 60_000;
const { RAPPORT_MUTANTS } = process.env;
const named = RAPPORT_MUTANTS?.split(",");
const chosen = named === undefined ? mutants : mutants.filter(({ name }) => named.includes(name));
const textOf = ({ file }: Mutant) => readFileSync(new URL(`../../../${file}`, import.meta.url), "utf8");

describe("the list", () => {
  test("names each mutant once, says in one sentence what is wrong with it, and who must notice", () => {
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
    for (const { sentence, killers } of mutants) {
      expect(sentence).toMatch(/^[A-Z].*[^.]\.$/);
      expect(killers).not.toEqual([]);
    }
  });

  test.for(mutants.map((mutant) => [mutant.name, mutant] as const))(
    "%s is a slip in code that is there",
    ([, mutant]) => {
      const before = textOf(mutant);

      expect(spoiled(before, mutant)).not.toBe(before);
    },
  );

  test("a text that is there twice, or not at all, is no place for a slip", () => {
    const slip = { file: "a.ts", find: "x", replace: "y" };

    expect(() => spoiled("1", slip)).toThrow(/0 times/);
    expect(() => spoiled("x, x", slip)).toThrow(/2 times/);
    expect(spoiled("a x", slip)).toBe("a y");
  });
});

describe("planted one at a time", () => {
  let report: MutantsReport;
  beforeAll(async () => {
    report = await runMutants({ mutants: chosen });
    const ms = report.mutants.reduce((sum, one) => sum + one.ms, 0);
    console.log(`Mutants: ${report.mutants.length} in ${Math.round(ms / 1000)} s of two rows.`);
  }, 20 * minutes);

  test("no proof complains about the code as it is", () => {
    expect(report.killers.filter(({ passed }) => !passed)).toEqual([]);
  });

  test.for(chosen.map(({ name, sentence }) => [name, sentence] as const))("%s is noticed: %s", ([name]) => {
    const fate = report.mutants.find((one) => one.name === name);

    expect(fate, "it survived, or was not run").toMatchObject({ killedBy: { killer: expect.any(String) } });
    expect(fate).not.toHaveProperty("problem");
  });
});

test("a report is a table of one row for each mutant", () => {
  const killedBy = { killer: "histories", law: "a | b\nc" };
  const one = { name: "one", sentence: "It is wrong.", file: "a.ts", runs: 3, ms: 1 };

  expect(
    mutantsTable({ killers: [], mutants: [{ ...one, killedBy }, one] })
      .split("\n")
      .slice(2),
  ).toEqual(["| `one` | It is wrong. | histories | a \\| b c | 3 |", "| `one` | It is wrong. | nobody |  | 3 |"]);
});

describe("what is no kill", { timeout: 5 * minutes }, () => {
  const turn = "src/turn/turn.ts";
  const slip = { name: "spare", sentence: "Nothing is wrong.", file: turn, find: "export async function takeTurn" };

  test("a proof that notices nothing", async () => {
    const killers = [laws("test/turn/turn.test.ts")];
    const report = await runMutants({ mutants: [{ ...slip, replace: "export async function takeTurn", killers }] });

    expect(report.mutants).toMatchObject([{ name: "spare", runs: 1 }]);
    expect(report.mutants[0]).not.toHaveProperty("killedBy");
  });

  test("code that cannot be loaded, and a proof that does not come to its end", async () => {
    const killers = [laws("test/turn/turn.test.ts")];
    const broken = { ...slip, replace: "export async function (takeTurn", killers };
    const endless = { ...slip, find: "  for (let tries = 0; tries <= turnRerunsMax; tries += 1) {", killers };
    const replace = "  for (let tries = 0; ; tries = 0) {\n    if (tries === 0) continue;";
    const report = await runMutants({ mutants: [broken, { ...endless, replace }], budget: 5 });

    expect(report.mutants).toMatchObject([{ problem: /^No verdict/ }, { problem: /within the budget/ }].map(matching));
    expect(report.mutants.filter(({ killedBy }) => killedBy !== undefined)).toEqual([]);
  });

  test("what a proof says that complains about the code as it is", async () => {
    const wrong = laws("test/proof/mutants/mutants.test.ts", "nobody has ever said this");
    const report = await runMutants({ mutants: [{ ...slip, replace: slip.find, killers: [wrong] }] });

    expect(report.killers).toMatchObject([{ killer: nameOf(wrong), passed: false }]);
  });
});

const matching = ({ problem }: { readonly problem: RegExp }) => ({ problem: expect.stringMatching(problem) });
