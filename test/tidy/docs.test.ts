// docs/faults.md. `npm run docs` sets RAPPORT_WRITE_DOCS and so writes it instead of comparing.
import { readFileSync, writeFileSync } from "node:fs";
import { type CatalogueRow, type Code, catalogue } from "rapport/core";
import { expect, test } from "vitest";
import { root } from "./sources.ts";

const file = `${root}/docs/faults.md`;
const rows = Object.entries(catalogue) as readonly (readonly [Code, CatalogueRow])[];

test("docs/faults.md says what the catalogue says; else run npm run docs", () => {
  const page = describeCatalogue();
  if (process.env["RAPPORT_WRITE_DOCS"] === "1") writeFileSync(file, page);

  expect(readFileSync(file, "utf8")).toBe(page);
});

test("every code is documented with what to do, in words that fit a table", () => {
  const page = readFileSync(file, "utf8");

  expect(rows.filter(([code]) => !page.includes(`\`${code}\``)).map(([code]) => code)).toEqual([]);
  expect(rows.filter(([, { advice }]) => advice.length < 10 || /[|\n]/.test(advice)).map(([code]) => code)).toEqual([]);
});

test("statuses and exit codes are ones that people can look up", () => {
  const odd = rows.filter(([, { http, exit }]) => http < 400 || http > 599 || !(exit in exits));

  expect(odd).toEqual([]);
});

/** What the exit codes of the command mean. */
const exits: Readonly<Record<number, string>> = {
  1: "something that has no code",
  2: "the input is wrong; change it",
  3: "there is no such thing",
  4: "not allowed",
  5: "not now: the state of the thing does not allow it",
  6: "the world is in the way; repeat later",
  7: "something is broken; look at it",
};

function describeCatalogue(): string {
  const sections = [
    "# Codes",
    "Generated from `src/errors/` by `npm run docs`; do not edit.",
    "Every error carries one of these codes. Codes are for ever: they are added, never changed. *Repeat* says whether the " +
      "same call may work later without a change. The REST API will answer with the HTTP status, the command ends with the " +
      "exit code.",
    "## Exit codes of the command",
    table(
      ["exit", "meaning"],
      Object.entries(exits).map(([exit, meaning]) => [exit, meaning]),
    ),
    ...groups().flatMap(([title, codes]) => [
      `## ${title}`,
      table(
        ["code", "HTTP", "exit", "repeat", "what to do"],
        codes.map(([code, { http, exit, retry, advice }]) => [
          `\`${code}\``,
          String(http),
          String(exit),
          retry ? "yes" : "no",
          advice,
        ]),
      ),
    ]),
  ];
  return `${sections.join("\n\n")}\n`;
}

/** Codes by what stands before the last dot, each group and the groups in alphabetical order. */
function groups(): readonly (readonly [string, readonly (readonly [Code, CatalogueRow])[]])[] {
  const byGroup = new Map<string, (readonly [Code, CatalogueRow])[]>();
  for (const row of rows) {
    const group = row[0].slice(0, row[0].lastIndexOf("."));
    byGroup.set(group, [...(byGroup.get(group) ?? []), row]);
  }
  return [...byGroup]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, codes]) => [group, codes.toSorted(([a], [b]) => (a < b ? -1 : 1))] as const);
}

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [row(head), row(head.map(() => "---")), ...lines.map(row)].join("\n");
}
