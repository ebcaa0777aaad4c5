// Proofs of who one is (spec/connector-api.md 1.12).
import type { Account, NewChallenge, TemplateView } from "rapport";
import { hasCode } from "rapport/core";
import { type HandlersOf, result } from "../handler.ts";
import type { challengeOperations } from "../operations/challenges.ts";
import { extended } from "../profiles/extended.ts";

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
    const template = await templateOf(account, relationship.templateId);
    return result({ isValid, correspondingRelationship: profile.relationship(relationship, template) });
  },
};

async function templateOf(account: Account, id: string): Promise<TemplateView | undefined> {
  try {
    return await account.templates.get(id);
  } catch (problem) {
    if (hasCode(problem, "error.runtime.recordNotFound")) return undefined;
    throw problem;
  }
}
