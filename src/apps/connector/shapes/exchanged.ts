// Shapes of what is handed from one identity to another by a reference: templates, tokens and files (spec/connector-api.md 1.14).
import { z } from "zod";
import { address, anyObject, instant } from "./values.ts";

/** A password, as it is given and shown. */
export const passwordProtection = z.strictObject({
  password: z.string().min(1),
  passwordIsPin: z.literal(true).optional(),
  passwordLocationIndicator: z.union([z.string(), z.number()]).optional(),
});

/** Who may load it, and with what. */
export const protection = { forIdentity: address.optional(), passwordProtection: passwordProtection.optional() };

const references = {
  truncatedReference: z.string().optional(),
  reference: z.strictObject({ truncated: z.string(), url: z.string() }).optional(),
  secretKey: z.string().optional(),
};

const created = { id: z.string(), createdBy: z.string(), createdByDevice: z.string(), createdAt: instant };

/** A RelationshipTemplate as clients see it. */
export const template = z.looseObject({
  ...created,
  ...references,
  ...protection,
  isOwn: z.boolean(),
  content: anyObject,
  expiresAt: instant.optional(),
  maxNumberOfAllocations: z.number().optional(),
});

/** A token as clients see it. */
export const token = z.looseObject({
  ...created,
  ...references,
  ...protection,
  content: z.unknown(),
  expiresAt: instant,
  isEphemeral: z.boolean(),
});

/** A File as clients see it. */
export const file = z.looseObject({
  ...created,
  ...references,
  isOwn: z.boolean(),
  expiresAt: instant,
  filename: z.string(),
  filesize: z.number(),
  mimetype: z.string(),
  title: z.string().optional(),
  description: z.string().optional(),
  tags: z.array(z.string()).optional(),
  ownershipToken: z.string().optional(),
});

/** A token for something: for how long, and for whom. */
export const newTokenFor = z.strictObject({
  expiresAt: instant.optional(),
  ephemeral: z.boolean().optional(),
  ...protection,
});

/** What leads to somebody's object: its reference, or in the first generation its id and key. */
export function loading(what: string) {
  const keyCharsMin = 10;
  return {
    reference: z
      .string()
      .min(1)
      .meta({ says: `token / ${what} reference invalid` })
      .optional(),
    id: z.string().min(1).optional(),
    secretKey: z.string().min(keyCharsMin).optional(),
    password: z.string().min(1).optional(),
  };
}

/** Filters of what may be protected by a password. */
export const protectionFilters = [
  "passwordProtection",
  "passwordProtection.password",
  "passwordProtection.passwordIsPin",
  "passwordProtection.passwordLocationIndicator",
] as const;
