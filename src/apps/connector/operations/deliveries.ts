// What was delivered to webhook targets lately (Rapport's own).
import { z } from "zod";
import { table } from "../operation.ts";

const delivery = z.looseObject({
  target: z.string(),
  at: z.string(),
  eventId: z.string(),
  trigger: z.string(),
  account: z.string(),
  attempt: z.int(),
  outcome: z.enum(["delivered", "failed"]),
  status: z.int().optional(),
  durationMs: z.int(),
  problem: z.string().optional(),
});

/** Routes of deliveries. */
export const deliveryOperations = table({
  getWebhookDeliveries: {
    tag: "Webhooks",
    scopes: ["rapport:webhookDeliveries"],
    mounts: ["own"],
    method: "GET",
    path: "/WebhookDeliveries",
    summary: "The last calls of each webhook target of this process, the newest first; no bodies, no addresses.",
    query: z.strictObject({ target: z.string().optional() }),
    success: 200,
    result: z.array(delivery),
  },
});
