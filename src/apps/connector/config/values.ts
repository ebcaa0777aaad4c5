// Kinds of values that may come from files as they are, or from the environment as texts.
import { z } from "zod";

/** A text that is not empty. */
export const text = z.string({ error: "must be a text" }).min(1, { error: "must not be empty" });

/** True or false, also as a text. */
export const flag = z.union([z.boolean(), z.stringbool()], { error: "must be true or false" });

/** A whole number, also as a text. */
export function whole(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.coerce.number({ error }).int({ error }).min(min, { error }).max(max, { error });
}
