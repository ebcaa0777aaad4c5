// The end of the identity, for tests and trials (spec/connector-api.md 1.12).
import { z } from "zod";
import { table } from "../operation.ts";
import { instant } from "../shapes/values.ts";

const group = {
  tag: "IdentityDeletionProcess",
  scopes: ["debug:identityDeletionProcess"],
  mounts: ["v2", "core"],
  path: "/IdentityDeletionProcess",
  isDebug: true,
  success: 200,
  result: z.looseObject({ id: z.string(), status: z.string(), gracePeriodEndsAt: instant.optional() }),
} as const;

/** Routes of the deletion process; only in debug mode. */
export const identityDeletionOperations = table({
  startIdentityDeletion: {
    ...group,
    method: "POST",
    summary: "Begins the deletion of this identity.",
    query: z.strictObject({
      lengthOfGracePeriodInDays: z
        .string()
        .regex(/^\d+(\.\d+)?$/)
        .optional(),
    }),
  },
  getIdentityDeletion: { ...group, method: "GET", summary: "The deletion that is going on." },
  cancelIdentityDeletion: { ...group, method: "DELETE", summary: "Takes the deletion back." },
});
