// Decides Requests by the automation of the configuration (spec/connector-api.md 4.5).
import { type Generation, type RuleTableConfig, rulesTable } from "rapport/plugins/rules-table";
import type { ConnectorModule, ModuleGround } from "./module.ts";

/** The module `decider`, unless its automation is empty: then people decide. */
export function deciderModule({ config }: ModuleGround): ConnectorModule[] {
  const { automationConfig, neverAutomatic } = config.modules.decider;
  if (automationConfig.length === 0) return [];
  // The table checks what it is given, with messages that name the entry.
  const table = automationConfig as unknown as RuleTableConfig;
  const never = neverAutomatic === undefined ? {} : { neverAutomatic };
  const plugin = rulesTable({ config: table, name: "decider", generation: generationOf(config), ...never });
  return [{ name: "decider", plugins: [plugin] }];
}

// Clients of the older generations know the older rules; the others the newer.
function generationOf({ modules }: ModuleGround["config"]): Generation {
  const { profile } = modules.coreHttpApi;
  return profile === "gen1" || profile === "gen2" ? "O" : "N";
}
