// Properties in a file: as JSON (docs/prove-rules.md), or a module whose named exports are properties.
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { RapportError } from "rapport";
import { type PropertyConfig, type PropertyFunction, readPropertyFile } from "rapport/proof";
import { naming, readJson } from "./rules-file.ts";

/** Reads the properties. Fault: `input.invalid`, naming the file. */
export function readProperties(file: string): Promise<readonly (PropertyConfig | PropertyFunction)[]> {
  return naming(file, async () =>
    /\.[mc]?[jt]s$/.test(file) ? exportedBy(file) : readPropertyFile(await readJson(file)),
  );
}

async function exportedBy(file: string): Promise<readonly (PropertyConfig | PropertyFunction)[]> {
  let module: { readonly [name: string]: unknown };
  try {
    module = await import(pathToFileURL(resolve(file)).href);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RapportError("input.invalid", `The module cannot be loaded (${reason}).`, { cause });
  }
  const named = Object.entries(module).filter(([name]) => name !== "default" && name !== "module.exports");
  if (named.length > 0) return named.map(([name, given]) => propertyOf(name, given));
  throw new RapportError(
    "input.invalid",
    "The module must export properties by name: functions of a judged Request, or objects as in a property file.",
  );
}

function propertyOf(name: string, given: unknown): PropertyConfig | PropertyFunction {
  if (typeof given === "function") return { name, holds: given as PropertyFunction["holds"] };
  if (typeof given === "object" && given !== null) return { name, ...given };
  throw new RapportError("input.invalid", `The export ${name} must be a function, or an object as in a property file.`);
}
