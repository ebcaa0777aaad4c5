// Modules that users write themselves: a file that exports `createModule`.
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { fault } from "rapport/core";
import type { ConnectorModule, CreateModule, ModuleGround } from "./module.ts";

/** Loads a module and makes it, unless it is switched off. A path is taken from the current folder. */
export async function loadModule(
  { name, settings }: { readonly name: string; readonly settings: unknown },
  ground: ModuleGround,
): Promise<ConnectorModule[]> {
  if (!isLocated(settings) || settings.enabled === false) return [];
  const { location } = settings;
  const loaded = await imported(name, location);
  const createModule = "createModule" in loaded ? loaded.createModule : undefined;
  if (!isMaker(createModule))
    throw fault("plugin.failed", `The module "${name}" (${location}) must export a function createModule.`);
  try {
    return [await createModule(settings, ground)];
  } catch (cause) {
    throw fault("plugin.failed", `The module "${name}" could not be made; see the cause.`, { cause });
  }
}

async function imported(name: string, location: string): Promise<object> {
  try {
    return await import(pathToFileURL(resolve(location)).href);
  } catch (cause) {
    throw fault("plugin.failed", `The module "${name}" could not be loaded from ${location}; see the cause.`, {
      cause,
    });
  }
}

function isLocated(settings: unknown): settings is { readonly location: string; readonly enabled?: unknown } {
  return typeof settings === "object" && settings !== null && "location" in settings;
}

function isMaker(value: unknown): value is CreateModule {
  return typeof value === "function";
}
