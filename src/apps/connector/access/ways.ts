// The ways to prove who calls that a configuration has switched on.
import type { ApiKeyConfig, JwtBearerConfig, OidcConfig } from "../config/authentication-shape.ts";
import type { ConnectorConfig } from "../config/shape.ts";

type HttpServer = ConnectorConfig["infrastructure"]["httpServer"];

/** API keys by name, and where they are looked for. */
export interface ApiKeyWay {
  readonly headerName: string;
  readonly keys: { readonly [name: string]: ApiKeyConfig };
}

/** What is switched on; absent is what is off or has nothing in it. */
export interface Ways {
  readonly apiKey?: ApiKeyWay;
  readonly jwtBearer?: JwtBearerConfig;
  readonly oidc?: OidcConfig;
}

const headerNameDefault = "X-API-KEY";
// How the one key of older configurations is called in logs.
const olderKeyName = "apiKey";

/** The ways of a configuration. */
export function waysOf({ apiKey: olderKey, authentication }: Pick<HttpServer, "apiKey" | "authentication">): Ways {
  const { apiKey, jwtBearer, oidc } = authentication;
  const named = apiKey?.enabled === false ? {} : (apiKey?.keys ?? {});
  const older = olderKey === undefined ? {} : { [olderKeyName]: { key: olderKey, enabled: true } };
  const keys = { ...older, ...named };
  const headerName = apiKey?.headerName ?? headerNameDefault;
  return {
    ...(Object.values(keys).some(({ enabled }) => enabled) ? { apiKey: { headerName, keys } } : {}),
    ...(jwtBearer?.enabled === true ? { jwtBearer } : {}),
    ...(oidc?.enabled === true ? { oidc } : {}),
  };
}
