// The page about every key, made of the schema: docs/connector-configuration.md.
import { aliases, variableOf } from "./environment.ts";
import { type ConfigKey, configKeys, type JsonSchema } from "./schema.ts";
import type { Path } from "./trees.ts";

/** The tables of all keys, one for each part of the configuration. */
export function configReference(): string {
  const keys = configKeys().filter(({ path, schema }) => !isRepeated(path) && schema.description !== undefined);
  const groups = [...new Set(keys.map(({ path }) => groupOf(path)))];
  const sections = groups.map((group) => {
    const rows = keys.filter(({ path }) => groupOf(path) === group).map(rowOf);
    return `## ${group}\n\n${table(["key", "value", "default", "meaning"], rows)}`;
  });
  return [...sections, `## Names in the environment\n\n${names()}`].join("\n\n");
}

// Modules have three keys in common, and some keys are described where they first stand.
function isRepeated(path: Path): boolean {
  const [top, module, name] = path;
  if (path.includes("target") && path.at(-1) !== "target") return true;
  if (top !== "modules") return false;
  if (module === "webhooksV2") return true;
  const isCommon = name === "displayName" || name === "location" || name === "requiredInfrastructure";
  return isCommon && module !== "request" && module !== "*";
}

function groupOf([top = "", second]: Path): string {
  if (top === "infrastructure") return "infrastructure.httpServer";
  if (top === "modules") return second === "*" ? "modules of your own" : "modules";
  return ["transportLibrary", "database", "logging", "accounts"].includes(top) ? top : "General";
}

function rowOf({ path, schema, isRequired }: ConfigKey): readonly string[] {
  return [
    `\`${nameOf(path)}\``,
    kindOf(schema),
    isRequired ? "**needed**" : defaultOf(schema),
    schema.description ?? "",
  ];
}

function nameOf(path: Path): string {
  return path
    .map((name) => (name === "*" ? "<name>" : name))
    .join(".")
    .replaceAll(".[]", "[]");
}

function kindOf(schema: JsonSchema): string {
  const { type, enum: values, const: only, items, anyOf = [], oneOf = [], properties, additionalProperties } = schema;
  if (only !== undefined) return `\`${String(only)}\``;
  if (values !== undefined) return values.map((value) => `\`${String(value)}\``).join(", ");
  const forms = [...anyOf, ...oneOf];
  if (forms.some(({ type: one }) => one === "boolean")) return "true or false";
  if (forms.some(({ type: kind }) => kind === "integer")) return numberOf(forms);
  if (forms.length > 0) return [...new Set(forms.map(kindOf))].join(" or ");
  if (type === "array") return items === undefined ? "list" : `list of ${kindOf(items)}s`;
  if (properties !== undefined || additionalProperties !== undefined) return "object";
  return type === "string" ? "text" : (type ?? "anything");
}

function numberOf(forms: readonly JsonSchema[]): string {
  const { minimum, maximum } = forms.find(({ type }) => type === "integer") ?? {};
  return `whole number, ${minimum} to ${maximum}`;
}

function defaultOf(schema: JsonSchema): string {
  return schema.default === undefined ? "" : `\`${JSON.stringify(schema.default)}\``;
}

function names(): string {
  const rows = Object.entries(aliases).map(([name, path]) => [`\`${name}\``, `\`${variableOf(path)}\``]);
  const words =
    "Every key has a name in the environment: its parts with two underscores (or a colon) between, as in " +
    "`infrastructure__httpServer__port` or `infrastructure:httpServer:port`. These names of older configurations are read, too:";
  return `${words}\n\n${table(["name", "means"], rows)}`;
}

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [row(head), row(head.map(() => "---")), ...lines.map(row)].join("\n");
}
