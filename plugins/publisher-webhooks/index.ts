// The door "rapport/plugins/publisher-webhooks": events as signed HTTP calls.
export type { WebhookAuthentication, WebhooksConfig, WebhookTarget } from "./config.ts";
export type { WebhookDelivery } from "./deliveries.ts";
export { webhooksPublisher } from "./plugin.ts";
export { createWebhooks, type WebhookPublisher, type WebhooksOptions } from "./publisher.ts";
