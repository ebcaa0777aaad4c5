// Every numbered behaviour is named by a test, or is a known debt.
import ts from "typescript";
import { expect, test } from "vitest";
import { laterParts, oracle } from "./oracle.ts";
import { notYet, partly } from "./oracle-debts.ts";
import { everyNode, parse, type Source, sourcesBelow } from "./sources.ts";

const numbers = Object.keys(oracle).map(Number);
const debts = Object.keys(notYet).map(Number);
const ours = ({ path }: Source) => path.endsWith(".test.ts") && !path.startsWith("test/tidy/");
const named = new Set(sourcesBelow("test").filter(ours).flatMap(numbersNamedIn));

test("the list is complete", () => {
  expect(numbers).toEqual(Array.from({ length: 86 }, (_, index) => index + 1));
  expect(Object.values(laterParts).flat()).toEqual([87, 106, 107, 117, 118, 122]);
});

test("every number is named by a test or stands among the debts", () => {
  const forgotten = numbers.filter((number) => !named.has(number) && !debts.includes(number));

  expect(forgotten.map((number) => `#${number}: ${oracle[number]}`)).toEqual([]);
});

test("a debt that a test has paid is struck off", () => {
  expect(debts.filter((number) => named.has(number))).toEqual([]);
});

test("every debt is a number of the list and has a reason", () => {
  expect(debts.filter((number) => !numbers.includes(number))).toEqual([]);
  expect(Object.values(notYet).filter((reason) => reason.trim().length < 20)).toEqual([]);
});

test("what is paid in part is named by a test and says what is missing", () => {
  const numbersInPart = Object.keys(partly).map(Number);

  expect(numbersInPart.filter((number) => !numbers.includes(number) || !named.has(number))).toEqual([]);
  expect(Object.values(partly).filter((reason) => reason.trim().length < 20)).toEqual([]);
});

test("tests name no number that does not exist", () => {
  const last = Math.max(...Object.values(laterParts).flat());

  expect([...named].filter((number) => number < 1 || number > last)).toEqual([]);
});

test("numbers are read from names and tables, not from comments or code", () => {
  const name = 'test("#21: it is Active (#22, #30)", () => {}); // #23';
  const table = 'const rows = [["#25", `of it #26`]]; class A { #24 = 1 }';

  expect(numbersNamedIn({ path: "toy.test.ts", text: `${name}\n${table}` })).toEqual([21, 22, 30, 25, 26]);
});

/** The numbers in the texts of a test file: names of tests, and tables that names are made from. */
function numbersNamedIn(source: Source): readonly number[] {
  const found: number[] = [];
  everyNode(parse(source), (node) => {
    if (!ts.isStringLiteralLike(node) && !ts.isTemplateMiddleOrTemplateTail(node) && !ts.isTemplateHead(node)) return;
    found.push(...[...node.text.matchAll(/#(\d+)\b/g)].map(([, digits]) => Number(digits)));
  });
  return found;
}
