import type { Code } from "../errors/catalogue.ts";
import type { Validation } from "../model/validation.ts";

/** The Validation of something without children that is fine. */
export const fine: Validation = Object.freeze({ isSuccess: true, items: Object.freeze([]) });

/** The Validation of something that failed itself. */
export function failed(code: Code, message: string): Validation {
  return { isSuccess: false, code, message, items: [] };
}

/** The Validation of a parent: it fails with `inheritedFromItem` when a child failed. */
export function inherited(items: readonly Validation[]): Validation {
  if (items.every((item) => item.isSuccess)) return { isSuccess: true, items };
  return {
    isSuccess: false,
    code: "error.consumption.requests.validation.inheritedFromItem",
    message: "Some child items have errors. Correct those listed in items.",
    items,
  };
}

/** The failure of an item that is itself not permissible. */
export function invalidItem(message: string): Validation {
  return failed("error.consumption.requests.invalidRequestItem", message);
}

/** The failure of parameters that are not permissible. */
export function invalidParameters(message: string): Validation {
  return failed("error.consumption.requests.invalidAcceptParameters", message);
}

/** The failure of parameters that cannot be parsed. */
export function malformedParameters(message: string): Validation {
  return failed("error.consumption.requests.servalErrorDuringRequestItemProcessing", message);
}
