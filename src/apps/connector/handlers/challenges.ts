// Proofs of who one is (spec/connector-api.md 1.12).
import type { NewChallenge } from "rapport";
import { type HandlersOf, result } from "../handler.ts";
import type { challengeOperations } from "../operations/challenges.ts";
import { extended } from "../profiles/extended.ts";
import { relationshipShown } from "./relationship-views.ts";

/** Carries out the routes of challenges. */
export const challengeHandlers: HandlersOf<typeof challengeOperations> = {
  createChallenge: async ({ account, body, command }) => {
    // The contract has checked the shape, and the engine checks it again.
    const challenge = await account.challenges.create(body as unknown as NewChallenge, command);
    return result(extended(challenge, {}), "/Challenges");
  },
  validateChallenge: async ({ account, profile, body }) => {
    const { challengeString, signature } = body;
    const given = { challengeString: String(challengeString), signature: String(signature) };
    const { isValid, correspondingRelationship: relationship } = await account.challenges.validate(given);
    if (relationship === undefined) return result({ isValid });
    const shown = await relationshipShown({ account, profile }, relationship);
    return result({ isValid, correspondingRelationship: shown });
  },
};
