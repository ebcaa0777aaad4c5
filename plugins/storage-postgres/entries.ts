/**
 * Index entries: how values of indexed fields look inside PostgreSQL, and which of them a condition asks for. A
 * span finds candidates, so it may be too wide but never too narrow; where a condition is exact, the index has the last word.
 */
import {
  type Document,
  type FieldCondition,
  type pathsOfField,
  type Scalar,
  spellingsOf,
  valuesIn,
} from "rapport/core";
import { indexedCharactersMax } from "./limits.ts";

/** The paths that a field stands for. */
export type FieldPaths = ReturnType<typeof pathsOfField>;

/** Entries that a condition may match: some of these, all from the first to the last, or what begins with such letters. */
export type Span =
  | { readonly some: readonly string[] }
  | { readonly from: string; readonly to: string }
  | { readonly letters: readonly (readonly string[])[] };

/** A condition that the index decides alone: that the field has one of these entries, or none of them. */
export interface Exact {
  readonly some: readonly string[];
  readonly isWanted: boolean;
}

/** The distinct entries of one field of a document. */
export function entriesOf(document: Document | undefined, paths: FieldPaths): ReadonlySet<string> {
  return new Set(document === undefined ? [] : valuesIn(document, paths).map(entryOf));
}

/** The span of a condition; nothing when the index cannot tell. */
export function spanOf(condition: FieldCondition): Span | undefined {
  if ("anyOf" in condition) return { some: [...new Set(condition.anyOf.map(entryOf))] };
  if ("above" in condition) {
    if (!isOrdered(condition.above)) return undefined;
    return { from: entryOf(condition.above), to: typeof condition.above === "number" ? "e" : "t" };
  }
  if ("below" in condition) {
    if (!isOrdered(condition.below)) return undefined;
    return { from: typeof condition.below === "number" ? "d" : "s", to: entryOf(condition.below) };
  }
  if ("startsWith" in condition) {
    const letters = spellingsOf(condition.startsWith);
    return letters && { letters: [["s"], ...letters] };
  }
  return undefined;
}

/** What the index decides alone; nothing when documents must be looked at. */
export function exactly(condition: FieldCondition): Exact | undefined {
  const values = "anyOf" in condition ? condition.anyOf : "noneOf" in condition ? condition.noneOf : undefined;
  if (values?.every(isWhole) !== true) return undefined;
  return { some: [...new Set(values.map(entryOf))], isWanted: "anyOf" in condition };
}

/** No other value has the same entry: not one that was cut off, nor one whose characters PostgreSQL does not take. */
function isWhole(value: Scalar): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "string") return true;
  return (
    value.length < indexedCharactersMax &&
    !/[\0\ud800-\udfff]/.test(value) &&
    !value.includes("\u0001") &&
    !value.includes("\ufffd")
  );
}

/** A letter for the type, then the value: texts without NUL, which PostgreSQL refuses, and numbers so that they sort. */
function entryOf(value: Scalar): string {
  if (typeof value === "number") return `d${sortable(value)}`;
  if (typeof value === "string") return `s${value.slice(0, indexedCharactersMax).replaceAll("\0", "\u0001")}`;
  return value === null ? "n" : `b${value}`;
}

/** The bits of the number as hexadecimal digits, changed so that greater numbers give greater texts. */
function sortable(value: number): string {
  // -0 and 0 are the same number.
  bits.setFloat64(0, value + 0);
  const raw = bits.getBigUint64(0);
  const isNegative = raw >= signBit;
  return (isNegative ? allBits - raw : raw + signBit).toString(16).padStart(16, "0");
}

const bits = new DataView(new ArrayBuffer(8));
const signBit = 1n << 63n;
const allBits = (1n << 64n) - 1n;

/**
 * Below U+D800 the order of UTF-8, which PostgreSQL uses, and the order of UTF-16, which JavaScript uses, are the same;
 * U+0001 stands for NUL.
 */
function isOrdered(bound: string | number): boolean {
  if (typeof bound === "number") return Number.isFinite(bound);
  return !(bound.includes("\0") || bound.includes("\u0001") || /[\ud800-\uffff]/.test(bound));
}
