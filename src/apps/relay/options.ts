// Where settings come from: flags, the environment, a file, in this order of precedence.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { RapportError } from "rapport/core";
import { type Settings, settingsShape } from "./settings.ts";

/** What the command line asks for. */
export interface Options {
  readonly settings: Settings;
  readonly json: boolean;
  readonly help: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;
type Given = Readonly<Record<string, unknown>>;

const lists: readonly string[] = ["host", "client"];
/** Only a file has room for them. */
const inFileOnly: readonly string[] = ["quotas"];
const names = Object.keys(settingsShape.shape).filter((name) => !inFileOnly.includes(name));

/** Reads all three. Throws `input.invalid` that lists everything wrong at once. */
export function readOptions(words: readonly string[], environment: Environment): Options {
  const flags = flagsIn(words);
  const { json = false, help = false, config = environment[variableOf("config")], ...given } = flags;
  const file = typeof config === "string" ? fileAt(config) : {};
  const sources = [
    { nameOf: flagOf, given },
    { nameOf: variableOf, given: environmentIn(environment) },
    { nameOf: (name: string) => `"${name}" in ${config}`, given: file },
  ];
  const merged: Given = Object.assign({}, ...sources.toReversed().map((source) => source.given));
  const read = settingsShape.safeParse(merged);
  if (read.success) return { settings: read.data, json: json === true, help: help === true };
  const problems = read.error.issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") return issue.keys.map((key) => `"${key}" in ${config} is not an option`);
    const [name = "", ...rest] = issue.path.map(String);
    const nameOf = sources.find((source) => Object.hasOwn(source.given, name))?.nameOf ?? flagOf;
    const within = rest.length === 0 || lists.includes(name) ? "" : ` (${rest.join(".")})`;
    return [`${nameOf(name)}${within} ${issue.message}`];
  });
  throw new RapportError("input.invalid", `${[...new Set(problems)].join("; ")}.`, { details: { problems } });
}

function flagsIn(words: readonly string[]): Given {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const own = names.map((name): [string, { type: "string" | "boolean"; multiple?: boolean }] => {
    if (name === "trustProxy") return [kebab(name), flag];
    return [kebab(name), lists.includes(name) ? { ...text, multiple: true } : text];
  });
  const options = { ...Object.fromEntries(own), config: text, json: flag, help: { ...flag, short: "h" } };
  try {
    const { values } = parseArgs({ args: [...words], options, strict: true, allowPositionals: false });
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [camel(name), value]));
  } catch (problem) {
    const [reason = ""] = (problem instanceof Error ? problem.message : String(problem)).split(/\.\s/);
    throw new RapportError(
      "input.invalid",
      `${reason.replace(/\.$/, "")}. Run "rapport relay --help" for the options.`,
    );
  }
}

function environmentIn(environment: Environment): Given {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = environment[variableOf(name)];
      if (value === undefined || value === "") return [];
      return [[name, lists.includes(name) ? value.split(",") : value]];
    }),
  );
}

function fileAt(path: string): Given {
  const read = () => {
    try {
      return readFileSync(path, "utf8");
    } catch (cause) {
      throw new RapportError("input.invalid", `--config: ${path} cannot be read.`, { cause });
    }
  };
  const text = read();
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Said below: the parser's words may repeat a secret of the file.
  }
  throw new RapportError("input.invalid", `--config: ${path} must have one JSON object.`);
}

function flagOf(name: string): string {
  return `--${kebab(name)}`;
}

function variableOf(name: string): string {
  return `RAPPORT_RELAY_${kebab(name).replaceAll("-", "_").toUpperCase()}`;
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function camel(name: string): string {
  return name.replace(/-([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}
