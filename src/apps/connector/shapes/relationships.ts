// Shapes of Relationships (spec/connector-api.md 1.14).
import { z } from "zod";
import { anyObject, instant } from "./values.ts";

/** A Relationship as clients see it; which of the members it has depends on the profile. */
export const relationship = z.looseObject({
  id: z.string(),
  templateId: z.string().optional(),
  template: anyObject.optional(),
  status: z.string(),
  peer: z.string(),
  peerIdentity: z.looseObject({ address: z.string(), publicKey: z.string(), realm: z.string().optional() }),
  peerDeletionInfo: z.strictObject({ deletionStatus: z.string(), deletionDate: instant }).optional(),
  creationContent: anyObject.optional(),
  auditLog: z.array(anyObject).optional(),
  changes: z.array(anyObject).optional(),
});

/** What a Relationship may be created from: `content` is what the first generation calls it. */
export const newRelationship = z.strictObject({
  templateId: z.string().min(1),
  creationContent: anyObject.optional(),
  content: z.unknown().optional(),
});

/** Whether something could be done. */
export const possible = z.strictObject({
  isSuccess: z.boolean(),
  code: z.string().optional(),
  message: z.string().optional(),
});

/** What an answer of the first generation brings along. */
export const changeAnswer = z.strictObject({ content: anyObject.optional() });
