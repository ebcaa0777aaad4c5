// Notes about identities (spec/connector-api.md 1.12, 5.2).
import type { IdentityMetadata, MetadataPlace } from "rapport";
import { fault, hasCode } from "rapport/core";
import { type HandlersOf, nothing, type QueryTexts, result } from "../handler.ts";
import type { identityMetadataOperations } from "../operations/identity-metadata.ts";
import { extended } from "../profiles/extended.ts";
import type { ProfileRules } from "../profiles/profile.ts";

/** Carries out the routes of notes about identities. */
export const identityMetadataHandlers: HandlersOf<typeof identityMetadataOperations> = {
  upsertIdentityMetadata: async ({ account, body, command }) =>
    // The contract has checked the shape, and the engine checks it again.
    result(extended(await account.identityMetadata.upsert(body as unknown as IdentityMetadata, command), {})),
  getIdentityMetadata: async ({ account, profile, query }) =>
    result(extended(await found(account.identityMetadata.get(placeIn(query)), profile.rules), {})),
  deleteIdentityMetadata: async ({ account, profile, query, command }) => {
    await found(account.identityMetadata.delete(placeIn(query), command), profile.rules);
    return nothing;
  },
};

function placeIn({ reference = "", key }: QueryTexts): MetadataPlace {
  return key === undefined ? { reference: String(reference) } : { reference: String(reference), key: String(key) };
}

async function found<T>(looking: Promise<T>, { metadataNotFound: code }: ProfileRules): Promise<T> {
  try {
    return await looking;
  } catch (problem) {
    if (!hasCode(problem, "error.runtime.identityMetadata.notFound")) throw problem;
    throw fault(code, problem.message, { cause: problem });
  }
}
