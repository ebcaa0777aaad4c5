// Shapes that several groups of routes share.
import { z } from "zod";

/** An instant as ISO 8601. */
export const instant = z.string().meta({ format: "iso8601" });

/** Any JSON object. */
export const anyObject = z.looseObject({});

/** The address of an identity, of either generation; looked for anywhere in the text, as ids are. */
export const address = z.string().regex(/did:e:[^\s]+:dids:[0-9a-f]{22}|id1[1-9A-HJ-NP-Za-km-z]{32,33}/);

/** The id of an object, by its prefix. Looked for anywhere in the text, as published connectors do (spec/connector-api.md 1.14). */
export function idOf(prefix: string) {
  return z.string().regex(new RegExp(`${prefix}[A-Za-z0-9]{17}`));
}

/** The same shape, with one message for everything that is wrong with it, also when it is missing. */
export function saying<T extends z.ZodType>(shape: T, message: string): T {
  return shape.meta({ ...shape.meta(), says: message });
}
