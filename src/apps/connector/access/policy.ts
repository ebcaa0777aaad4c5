// What is wrong with who may call, before anybody calls.

import type { ConnectorConfig } from "../config/shape.ts";
import { isTree, type Path, type Problem, type Tree, valueAt } from "../config/trees.ts";
import { flag } from "../config/values.ts";
import { hasExpired } from "./api-keys.ts";
import { bearerAlgorithms } from "./bearer.ts";
import { isScope, scopeCatalogue, scopesOpen } from "./scopes.ts";
import { waysOf } from "./ways.ts";

const server: Path = ["infrastructure", "httpServer"];
const block: Path = [...server, "authentication"];
const keyCharsMin = 30;

/** Everything that can be told from the settings alone, also when others of them have the wrong kind. */
export function accessProblems(tree: unknown, nowMs: number): readonly Problem[] {
  return [...keyProblems(tree, nowMs), ...bearerProblems(tree), ...loginProblems(tree)];
}

/** Why a Connector with these settings may not open its door. */
export function doorProblems(config: ConnectorConfig): readonly Problem[] {
  const { debug, modules, infrastructure } = config;
  if (debug || !infrastructure.httpServer.enabled) return [];
  const { apiKey, jwtBearer, oidc } = waysOf(infrastructure.httpServer);
  const isOpen = apiKey === undefined && jwtBearer === undefined && oidc === undefined;
  const says = "names no way to prove who calls, so everybody could do everything: add an API key, jwtBearer or oidc";
  return [
    ...(isOpen ? [{ path: block, says }] : []),
    ...(modules.coreHttpApi.docs.enabled
      ? [{ path: ["modules", "coreHttpApi", "docs", "enabled"], says: "is for debug mode only" }]
      : []),
  ];
}

/** What an operator should know, although it is allowed. */
export function accessWarnings(config: ConnectorConfig): readonly string[] {
  const { httpServer } = config.infrastructure;
  const { apiKey, jwtBearer, oidc } = waysOf(httpServer);
  const isOpen = apiKey === undefined && jwtBearer === undefined && oidc === undefined;
  const older = httpServer.apiKey === undefined ? [] : weaknessesOf(httpServer.apiKey);
  const idle = Object.entries(apiKey?.keys ?? {}).flatMap(([name, { scopes = [] }]) =>
    scopes
      .filter((scope) => !scopeCatalogue.some((one) => scopesOpen([scope], [one])))
      .map((scope) => `${scope} (${name})`),
  );
  return [
    ...(isOpen ? ["Debug mode without authentication: whoever reaches this port may do everything."] : []),
    ...(older.length === 0 ? [] : [`infrastructure.httpServer.apiKey is weak: ${older.join(", ")}.`]),
    ...(idle.length === 0 ? [] : [`Scopes of API keys that open no route of ours: ${idle.join(", ")}.`]),
    ...(oidc !== undefined && oidc.rolesPath === undefined
      ? ["oidc has no rolesPath: whoever logs in has no role and may do nothing."]
      : []),
  ];
}

function keyProblems(tree: unknown, nowMs: number): readonly Problem[] {
  const keys = valueAt(tree, [...block, "apiKey", "keys"]);
  if (!isTree(keys) || !isOn(valueAt(tree, [...block, "apiKey"]))) return [];
  const owners = new Map<unknown, string>();
  const older = valueAt(tree, [...server, "apiKey"]);
  if (older !== undefined) owners.set(older, [...server, "apiKey"].join("."));
  return Object.entries(keys).flatMap(([name, entry]) => {
    const path = [...block, "apiKey", "keys", name];
    const key = valueAt(entry, ["key"]);
    if (!isTree(entry) || typeof key !== "string") return [];
    const owner = owners.get(key);
    owners.set(key, path.join("."));
    const same = owner === undefined ? [] : [{ path: [...path, "key"], says: `is the same key as ${owner}` }];
    return [...same, ...(isOn(entry) ? entryProblems(entry, { path, key, nowMs }) : [])];
  });
}

