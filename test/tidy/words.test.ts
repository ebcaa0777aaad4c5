// Words that a folder may not say (the reasons are in docs/decisions and in the messages here).
import { expect, test } from "vitest";
import { everywhere, findBanned, inTests, outside } from "./banned.ts";
import { linesWith, pathsBelow, programs, read, type Source, sourcesBelow } from "./sources.ts";

const domain = sourcesBelow("machines", "src").filter(({ path }) => !path.startsWith("src/apps/"));

test("time, randomness and the process are asked for through a port", () => {
  expect(domain.flatMap((source) => findBanned(source, outside))).toEqual([]);
});

test("no decorators, no default exports, no stars, no decorated names", () => {
  expect(sourcesBelow(...programs).flatMap((source) => findBanned(source, everywhere))).toEqual([]);
});

test("tests use the real thing", () => {
  expect(sourcesBelow("test").flatMap((source) => findBanned(source, inTests))).toEqual([]);
});

test("each banned word is found when it is there, and not when it is only mentioned", () => {
  const guilty = [
    "const a = Date.now();",
    "const b = Math.random();",
    "const c = new Date();",
    "setTimeout(() => {}, 1);",
    "const d = process.env;",
    "const e = crypto.randomUUID();",
    'import { readFileSync } from "node:fs";',
  ];
  const innocent = [
    "// Date.now() and process.env",
    'const text = "setTimeout";',
    "const seen = new Date(0);",
    "const worker = { process: 1 };",
    "worker.process;",
  ];
  const found = (line: string) => findBanned({ path: "toy.ts", text: line }, outside).length;

  expect(guilty.map(found)).toEqual(guilty.map(() => 1));
  expect(innocent.map(found)).toEqual(innocent.map(() => 0));
});

test("decorators, default exports and stars are found", () => {
  const guilty = [
    "@sealed class A {}",
    "export default 1;",
    'export * from "./a.ts";',
    "interface ILike {}",
    "vi.mock();",
  ];
  const bans = [...everywhere, ...inTests];

  expect(guilty.map((text) => findBanned({ path: "toy.ts", text }, bans).length)).toEqual(guilty.map(() => 1));
});

test("a file is named after what it holds", () => {
  const missingNoun = /(^|[/.-])(helpers?|utils?|utilities|misc|common|shared|impl|mgr|manager)[.-][^/]*$/i;

  expect(sourcesBelow(...programs).filter(({ path }) => missingNoun.test(path))).toEqual([]);
});

test("what is left to do names its issue", () => {
  const unnamed = written().flatMap((source) => linesWith(source, /\b(TODO|FIXME|XXX)\b(?!.*#\d+)/));

  expect(unnamed).toEqual([]);
});

test("a suppression says why on its line", () => {
  const silent = /@ts-(ignore|nocheck)|@ts-expect-error\s*$|biome-ignore[^:]*(:\s*(<explanation>)?\s*)?$/;

  expect(
    sourcesBelow(...programs)
      .filter(notThisFile)
      .flatMap((source) => linesWith(source, silent)),
  ).toEqual([]);
});

test("the project speaks of itself only, and not of the place or the tools it was written with", () => {
  const foreign = [
    /\/(work|root)\//,
    /\bfarm\b/i,
    /\b(claude|anthropic|chatgpt|openai|copilot|llm)\b/i,
    /\bai agents?\b/i,
  ];
  const found = written().flatMap((source) => foreign.flatMap((word) => linesWith(source, word)));

  expect(found).toEqual([]);
});

/** Everything that people wrote: programs, settings and pages, but not captured data. */
function written(): readonly Source[] {
  const open = (path: string): Source => ({ path, text: read(path) });
  return pathsBelow(".")
    .filter((path) => /\.(ts|mjs|cjs|js|json|md|html|css|sh)$|^\.ci\/|^\.[a-z]+rc$/.test(path))
    .filter((path) => path !== "package-lock.json" && !path.startsWith("test/fixtures/"))
    .map(open)
    .filter(notThisFile);
}

function notThisFile({ path }: Source): boolean {
  return path !== "test/tidy/words.test.ts";
}
