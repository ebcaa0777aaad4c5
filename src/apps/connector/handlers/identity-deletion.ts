// The end of the identity (spec/connector-api.md 1.12).
import type { DeletionProcessView } from "rapport";
import { fault, hasCode, type JsonObject } from "rapport/core";
import { type HandlersOf, result } from "../handler.ts";
import type { identityDeletionOperations } from "../operations/identity-deletion.ts";
import { extended } from "../profiles/extended.ts";
import type { Profile } from "../profiles/profile.ts";

/** Carries out the routes of the deletion process. */
export const identityDeletionHandlers: HandlersOf<typeof identityDeletionOperations> = {
  startIdentityDeletion: async ({ account, profile, query: { lengthOfGracePeriodInDays: days }, command }) => {
    const input = days === undefined ? {} : { lengthOfGracePeriodInDays: Number(days) };
    return result(shown(await account.deletion.start(input, command), profile));
  },
  getIdentityDeletion: async ({ account, profile }) => result(shown(await account.deletion.active(), profile)),
  cancelIdentityDeletion: async ({ account, profile, command }) => {
    try {
      return result(shown(await account.deletion.cancel(command), profile));
    } catch (problem) {
      const newer = "error.runtime.identityDeletionProcess.noActiveIdentityDeletionProcess";
      if (profile.name === "gen3" || !hasCode(problem, newer)) throw problem;
      const code = "error.runtime.identityDeletionProcess.noApprovedIdentityDeletionProcess";
      throw fault(code, problem.message, { cause: problem });
    }
  },
};

/** Before the third generation a process was approved by the device that began it. */
function shown(process: DeletionProcessView, { name }: Profile): JsonObject {
  if (name === "gen3") return extended(process, {});
  const { status, createdAt, createdByDevice } = process;
  return extended(process, {
    status: status === "Active" ? "Approved" : status,
    ...(createdAt === undefined ? {} : { approvedAt: createdAt }),
    ...(createdByDevice === undefined ? {} : { approvedByDevice: createdByDevice }),
  });
}