interface Entry {
  readonly path: Path;
  readonly key: string;
  readonly nowMs: number;
}

function entryProblems(entry: Tree, { path, key, nowMs }: Entry): readonly Problem[] {
  const weaknesses = weaknessesOf(key);
  const expiresAt = entry["expiresAt"];
  const scopes = Array.isArray(entry["scopes"]) ? entry["scopes"].map(String) : [];
  return [
    ...(weaknesses.length === 0 ? [] : [{ path: [...path, "key"], says: `is too weak: ${weaknesses.join(", ")}` }]),
    ...(typeof expiresAt === "string" && hasExpired({ expiresAt }, nowMs)
      ? [{ path: [...path, "expiresAt"], says: "has passed: take the key out, disable it or renew it" }]
      : []),
    ...scopes
      .map((scope, index) => ({ scope, path: [...path, "scopes", String(index)] }))
      .filter(({ scope }) => !isScope(scope))
      .map((one) => ({ path: one.path, says: "must be segments with colons between, such as core:requests:* or **" })),
  ];
}

/** What a key lacks. */
export function weaknessesOf(key: string): readonly string[] {
  const count = (kind: RegExp) => key.match(kind)?.length ?? 0;
  return [
    ...(key.length < keyCharsMin ? [`it needs at least ${keyCharsMin} characters`] : []),
    ...(count(/[0-9]/g) < 2 ? ["it needs at least 2 digits"] : []),
    ...(count(/[A-Z]/g) < 2 ? ["it needs at least 2 capital letters"] : []),
    ...(count(/[a-z]/g) < 2 ? ["it needs at least 2 small letters"] : []),
    ...(count(/[^A-Za-z0-9]/g) < 1 ? ["it needs at least 1 special character"] : []),
    ...(/^[\x21-\x7e]*$/.test(key) ? [] : ["it has characters that no header can carry"]),
  ];
}

function bearerProblems(tree: unknown): readonly Problem[] {
  const path = [...block, "jwtBearer"];
  const bearer = valueAt(tree, path);
  if (!isTree(bearer) || !isOn(bearer)) return [];
  const algorithms = [bearer["tokenSigningAlg"] ?? []].flat().map(String);
  const wrong = algorithms.filter((one) => !bearerAlgorithms.includes(one));
  return [
    ...addressProblems(tree, [...path, "issuerBaseURL"]),
    ...addressProblems(tree, [...path, "jwksUri"]),
    ...(wrong.length === 0
      ? []
      : [
          {
            path: [...path, "tokenSigningAlg"],
            says: `must be of ${bearerAlgorithms.join(", ")}: others can be forged`,
          },
        ]),
  ];
}

function loginProblems(tree: unknown): readonly Problem[] {
  const path = [...block, "oidc"];
  const login = valueAt(tree, path);
  if (!isTree(login) || !isOn(login)) return [];
  const scope = login["scope"];
  return [
    ...addressProblems(tree, [...path, "issuerBaseURL"]),
    ...addressProblems(tree, [...path, "baseURL"]),
    ...(typeof scope === "string" && !scope.split(" ").includes("openid")
      ? [{ path: [...path, "scope"], says: "must have openid in it" }]
      : []),
  ];
}

// Whoever can change what an issuer says can log in as anybody.
function addressProblems(tree: unknown, path: Path): readonly Problem[] {
  const address = valueAt(tree, path);
  if (typeof address !== "string") return [];
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === "https:") return [];
  const isHere = url?.protocol === "http:" && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (isHere || (url?.protocol === "http:" && flag.safeParse(valueAt(tree, ["debug"])).data === true)) return [];
  return [{ path, says: "must be an https address; http is for this machine and debug mode" }];
}

function isOn(settings: unknown): boolean {
  const enabled = valueAt(settings, ["enabled"]);
  return enabled === undefined || flag.safeParse(enabled).data === true;
}
