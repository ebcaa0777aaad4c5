// Facts as Cedar can hold them: it knows no null, no fractions beyond four digits, and no time but its own.
import type { Json, JsonObject } from "rapport/core";
import type { CedarValue } from "./driver.ts";
import { decimalDigitsMax } from "./limits.ts";

/**
 * JSON as Cedar has it. Nulls are left out. A fraction is a `decimal`, or a text if it has too many digits. Members whose
 * names begin with two underscores are left out, as Cedar would take what a peer wrote there for an entity or a function.
 */
export function recordOf(object: JsonObject): Record<string, CedarValue> {
  const record: Record<string, CedarValue> = {};
  for (const [member, value] of Object.entries(object)) {
    const converted = member.startsWith("__") ? undefined : cedarOf(value);
    if (converted !== undefined) record[member] = converted;
  }
  return record;
}

function cedarOf(value: Json | undefined): CedarValue | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number") return numberOf(value);
  if (typeof value !== "object") return value;
  if (!Array.isArray(value)) return recordOf(value as JsonObject);
  return (value as readonly Json[]).flatMap((one) => cedarOf(one) ?? []);
}

function numberOf(value: number): CedarValue {
  if (Number.isSafeInteger(value)) return value;
  const text = String(value);
  const digits = /^-?\d{1,12}\.(\d+)$/.exec(text)?.[1];
  return digits !== undefined && digits.length <= decimalDigitsMax ? call("decimal", text) : text;
}

/** An instant that policies can compare: `context.time.now < datetime("2031-01-01")`. */
export function timeOf(text: Json | undefined): CedarValue | undefined {
  const ms = typeof text === "string" ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : call("datetime", new Date(ms).toISOString());
}

function call(fn: string, arg: string): CedarValue {
  return { __extn: { fn, arg } };
}
