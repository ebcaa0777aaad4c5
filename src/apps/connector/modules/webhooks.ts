// Tells events to webhook targets (spec/connector-api.md 4.4).
import { createWebhooks, type WebhookPublisher } from "rapport/plugins/publisher-webhooks";
import type { ModulesConfig } from "../config/modules-shape.ts";
import { contributed } from "./contributed.ts";
import { createProfileShape } from "./event-shape.ts";
import type { ConnectorModule, ModuleGround } from "./module.ts";

/** The module `webhooks`, and the same under its older name `webhooksV2`; both may be on. */
export function webhooksModule(ground: ModuleGround): WebhooksModule[] {
  const { webhooks, webhooksV2 } = ground.config.modules;
  return [
    ...(webhooks.enabled ? [moduleOf("webhooks", webhooks, ground)] : []),
    ...(webhooksV2?.enabled === true ? [moduleOf("webhooksV2", webhooksV2, ground)] : []),
  ];
}

/** A module that remembers its last calls. */
export interface WebhooksModule extends ConnectorModule {
  readonly publisher: WebhookPublisher;
}

function moduleOf(name: string, settings: ModulesConfig["webhooks"], ground: ModuleGround): WebhooksModule {
  const { config, clock, log } = ground;
  const { targets, webhooks, skipTlsCheck } = settings;
  if (skipTlsCheck) log.write("warn", `The module ${name} believes every certificate (skipTlsCheck).`);
  const { shape, start } = createProfileShape(config);
  const publisher = createWebhooks({ name, targets, webhooks, skipTlsCheck, clock, shape });
  return {
    name,
    publisher,
    plugins: [contributed(name, publisher)],
    start: async ({ identities }) => start(identities),
    // Whoever waits for the start need not wait any longer.
    stop: async () => start([]),
  };
}
