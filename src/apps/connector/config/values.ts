// Kinds of values that may come from files as they are, or from the environment as texts.
import { z } from "zod";

/** A text that is not empty. */
export const text = z.string({ error: "must be a text" }).min(1, { error: "must not be empty" });

const truth = z
  .string()
  .regex(/^(true|True|TRUE|1|yes|on|false|False|FALSE|0|no|off)$/)
  .transform((word) => /^(true|1|yes|on)$/i.test(word));

/** True or false, also as a text. */
export const flag = z.union([z.boolean(), truth], { error: "must be true or false" });

/** A whole number, also as a text. */
export function whole(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`;
  const digits = z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .pipe(z.int({ error }).min(min, { error }).max(max, { error }));
  return z.union([z.int({ error }).min(min, { error }).max(max, { error }), digits], { error });
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
