// Values from the environment (spec/connector-api.md 4.1).
import { configShape } from "./shape.ts";
import type { Leaf, Path } from "./trees.ts";

/** The variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Names of their own that older configurations use. */
export const aliases: Readonly<Record<string, Path>> = Object.freeze({
  DATABASE_NAME: ["database", "dbName"],
  DATABASE_CONNECTION_STRING: ["database", "connectionString"],
  SYNC_ENABLED: ["modules", "sync", "enabled"],
  PLATFORM_CLIENT_ID: ["transportLibrary", "platformClientId"],
  PLATFORM_CLIENT_SECRET: ["transportLibrary", "platformClientSecret"],
  API_KEY: ["infrastructure", "httpServer", "apiKey"],
  DEBUG: ["debug"],
});

const topLevel: ReadonlySet<string> = new Set(Object.keys(configShape.shape).filter((name) => name !== "$schema"));

/** The name of a variable for a key: the names of the path with two underscores between. */
export function variableOf(path: Path): string {
  return path.join("__");
}

/** The values for the configuration; everything that does not begin with a key of it belongs to somebody else. */
export function environmentLeaves(environment: Environment): readonly Leaf[] {
  const given = Object.entries(environment).filter((entry): entry is [string, string] => (entry[1] ?? "") !== "");
  const byAlias = given.flatMap(([name, raw]) => {
    const path = Object.hasOwn(aliases, name) ? aliases[name] : undefined;
    return path === undefined || isSomebodyElses(name, raw) ? [] : [leafOf(path, { name, raw })];
  });
  const byName = given.flatMap(([name, raw]) => {
    const path = name.split(/__|:/);
    return topLevel.has(path[0] ?? "") ? [leafOf(path, { name, raw })] : [];
  });
  return [...byAlias, ...byName];
}

/** A text as JSON if it is JSON, else as it is. */
export function parsedText(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return raw;
  }
}

function leafOf(path: Path, { name, raw }: { readonly name: string; readonly raw: string }): Leaf {
  return { path, value: parsedText(raw), raw, place: `environment variable ${name}` };
}

// Many programs read DEBUG, and most of them want a list of names in it.
function isSomebodyElses(name: string, raw: string): boolean {
  return name === "DEBUG" && !/^(true|false|1|0|yes|no|on|off)$/i.test(raw);
}
