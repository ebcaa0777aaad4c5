// Shapes of LocalRequests and of decisions on them (spec/connector-api.md 1.6, 1.7, 1.14).
import { requestFields } from "rapport";
import { z } from "zod";
import { address, anyObject, instant } from "./values.ts";

/** A LocalRequest as clients see it. */
export const localRequest = z.looseObject({
  id: z.string(),
  isOwn: z.boolean(),
  peer: address,
  createdAt: instant,
  status: z.string(),
  content: anyObject,
  source: z.strictObject({ type: z.string(), reference: z.string() }).optional(),
  response: anyObject.optional(),
  wasAutomaticallyDecided: z.literal(true).optional(),
});

/** Whether a Request may be created, accepted or rejected: a tree of the shape of the Request. */
export const validation = z.strictObject({
  isSuccess: z.boolean(),
  code: z.string().optional(),
  message: z.string().optional(),
  items: z.array(anyObject),
});

const itemDecision = z.looseObject({ accept: z.boolean() });

/** One decision per item of the Request, in order; a group holds those of its children. */
export const decision = z.strictObject({
  items: z.array(z.union([itemDecision, z.strictObject({ items: z.array(itemDecision) })])),
  decidedByAutomation: z.boolean().optional(),
});

/** What a Request may be created from. */
export const newRequest = z.strictObject({ content: anyObject, peer: address });

/** What LocalRequests can be asked by. */
export const requestFilter = { lenient: true, fields: Object.keys(requestFields) } as const;
