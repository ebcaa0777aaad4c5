/**
 * Where the code of an engine's refusal is not the one that callers of the REST API know (spec/connector-api.md 1.4, 1.5, 1.9,
 * 1.10). Every such difference of these groups is in this table.
 */
import { type Code, RapportError } from "rapport/core";

/** What refusals become. */
export type Terms = { readonly [code in Code]?: { readonly code: Code; readonly message?: string } };

const notFound = { code: "error.runtime.recordNotFound" } as const;
const invalid = "error.runtime.validation.invalidPropertyValue";

/** Of everything that is loaded: what is unknown, expired, used up or locked was never there. */
const loaded: Terms = {
  "error.platform.recordNotFound": notFound,
  "error.platform.validation.relationshipTemplate.maxNumberOfAllocationsExhausted": notFound,
};

/** Loading by a reference: one message for all that may be wrong with it. */
export function termsOfLoading(what: string): Terms {
  const badReference = { code: invalid, message: `token / ${what} reference invalid` } as const;
  return {
    ...loaded,
    "error.runtime.invalidReference": badReference,
    "error.core-types.invalidTruncatedReference": badReference,
  };
}

/** Files: what is too large is a wrong value. */
export const termsOfFiles: Terms = { ...loaded, "error.transport.files.maxFileSizeExceeded": { code: invalid } };

/** Changes of the first generation: their status is meant, not that of the Relationship. */
export const termsOfChanges: Terms = {
  "error.transport.relationships.wrongRelationshipStatus": { code: "error.transport.relationships.wrongChangeStatus" },
};

/** Carries out the call, and says its refusals in these terms. */
export async function inTerms<T>(terms: Terms, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (problem) {
    const known = problem instanceof RapportError ? terms[problem.code] : undefined;
    if (known === undefined || !(problem instanceof RapportError)) throw problem;
    const { message, details } = problem;
    throw new RapportError(known.code, known.message ?? message, { details, cause: problem });
  }
}
