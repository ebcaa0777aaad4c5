// What was delivered to webhook targets lately (Rapport's own).
import { z } from "zod";
import { table } from "../operation.ts";
import { anyObject } from "../shapes/values.ts";

/** Routes of deliveries. */
export const deliveryOperations = table({
  getWebhookDeliveries: {
    tag: "Webhooks",
    scopes: ["rapport:webhooks"],
    mounts: ["own"],
    method: "GET",
    path: "/Webhooks/Deliveries",
    summary: "The last calls of each webhook target since the start, the newest first; no bodies, no addresses.",
    query: z.strictObject({ target: z.string().optional() }),
    success: 200,
    result: z.array(anyObject),
  },
});
