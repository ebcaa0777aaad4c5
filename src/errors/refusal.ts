import type { JsonObject } from "../model/json.ts";
import type { Code } from "./catalogue.ts";
import { RapportError } from "./rapport-error.ts";

/** A legal no: returned inside `src/`, thrown as a `RapportError` at the doors. The message says what to do. */
export interface Refusal {
  readonly code: Code;
  readonly message: string;
  readonly details?: JsonObject;
}

/** A value, or the reason why there is none. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

/** The outcome that carries a value. */
export function allow<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

/** The outcome that says no. */
export function refuse(code: Code, message: string, details?: JsonObject): { ok: false; refusal: Refusal } {
  return { ok: false, refusal: details === undefined ? { code, message } : { code, message, details } };
}

/** The value, or the refusal thrown as the door's error. */
export function unwrap<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  const { code, message, details } = outcome.refusal;
  throw new RapportError(code, message, details === undefined ? {} : { details });
}
