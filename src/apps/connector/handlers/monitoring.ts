// What operators look at (spec/connector-api.md 1.2).
import { createRequire } from "node:module";
import type { Account } from "rapport";
import type { Json, JsonObject } from "rapport/core";
import type { Ask, HandlersOf, Reply } from "../handler.ts";
import type { monitoringOperations } from "../operations/monitoring.ts";
import { extended } from "../profiles/extended.ts";

/** Carries out the routes of monitoring. */
export const monitoringHandlers: HandlersOf<typeof monitoringOperations> = {
  getVersion: async (ask) => plain(versionFor(ask)),
  getRequestCounts: async ({ connector }) => plain(extended(connector.counts(), {})),
  getSupport: async (ask) =>
    plain({
      version: versionFor(ask),
      health: extended(await ask.connector.health(), {}),
      // It is made of what a configuration file holds.
      configuration: ask.connector.shownConfig() as Json,
      identityInfo: await identityInfoOf(ask.account),
    }),
};

function plain(body: Json): Reply {
  return { kind: "plain", body };
}

// The program's own manifest, from wherever it is installed.
const manifest: { readonly version: string } = createRequire(import.meta.url)("rapport/package.json");

// Packages carry no mark of the build that they are from.
const stamp = { version: manifest.version, build: "unknown", date: "unknown", commit: "unknown" } as const;

/** Closed schemas of earlier generations know no modules. */
function versionFor({ profile, connector }: Ask): JsonObject {
  const version = { ...stamp, runtimeVersion: manifest.version };
  if (profile.name !== "gen3") return version;
  const enabled = Object.entries<ModuleSettings>(connector.config.modules).filter(([, { enabled = false }]) => enabled);
  return {
    ...version,
    modules: Object.fromEntries(enabled.map(([name, { displayName = name }]) => [displayName, stamp])),
  };
}

type ModuleSettings = { readonly enabled?: unknown; readonly displayName?: string | undefined };

async function identityInfoOf(account: Account): Promise<JsonObject> {
  try {
    return await account.identityInfo();
  } catch (problem) {
    return { error: String(problem) };
  }
}
