// What is wrong with a configuration, in words for whoever wrote it.
import type { z } from "zod";
import { configKeys } from "./schema.ts";
import { type Path, type Problem, valueAt } from "./trees.ts";

type Issue = z.core.$ZodIssue;

/** The problems that the shape found in the tree. Messages never repeat a value: it may be a secret. */
export function problemsIn(issues: readonly Issue[], tree: unknown): readonly Problem[] {
  return issues.flatMap((issue) => problemsOf(issue, { tree, above: [] }));
}

interface Place {
  readonly tree: unknown;
  readonly above: Path;
}

function problemsOf(issue: Issue, { tree, above }: Place): readonly Problem[] {
  const path = [...above, ...issue.path.map(String)];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: [...path, key],
      says: `is not a key of the configuration${nearest(path, key)}`,
    }));
  }
  const inner = issue.code === "invalid_union" ? fittingForm(issue.errors) : undefined;
  if (inner !== undefined) return inner.flatMap((one) => problemsOf(one, { tree, above: path }));
  const isMissing = valueAt(tree, path) === undefined;
  return [{ path, says: isMissing ? "is missing" : issue.message }];
}

// Of several forms the one whose own kind is right, so that what is wrong lies within it.
function fittingForm(forms: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const fitting = forms.filter((issues) => issues.length > 0 && issues.every(({ path }) => path.length > 0));
  return fitting.length === 1 ? fitting[0] : undefined;
}

const nounByKind: Readonly<Record<string, string>> = {
  string: "a text",
  array: "a list",
  object: "an object",
  record: "an object",
  boolean: "true or false",
  number: "a number",
  int: "a whole number",
};

/** Words for what the shape has no words of its own for. */
export function wordsFor(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === "invalid_type") return `must be ${nounByKind[issue.expected] ?? issue.expected}`;
  if (issue.code === "invalid_value") return `must be ${issue.values.map(String).join(" or ")}`;
  if (issue.code === "invalid_union") return "has none of the forms that it may have";
  return undefined;
}

const distanceMax = 3;
const shownMax = 8;

/** The key that was probably meant, else those that there are. */
function nearest(above: Path, key: string): string {
  const names = [...new Set(namesBelow(above))];
  const near = names
    .map((name) => ({ name, distance: distance(name.toLowerCase(), key.toLowerCase()) }))
    .filter((one) => one.distance <= distanceMax)
    .toSorted((a, b) => a.distance - b.distance)[0];
  if (near !== undefined) return `; did you mean "${[...above, near.name].join(".")}"?`;
  return names.length === 0 || names.length > shownMax ? "" : `; there are ${names.join(", ")}`;
}

function namesBelow(above: Path): readonly string[] {
  return configKeys().flatMap(({ path }) => {
    const plain = path.filter((name) => name !== "[]").map((name) => name.replace(/<.*$/, ""));
    const isBelow = above.every((name, index) => plain[index] === name || plain[index] === "*");
    const name = plain[above.length];
    return isBelow && name !== undefined && name !== "*" && !/^\d+$/.test(name) ? [name] : [];
  });
}

/** How many letters have to be changed, added or taken away. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
