/**
 * Index entries: how values of indexed fields look inside SQLite, and which span of them a condition may match. The
 * index only finds candidates; `matches` decides, so a span may be too wide but never too narrow.
 */
import { type Document, type FieldCondition, type pathsOfField, type Scalar, valuesIn } from "rapport/core";
import { indexedCharactersMax } from "./limits.ts";

/** A value as the index keeps it: numbers as they are, everything else as text with a letter for its type. */
export type Entry = string | number;

/** The paths that a field stands for. */
export type FieldPaths = ReturnType<typeof pathsOfField>;

/** Entries that a condition may match: some of these, or all from the first to the last. */
export type Span = { readonly some: readonly Entry[] } | { readonly from: Entry; readonly to: Entry };

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
  return undefined;
}

function entryOf(value: Scalar): Entry {
  if (typeof value === "number") return value;
  if (typeof value === "string") return `s${value.slice(0, indexedCharactersMax)}`;
  return value === null ? "n" : `b${value}`;
}

/** SQLite's JSON functions change NUL and lone surrogates. */
function isPlain(value: Scalar): boolean {
  return typeof value !== "string" || !/[\0\ud800-\udfff]/.test(value);
}

/** NUL ends a text for some drivers. Below U+D800 the order of UTF-8, which SQLite uses, and the order of UTF-16, which JavaScript uses, are the same. */
function isOrdered(bound: string | number): boolean {
  if (typeof bound === "number") return Number.isFinite(bound);
  return !/[\0\ud800-\uffff]/.test(bound);
}
