/**
 * The modules that a configuration switches on (spec/connector-api.md 4.3), in the order in which they start.
 *
 * `request`, `notification` and `attributeListener` are what the engine does anyway; the server is `coreHttpApi`. Whether the
 * engine hears news of the relay by itself is the module `sse` (`isListening`).
 */
import type { ConnectorConfig } from "../config/shape.ts";
import { autoAcceptModule } from "./auto-accept.ts";
import { autoDecomposeModule } from "./auto-decompose.ts";
import { brokersModule } from "./brokers.ts";
import { deciderModule } from "./decider.ts";
import type { ConnectorModule, ModuleGround } from "./module.ts";
import { loadModule } from "./own-module.ts";
import { syncModule } from "./sync.ts";
import { webhooksModule } from "./webhooks.ts";

/** Makes the modules. Faults: those of their settings, `plugin.failed` for one of the user's own that cannot be loaded. */
export async function createModules(ground: ModuleGround): Promise<ConnectorModule[]> {
  const { config, log } = ground;
  const { modules } = config;
  for (const name of builtIn) {
    if (!modules[name].enabled)
      log.write("warn", `The module ${name} is part of the engine and cannot be switched off.`);
  }
  if (modules.sse.baseUrlOverride !== undefined)
    log.write("warn", "The setting modules.sse.baseUrlOverride has no effect: news come from the relay itself.");
  const made: ConnectorModule[] = [
    ...deciderModule(ground),
    ...autoAcceptModule(ground),
    ...webhooksModule(ground),
    ...brokersModule(ground),
    ...autoDecomposeModule(ground),
    ...syncModule(ground),
  ];
  for (const [name, settings] of Object.entries(modules)) {
    if (!known.has(name)) made.push(...(await loadModule({ name, settings }, ground)));
  }
  return made;
}

/** Whether the engine hears news of the relay by itself (module `sse`). */
export function isListening({ modules }: ConnectorConfig): boolean {
  return modules.sse.enabled;
}

const builtIn = ["request", "decider", "notification", "attributeListener"] as const;

const known: ReadonlySet<string> = new Set([
  ...builtIn,
  "coreHttpApi",
  "sync",
  "sse",
  "autoAcceptPendingRelationships",
  "autoAcceptRelationshipCreationChanges",
  "autoDecomposeDeletionProposedRelationships",
  "webhooks",
  "webhooksV2",
  "messageBrokerPublisher",
]);
