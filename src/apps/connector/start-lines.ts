// What a Connector says when it has started: for people in lines, for programs as one object.
import { createRequire } from "node:module";
import { accessWarnings } from "./access/policy.ts";
import { waysOf } from "./access/ways.ts";
import type { ConnectorConfig } from "./config/shape.ts";
import { placeOf } from "./opening.ts";

const manifest: { readonly version: string } = createRequire(import.meta.url)("rapport/package.json");

/** What there is to say. */
export interface Started {
  readonly config: ConnectorConfig;
  readonly urls: readonly string[];
  readonly identities: readonly { readonly name: string; readonly prefix: string; readonly address: string }[];
  readonly file?: string;
}

/** The object of `--json`. */
export function startObject({ config, urls, identities, file }: Started): object {
  return {
    version: manifest.version,
    listening: urls,
    identities,
    relay: config.transportLibrary.baseUrl,
    store: placeOf(config.database),
    profile: config.modules.coreHttpApi.profile,
    modules: modulesOf(config),
    debug: config.debug,
    config: file ?? null,
    warnings: accessWarnings(config),
  };
}

const labelWidth = 12;

/** The lines for people. */
export function startLines({ config, urls, identities, file }: Started): readonly string[] {
  const line = (name: string, text: string) => `  ${name.padEnd(labelWidth)}${text}`;
  const { baseUrl, platformClientId } = config.transportLibrary;
  const { port } = config.infrastructure.httpServer;
  const why = port === undefined && urls.length > 0 ? " (no port is configured)" : "";
  return [
    `rapport connector ${manifest.version}${config.debug ? ", in debug mode" : ""}`,
    line("listens", urls.length === 0 ? "nowhere: infrastructure.httpServer is off" : `${urls.join(", ")}${why}`),
    ...identities.map(({ name, prefix, address }) =>
      line("identity", `${address} (${name}${prefix === "" ? "" : `, under ${prefix}`})`),
    ),
    line("relay", `${baseUrl} as client ${platformClientId}`),
    line("store", placeOf(config.database)),
    line("profile", `${config.modules.coreHttpApi.profile} under /api/v2, gen3 under /api/core/v1`),
    line("modules", modulesOf(config).join(", ")),
    line("callers", callersOf(config)),
    line("config", file ?? "no file: command line and environment"),
    ...accessWarnings(config).map((warning) => line("warning", warning)),
    line("stop", "Ctrl+C, or SIGTERM"),
  ];
}

function modulesOf({ modules }: ConnectorConfig): readonly string[] {
  const on = Object.entries(modules).filter(([, settings]) => settings !== undefined && settings.enabled !== false);
  return on.map(([name]) => name);
}

function callersOf({ infrastructure }: ConnectorConfig): string {
  const { apiKey, jwtBearer, oidc } = waysOf(infrastructure.httpServer);
  const ways = [
    ...(apiKey === undefined ? [] : [`API keys in ${apiKey.headerName} (${Object.keys(apiKey.keys).join(", ")})`]),
    ...(jwtBearer === undefined ? [] : [`tokens of ${jwtBearer.issuerBaseURL}`]),
    ...(oidc === undefined ? [] : [`logins at ${oidc.issuerBaseURL}`]),
  ];
  return ways.length === 0 ? "everybody" : ways.join("; ");
}
