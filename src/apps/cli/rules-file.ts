// Rules in a file: a table as JSON, or a module that exports `rules`, an array of plugins.
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { RapportError } from "rapport";
import { createHost, ItemKind, type ItemKindPort, type Plugin, Rule, type RulePort } from "rapport/core";
import { platformNode } from "rapport/plugins/platform-node";
import { createRuleTable, type RuleTableConfig } from "rapport/plugins/rules-table";

/** The rules of a file, and the kinds of items that come with them. */
export interface RulesFile extends AsyncDisposable {
  readonly rules: readonly RulePort[];
  readonly itemKinds: readonly ItemKindPort[];
}

/** Reads the rules. Throws `input.invalid`, `rules.invalid` and what the table has of its own, naming the file. */
export async function readRules(file: string): Promise<RulesFile> {
  try {
    if (/\.[mc]?js$/.test(file)) return rulesOf(await pluginsIn(file));
    const { rule } = createRuleTable((await readJson(file)) as RuleTableConfig);
    return { rules: [rule], itemKinds: [], [Symbol.asyncDispose]: async () => undefined };
  } catch (problem) {
    if (!(problem instanceof RapportError)) throw problem;
    const { code, message, details, cause } = problem;
    throw new RapportError(code, message.includes(file) ? message : `${file}: ${message}`, { details, cause });
  }
}

/** The JSON in a file. Throws `input.invalid`. */
export async function readJson(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.replace(/, \w+ '.*'$/, "") : String(cause);
    throw new RapportError("input.invalid", `The file cannot be read (${reason}).`, { cause });
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RapportError("input.invalid", `This is not JSON (${reason}).`, { cause });
  }
}

async function pluginsIn(file: string): Promise<readonly Plugin[]> {
  let module: { readonly rules?: unknown; readonly default?: unknown };
  try {
    module = await import(pathToFileURL(resolve(file)).href);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RapportError("input.invalid", `The module cannot be loaded (${reason}).`, { cause });
  }
  const given = module.rules ?? module.default;
  const plugins = Array.isArray(given) ? given : [given];
  if (plugins.length > 0 && plugins.every(isPlugin)) return plugins;
  throw new RapportError("input.invalid", "The module must export `rules`: an array of plugins, such as ruleOf(...).");
}

function isPlugin(value: unknown): value is Plugin {
  return typeof value === "object" && value !== null && "name" in value && "register" in value;
}

function rulesOf(plugins: readonly Plugin[]): RulesFile {
  const host = createHost(plugins, [platformNode()]);
  return {
    rules: host.use(Rule),
    itemKinds: host.use(ItemKind),
    [Symbol.asyncDispose]: async () => host[Symbol.asyncDispose](),
  };
}
