// Kinds of values that may come from files as they are, or from the environment as texts.
import { z } from "zod";

/** A text that is not empty. */
export const text = z.string({ error: "must be a text" }).min(1, { error: "must not be empty" });

/** True or false, also as a text. */
export const flag = z.union([z.boolean(), z.stringbool()], { error: "must be true or false" });

/** A whole number, also as a text. */
export function whole(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`;
  const digits = z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .pipe(z.int().min(min).max(max));
  return z.union([z.int().min(min).max(max), digits], { error });
}

const levelByName = {
  debug: "debug",
  info: "info",
  warn: "warn",
  error: "error",
  silent: "silent",
  ALL: "debug",
  TRACE: "debug",
  DEBUG: "debug",
  INFO: "info",
  MARK: "info",
  WARN: "warn",
  ERROR: "error",
  FATAL: "error",
  OFF: "silent",
} as const;

type LevelName = keyof typeof levelByName;

const levelNames = Object.keys(levelByName) as LevelName[];

/** How much is logged, also by the names of older configurations. */
export const logLevel = z
  .enum(levelNames, { error: "must be debug, info, warn, error or silent" })
  .transform((name) => levelByName[name]);

/** A list of texts. */
export const texts = z.array(text, { error: "must be a list of texts" });
