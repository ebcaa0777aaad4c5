/**
 * Index entries: how values of indexed fields look inside SQLite, and which of them a condition asks for. A span finds
 * candidates, so it may be too wide but never too narrow; where a condition is exact, the index has the last word.
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

/** A value as the index keeps it: numbers as they are, everything else as text with a letter for its type. */
export type Entry = string | number;

/** The paths that a field stands for. */
export type FieldPaths = ReturnType<typeof pathsOfField>;

/** Entries that a condition may match: some of these, all from the first to the last, or texts that begin like this. */
export type Span =
  | { readonly some: readonly Entry[] }
  | { readonly from: Entry; readonly to: Entry }
  | { readonly letters: readonly (readonly string[])[] };

/** A condition that the index decides alone: that the field has one of these entries, or none of them. */
export interface Exact {
  readonly some: readonly Entry[];
  readonly isWanted: boolean;
}

/** The distinct entries of one field of a document. */
export function entriesOf(document: Document | undefined, paths: FieldPaths): ReadonlySet<Entry> {
  return new Set(document === undefined ? [] : valuesIn(document, paths).map(entryOf));
}

/** The span of a condition; nothing when the index cannot tell. */
export function spanOf(condition: FieldCondition): Span | undefined {
  if ("anyOf" in condition) {
    return condition.anyOf.every(isPlain) ? { some: [...new Set(condition.anyOf.map(entryOf))] } : undefined;
  }
  if ("above" in condition) {
    if (!isOrdered(condition.above)) return undefined;
    // Numbers come before all texts, and "t" comes after all texts that begin with "s".
    return { from: entryOf(condition.above), to: typeof condition.above === "number" ? "" : "t" };
  }
  if ("below" in condition) {
    if (!isOrdered(condition.below)) return undefined;
    return { from: typeof condition.below === "number" ? -Number.MAX_VALUE : "s", to: entryOf(condition.below) };
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

function entryOf(value: Scalar): Entry {
  if (typeof value === "number") return value;
  if (typeof value === "string") return `s${value.slice(0, indexedCharactersMax).replaceAll("\0", "\u0001")}`;
  return value === null ? "n" : `b${value}`;
}

/** SQLite's JSON functions change NUL and lone surrogates. */
function isPlain(value: Scalar): boolean {
  return typeof value !== "string" || !/[\0\ud800-\udfff]/.test(value);
}

/** No other value has the same entry: not one that was cut off, nor one of which SQLite does not keep every character. */
function isWhole(value: Scalar): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "string") return true;
  return (
    value.length < indexedCharactersMax && isPlain(value) && !value.includes("\u0001") && !value.includes("\ufffd")
  );
}

/** U+0001 stands for NUL. Below U+D800 the order of UTF-8, which SQLite uses, and the order of UTF-16, which JavaScript uses, are the same. */
function isOrdered(bound: string | number): boolean {
  if (typeof bound === "number") return Number.isFinite(bound);
  return !(bound.includes("\0") || bound.includes("\u0001") || /[\ud800-\uffff]/.test(bound));
}
