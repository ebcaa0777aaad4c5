// Proofs of who one is (spec/connector-api.md 1.12).
import { z } from "zod";
import { table } from "../operation.ts";
import { address, anyObject, instant } from "../shapes/values.ts";

const group = { tag: "Challenges", scopes: ["core:challenges"], mounts: ["v2", "core"] } as const;

const type = z.enum(["Identity", "Device", "Relationship"]);

/** Routes of challenges. */
export const challengeOperations = table({
  createChallenge: {
    ...group,
    method: "POST",
    path: "/Challenges",
    summary: "Signs a challenge of the relay with the key of the identity, the device or a Relationship.",
    body: z.strictObject({ challengeType: type, relationship: z.string().optional() }),
    success: 201,
    result: z.strictObject({
      id: z.string(),
      expiresAt: instant,
      createdBy: address.optional(),
      createdByDevice: z.string().optional(),
      type,
      signature: z.string(),
      challengeString: z.string(),
    }),
  },
  validateChallenge: {
    ...group,
    method: "POST",
    path: "/Challenges/Validate",
    summary: "Whether oneself or a peer signed this, and who.",
    body: z.strictObject({ challengeString: z.string(), signature: z.string() }),
    success: 200,
    result: z.strictObject({ isValid: z.boolean(), correspondingRelationship: anyObject.optional() }),
  },
});
