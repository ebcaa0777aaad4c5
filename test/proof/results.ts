// What `npm run proof` has found out, kept in results.json so that docs/proof.md can say it.
import { readFileSync, writeFileSync } from "node:fs";
import type { JsonObject } from "rapport/core";

/** The parts of the proof, each with its own run. */
export const parts = ["tests", "check", "simulation", "mutants", "kills"] as const;

/** One of them. */
export type Part = (typeof parts)[number];

/** What one part found, and when and on what it ran. */
export interface PartResult {
  readonly on: string;
  readonly node: string;
  readonly seconds: number;
  readonly figures: JsonObject;
}

/** The results of all parts that ever ran with `--write`. */
export type Results = { readonly [part in Part]?: PartResult };

const file = new URL("results.json", import.meta.url);

/** Reads what is kept. */
export function keptResults(): Results {
  return JSON.parse(readFileSync(file, "utf8")) as Results;
}

/** Keeps the result of one part beside the others. */
export function keepResult(part: Part, result: PartResult): void {
  const all: Results = { ...keptResults(), [part]: result };
  const ordered = Object.fromEntries(parts.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])));
  writeFileSync(file, `${JSON.stringify(ordered, null, 2)}\n`);
}
