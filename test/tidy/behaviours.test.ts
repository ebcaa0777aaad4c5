// Every behaviour of the published test suite has a test that names it: "7.N ..." (spec/connector-api.md 7).
import ts from "typescript";
import { expect, test } from "vitest";
import { everyNode, parse, type Source, sourcesBelow } from "./sources.ts";

const behaviours = Array.from({ length: 107 }, (_, index) => index + 1);

/** Numbers at the start of a title, as in "7.2, 7.3 a sync ..."; "7.5 example 2" is an example of another chapter 7. */
const named = /^((?:7\.\d+(?:, )?)+) (?!example)/;

/** What titles, and rows of tables that become part of a title, begin with. */
function numbersIn(source: Source): readonly number[] {
  const found: number[] = [];
  everyNode(parse(source), (node) => {
    if (!ts.isStringLiteralLike(node) && !ts.isTemplateExpression(node)) return;
    const [, numbers = ""] = named.exec(node.getText().slice(1)) ?? [];
    for (const [, number] of numbers.matchAll(/7\.(\d+)/g)) found.push(Number(number));
  });
  return found;
}

test("every behaviour of the published Connector is named by a test", () => {
  const sources = sourcesBelow("test/apps/connector", "test/plugins").filter(({ path }) => path.endsWith(".test.ts"));
  const numbers = new Set(sources.flatMap(numbersIn));

  expect(behaviours.filter((number) => !numbers.has(number))).toEqual([]);
  expect([...numbers].filter((number) => !behaviours.includes(number))).toEqual([]);
}, 30_000);

test("only what a title begins with counts", () => {
  const text = `test("7.2, 7.3 one", f); test.for([["7.4 row"]])("%s", f); test("as in 7.9", f); test("7.5 example 3", f);`;

  expect(numbersIn({ path: "titles.test.ts", text })).toEqual([2, 3, 4]);
});
