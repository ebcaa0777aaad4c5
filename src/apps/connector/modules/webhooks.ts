// Tells events to webhook targets (spec/connector-api.md 4.4).
import { createWebhooks } from "rapport/plugins/publisher-webhooks";
import type { ModulesConfig } from "../config/modules-shape.ts";
import { contributed } from "./contributed.ts";
import { createProfileShape } from "./event-shape.ts";
import type { ConnectorModule, ModuleGround } from "./module.ts";

/** The module `webhooks`, and the same under its older name `webhooksV2`; both may be on. */
export function webhooksModule(ground: ModuleGround): ConnectorModule[] {
  const { webhooks, webhooksV2 } = ground.config.modules;
  return [
    ...(webhooks.enabled ? [moduleOf("webhooks", webhooks, ground)] : []),
    ...(webhooksV2?.enabled === true ? [moduleOf("webhooksV2", webhooksV2, ground)] : []),
  ];
}

function moduleOf(name: string, settings: ModulesConfig["webhooks"], ground: ModuleGround): ConnectorModule {
  const { config, clock, log } = ground;
  const { targets, webhooks, attemptsMax, skipTlsCheck } = settings;
  if (skipTlsCheck) log.write("warn", `The module ${name} believes every certificate (skipTlsCheck).`);
  const { shape, start } = createProfileShape(config);
  const publisher = createWebhooks({
    ...{ name, targets, webhooks, skipTlsCheck, clock, shape },
    ...(attemptsMax === undefined ? {} : { attemptsMax }),
  });
  return {
    name,
    plugins: [contributed(name, publisher)],
    deliveries: publisher.deliveries,
    start: async ({ identities }) => start(identities),
    // Whoever waits for the start need not wait any longer.
    stop: async () => start([]),
  };
}
