// Shapes of Messages (spec/connector-api.md 1.8, 1.14).
import { z } from "zod";
import { file } from "./exchanged.ts";
import { address, anyObject, instant } from "./values.ts";

const fields = {
  id: z.string(),
  isOwn: z.boolean(),
  content: anyObject,
  createdBy: address,
  createdByDevice: z.string(),
  createdAt: instant,
  recipients: z.array(
    z.strictObject({
      address,
      relationshipId: z.string().optional(),
      receivedAt: instant.optional(),
      receivedByDevice: z.string().optional(),
    }),
  ),
  wasReadAt: instant.optional(),
};

/** A Message as clients see it. */
export const message = z.looseObject({ ...fields, attachments: z.array(z.string()) });

/** The same with whole Files instead of their ids. */
export const messageWithAttachments = z.looseObject({ ...fields, attachments: z.array(file) });

/** What a Message may be sent from. */
export const newMessage = z.strictObject({
  recipients: z.array(address).min(1),
  content: z.unknown(),
  attachments: z.array(z.string()).optional(),
});
