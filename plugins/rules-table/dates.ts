import { isIsoDate } from "rapport/core";

/** One date expression: before, after, or exactly at an instant. */
export interface DateBound {
  readonly sense: "before" | "after" | "at";
  readonly ms: number;
}

/** Reads `<date`, `>date` or a date; undefined when it is none. */
export function boundOf(text: string): DateBound | undefined {
  const sense = text.startsWith("<") ? "before" : text.startsWith(">") ? "after" : "at";
  const ms = instantMsOf(sense === "at" ? text : text.slice(1));
  return Number.isNaN(ms) ? undefined : { sense, ms };
}

// Requests are judged against many dates, and mostly the very same text is read again.
let lastText = "";
let lastMs = Number.NaN;

/** The instant of an ISO 8601 text in milliseconds, NaN when it is none. Without a zone it is UTC. */
export function instantMsOf(text: string): number {
  if (text === lastText) return lastMs;
  lastText = text;
  lastMs = isIsoDate(text)
    ? Date.parse(/T/.test(text) && !/(Z|[+-]\d{2}:?\d{2})$/.test(text) ? `${text}Z` : text)
    : Number.NaN;
  return lastMs;
}

/** True when the instant is where the bound wants it. */
export function isWithin(ms: number, { sense, ms: bound }: DateBound): boolean {
  if (sense === "before") return ms < bound;
  return sense === "after" ? ms > bound : ms === bound;
}

/** True for paths that hold dates. */
export function isDatePath(path: string, generation: "N" | "O"): boolean {
  return path.endsWith("At") || (generation === "O" && (path.endsWith("From") || path.endsWith("To")));
}
