import type { Condition, Scalar } from "./condition.ts";
import type { Json } from "./json.ts";

/** True when the document satisfies every condition on every field. The reference meaning of `Store.find`. */
export function matches(document: Json, where: { readonly [field: string]: readonly Condition[] }): boolean {
  for (const field in where) {
    const paths = pathsOfField(field);
    const values = valuesIn(document, paths);
    for (const condition of where[field] ?? []) {
      if ("exists" in condition) {
        if (condition.exists !== paths.some((path) => isPresent(document, path))) return false;
      } else if (!holds(values, condition)) return false;
    }
  }
  return true;
}

/** The paths that a field stands for: `a.b|c` are the values under `a.b` and those under `c`. */
export function pathsOfField(field: string): readonly (readonly string[])[] {
  return field.split("|").map((path) => path.split("."));
}

/** Every scalar found under one of the paths. */
export function valuesIn(document: Json | undefined, paths: readonly (readonly string[])[]): Scalar[] {
  const [only, ...others] = paths;
  if (only === undefined) return [];
  const found = valuesAt(document, only);
  for (const path of others) found.push(...valuesAt(document, path));
  return found;
}

/** Every scalar found under a dotted path; arrays on the way and at the end fan out, objects at the end do not count. */
export function valuesAt(document: Json | undefined, path: readonly string[]): Scalar[] {
  const found: Scalar[] = [];
  collect(document, path, found);
  return found;
}

function collect(node: Json | undefined, path: readonly string[], found: Scalar[]): void {
  if (node === undefined) return;
  if (Array.isArray(node)) {
    for (const element of node as readonly Json[]) collect(element, path, found);
    return;
  }
  const [step, ...rest] = path;
  if (step === undefined) {
    if (node === null || typeof node !== "object") found.push(node as Scalar);
    return;
  }
  if (node === null || typeof node !== "object" || !Object.hasOwn(node, step)) return;
  collect((node as { readonly [member: string]: Json | undefined })[step], rest, found);
}

function isPresent(node: Json | undefined, path: readonly string[], depth = 0): boolean {
  if (node === undefined) return false;
  if (depth === path.length) return true;
  if (Array.isArray(node)) return (node as readonly Json[]).some((element) => isPresent(element, path, depth));
  if (node === null || typeof node !== "object") return false;
  const step = path[depth] as string;
  if (!Object.hasOwn(node, step)) return false;
  return isPresent((node as { readonly [member: string]: Json | undefined })[step], path, depth + 1);
}

type Existence = { readonly exists: boolean };

function holds(values: readonly Scalar[], condition: Exclude<Condition, Existence>): boolean {
  if ("anyOf" in condition) return values.some((value) => condition.anyOf.includes(value));
  if ("noneOf" in condition) return !values.some((value) => condition.noneOf.includes(value));
  return values.some((value) => compares(value, condition));
}

function compares(
  value: Scalar,
  condition: Exclude<Condition, { readonly anyOf: unknown } | { readonly noneOf: unknown } | Existence>,
): boolean {
  if ("above" in condition) {
    if (typeof value !== typeof condition.above) return false;
    return (value as string) > (condition.above as string) || (condition.orEqual === true && value === condition.above);
  }
  if ("below" in condition) {
    if (typeof value !== typeof condition.below) return false;
    return (value as string) < (condition.below as string) || (condition.orEqual === true && value === condition.below);
  }
  if (typeof value !== "string") return false;
  const text = value.toLowerCase();
  if ("startsWith" in condition) return text.startsWith(condition.startsWith.toLowerCase());
  if ("endsWith" in condition) return text.endsWith(condition.endsWith.toLowerCase());
  return text.includes(condition.contains.toLowerCase());
}
