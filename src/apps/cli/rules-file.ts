// Rules in a file: a table as JSON, by itself or as `{ config, options }`, or a module that exports `rules`.
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { RapportError } from "rapport";
import { createHost, ItemKind, type ItemKindPort, type Plugin, Rule, type RulePort } from "rapport/core";
import { platformNode } from "rapport/plugins/platform-node";
import { createRuleTable, type RuleTableConfig, type RuleTableOptions } from "rapport/plugins/rules-table";

/** The rules of a file, and the kinds of items that come with them. */
export interface RulesFile extends AsyncDisposable {
  readonly rules: readonly RulePort[];
  readonly itemKinds: readonly ItemKindPort[];
}

/** Reads the rules. Throws `input.invalid`, `rules.invalid` and what the table has of its own, naming the file. */
export function readRules(file: string): Promise<RulesFile> {
  return naming(file, async () => {
    if (/\.[mc]?js$/.test(file)) return rulesOf(await pluginsIn(file));
    const { config, options } = await readTable(file);
    const { rule } = createRuleTable(config, options);
    return { rules: [rule], itemKinds: [], [Symbol.asyncDispose]: async () => undefined };
  });
}

/** Does work on a file; what it throws names the file. */
export async function naming<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (problem) {
    if (!(problem instanceof RapportError)) throw problem;
    const { code, message, details, cause } = problem;
    throw new RapportError(code, message.startsWith(`${file}: `) ? message : `${file}: ${message}`, { details, cause });
  }
}

/** A table and how it is read; what decision records keep of a table has this form, too. */
export async function readTable(file: string): Promise<{ config: RuleTableConfig; options: RuleTableOptions }> {
  const json = await readJson(file);
  const { config, options = {}, ...more } = Object(json) as Partial<Awaited<ReturnType<typeof readTable>>>;
  if (config === undefined) return { config: json as RuleTableConfig, options: {} };
  const [odd] = Object.keys(more);
  if (odd !== undefined) {
    throw new RapportError("input.invalid", `Beside config there may be options, but no "${odd}".`);
  }
  if (typeof options !== "object" || options === null) {
    throw new RapportError("input.invalid", "options must be an object.");
  }
  return { config, options };
}

/** Reads a file of JSON. Fault: `input.invalid`. */
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
  if (plugins.length > 0 && plugins.every((one) => isPlugin(one) || isRule(one))) return plugins.map(asPlugin);
  throw new RapportError(
    "input.invalid",
    "The module must export `rules`: an array of rules, or of plugins with some.",
  );
}

function asPlugin(given: Plugin | RulePort): Plugin {
  if (isPlugin(given)) return given;
  return { name: `rule ${given.name}`, register: ({ contribute }) => contribute(Rule, () => given) };
}

function isRule(value: unknown): value is RulePort {
  return typeof value === "object" && value !== null && ("judgeRequest" in value || "judgeRelationship" in value);
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
