import { hasCode } from "../errors/rapport-error.ts";
import type { Validation } from "../model/validation.ts";
import { failed, fine, malformedParameters } from "./verdicts.ts";

/** What a kind's check says; absent checks allow, and an exception becomes the failure of this one item. */
export function guarded(check: () => Validation | undefined): Validation {
  try {
    return check() ?? fine;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (hasCode(error, "error.runtime.servalError")) return malformedParameters(message);
    return failed("error.consumption.requests.unexpectedErrorDuringRequestItemProcessing", message);
  }
}
