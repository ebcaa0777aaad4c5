import type { Code } from "../errors/catalogue.ts";
import { isCode } from "../errors/catalogue.ts";
import { type Outcome, refuse } from "../errors/refusal.ts";
import type { JsonObject } from "../model/json.ts";
import type { Validation } from "../model/validation.ts";

/** A failed validation as the refusal that accept and reject throw; the whole tree is in the details. `at` is its place. */
export function refusalOfValidation(validation: Validation, at = ""): Outcome<never> {
  const code: Code = !validation.isSuccess && isCode(validation.code) ? validation.code : "error.runtime.unknown";
  return refuse(code, whatFailed(validation, at), { validation: validation as unknown as JsonObject });
}

// The first failing leaf with its place, because "an item failed" helps nobody.
function whatFailed(validation: Validation, path: string): string {
  const at = validation.items.findIndex(({ isSuccess }) => !isSuccess);
  const child = validation.items[at];
  if (child !== undefined) return whatFailed(child, `${path === "" ? "" : `${path}.`}items[${at}]`);
  if (validation.isSuccess) return "";
  return path === "" ? validation.message : `${path}: ${validation.message}`;
}
