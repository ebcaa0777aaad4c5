// Accepts whatever Relationship a peer creates. It is a rule, so what it does is recorded and survives a crash.
import { type JsonObject, type Plugin, Rule } from "rapport/core";
import type { ConnectorModule, ModuleGround } from "./module.ts";

/** The module `autoAcceptPendingRelationships`, also under its older name, whose acceptances say something. */
export function autoAcceptModule({ config }: ModuleGround): ConnectorModule[] {
  const { autoAcceptPendingRelationships: plain, autoAcceptRelationshipCreationChanges: older } = config.modules;
  const content = older.enabled ? older.responseContent : undefined;
  if (!plain.enabled && !older.enabled) return [];
  const name = older.enabled ? "autoAcceptRelationshipCreationChanges" : "autoAcceptPendingRelationships";
  return [{ name, plugins: [acceptEverybody(name, content as JsonObject | undefined)] }];
}

function acceptEverybody(name: string, content: JsonObject | undefined): Plugin {
  const more = content === undefined ? {} : { content };
  return {
    name,
    register: ({ contribute }) =>
      contribute(Rule, () => ({
        name,
        source: { accept: true, ...more },
        judgeRelationship: () => ({ verdict: "accept", reason: "every Relationship is accepted", ...more }),
      })),
  };
}
