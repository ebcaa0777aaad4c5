// What was delivered to webhook targets lately (Rapport's own).
import { type HandlersOf, result } from "../handler.ts";
import type { deliveryOperations } from "../operations/deliveries.ts";

/** Carries out the routes of deliveries. */
export const deliveryHandlers: HandlersOf<typeof deliveryOperations> = {
  getWebhookDeliveries: async ({ account, query: { target }, connector }) => {
    const all = connector.webhookDeliveries?.(typeof target === "string" ? target : undefined) ?? [];
    return result(all.filter((one) => one.account === account.address).map((one) => ({ ...one })));
  },
};
