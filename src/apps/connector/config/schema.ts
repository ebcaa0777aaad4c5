// The configuration as a JSON schema, and all its keys as a list.
import { z } from "zod";
import { configShape } from "./shape.ts";
import type { Path } from "./trees.ts";

/** What is read of a JSON schema here. */
export interface JsonSchema {
  readonly type?: string;
  readonly properties?: { readonly [name: string]: JsonSchema };
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
}

/** One key, or the place of keys that have names of one's own (`*`). */
export interface ConfigKey {
  readonly path: Path;
  readonly schema: JsonSchema;
  readonly isRequired: boolean;
}

/** The schema of what may be written in a configuration file. */
export function configJsonSchema(): JsonSchema {
  const title = "Configuration of a Rapport Connector";
  const made = z.toJSONSchema(configShape, { io: "input", target: "draft-7" });
  return { title, ...made } as JsonSchema;
}

/** Every key with a value of its own, in the order of the shape. */
export function configKeys(schema: JsonSchema = configJsonSchema()): readonly ConfigKey[] {
  return keysBelow({ path: [], schema, isRequired: true });
}

function keysBelow(key: ConfigKey): readonly ConfigKey[] {
  const below = membersOf(key);
  const deeper = below.flatMap((one) => (isFork(one) ? [one, ...keysBelow(one)] : keysBelow(one)));
  return below.length === 0 ? [key] : deeper;
}

// A list of objects, or a value that may also be an object: it has a row of its own besides those of its members.
function isFork({ schema }: ConfigKey): boolean {
  return schema.properties === undefined && membersOf({ path: [], schema, isRequired: false }).length > 0;
}

function membersOf({ path, schema }: ConfigKey): readonly ConfigKey[] {
  const { properties = {}, required = [], additionalProperties: other, items } = schema;
  const named = Object.entries(properties).map(([name, inner]) => ({
    path: [...path, name],
    schema: inner,
    isRequired: required.includes(name) && inner.default === undefined,
  }));
  const free = isOwn(other) ? [{ path: [...path, "*"], schema: other, isRequired: false }] : [];
  const inList =
    items === undefined || !isObject(items)
      ? []
      : membersOf({ path: [...path, "[]"], schema: items, isRequired: false });
  const forms = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].filter(isObject);
  const inForms = forms.flatMap((form) => membersOf({ path: labelled(path, form), schema: form, isRequired: false }));
  return [...named, ...free, ...inList, ...inForms];
}

function labelled(path: Path, { properties = {} }: JsonSchema): Path {
  const kind = properties["type"]?.const;
  if (typeof kind !== "string") return path;
  return [...path.slice(0, -1), `${path.at(-1) ?? ""}<${kind}>`];
}

function isObject(schema: JsonSchema): boolean {
  return schema.properties !== undefined || [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].some(isObject);
}

function isOwn(other: JsonSchema | boolean | undefined): other is JsonSchema {
  return typeof other === "object" && Object.keys(other).length > 0;
}
