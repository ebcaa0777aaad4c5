import { Clock, type Plugin, Publisher } from "rapport/core";
import { createWebhooks, type WebhooksOptions } from "./publisher.ts";

/** Tells events by HTTP calls. Faults: those of the configuration, when the engine starts. */
export function webhooksPublisher(options: WebhooksOptions): Plugin {
  return {
    name: "publisher-webhooks",
    register: ({ contribute }) =>
      contribute(Publisher, (use) => createWebhooks({ ...options, clock: options.clock ?? use(Clock) })),
  };
}
