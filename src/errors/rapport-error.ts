import type { JsonObject } from "../model/json.ts";
import { type Code, catalogue } from "./catalogue.ts";

/** What every door throws, for a legal no (`refusal`) and for a failing world (`fault`) alike. Test `code`, never `message`. */
export class RapportError extends Error {
  override readonly name = "RapportError";
  readonly code: Code;
  /** True when the same call may succeed later without any change. */
  readonly retry: boolean;
  readonly details: JsonObject;

  constructor(code: Code, message: string, more: { details?: JsonObject; cause?: unknown } = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.retry = catalogue[code].retry;
    this.details = more.details ?? {};
  }
}

/** A fault: the world failed. Always thrown. */
export function fault(code: Code, message: string, more: { details?: JsonObject; cause?: unknown } = {}): RapportError {
  return new RapportError(code, message, more);
}

/** True for errors with this code. */
export function hasCode(error: unknown, code: Code): error is RapportError {
  return error instanceof RapportError && error.code === code;
}
