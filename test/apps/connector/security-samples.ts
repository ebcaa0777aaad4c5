// What a hostile caller sends: bodies that fit a route but for one value.
import { z } from "zod";
import type { Operation } from "../../../src/apps/connector/operation.ts";

const longText = JSON.stringify("x".repeat(100_000));
const itemWith = (item: string) => `{"@type":"Request","items":[${item}]}`;

/** JSON texts that stand where another value is wanted. */
export const hostileValues: readonly string[] = [
  "null",
  "-1",
  "1e308",
  "9007199254740993",
  "true",
  '""',
  longText,
  "[]",
  "{}",
  "[null]",
  `[${longText}]`,
  "[[]]",
  "[".repeat(60) + "]".repeat(60),
  `${'{"a":'.repeat(60)}1${"}".repeat(60)}`,
  `[${Array(5_000).fill("1").join(",")}]`,
  '"\\u0000"',
  '"\\ud800"',
  '"../../etc/passwd"',
  '"a\\r\\nSet-Cookie: x=1"',
  '"constructor"',
  '"__proto__"',
  '{"constructor":{}}',
  '{"toString":1,"hasOwnProperty":1,"length":1e9,"then":"x","toJSON":"x"}',
  '{"@type":"constructor"}',
  '{"@type":"IdentityAttribute","owner":"x","value":{"@type":"toString","value":"a"}}',
  itemWith('{"@type":"__proto__"}'),
  itemWith(`{"@type":${longText}}`),
  `{"items":[{"@type":${longText}}]}`,
  `{"@type":${longText}}`,
  `{"value":{"@type":${longText},"value":"a"}}`,
  `{${longText}:1}`,
  itemWith('{"@type":"ReadAttributeRequestItem","mustBeAccepted":true,"query":{"@type":"constructor"}}'),
  '{"$gt":1}',
  '"9999-99-99T99:99:99Z"',
  '"+275760-09-13T00:00:00.000Z"',
];

/** Whole bodies that no route may take. */
export const refusedBodies: readonly string[] = [
  '{"__proto__":{"polluted":1}}',
  '{"a":{"__proto__":{"polluted":1}}}',
  '{"\\u005f_proto__":{"polluted":1}}',
  '{"constructor":{"prototype":{"polluted":1}}}',
  '{"a":[{"constructor":{"prototype":{"polluted":1}}}]}',
  "[".repeat(65) + "]".repeat(65),
  "[".repeat(100_000),
  `${'{"a":'.repeat(65)}1${"}".repeat(65)}`,
  "{",
  "\u0000",
  '{"a":1}{"b":2}',
  "NaN",
  "{'a':1}",
];

/** What stands for what a route wants, by the name of the member. */
export type Known = { readonly [name: string]: unknown };

type Schema = {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly format?: string;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
};

/** Bodies that fit the shape, each with one member replaced by each hostile value. */
export function nearlyRight(shape: NonNullable<Operation["body"]>, known: Known): readonly string[] {
  const schema = z.toJSONSchema(shape, { io: "input", unrepresentable: "any", target: "draft-7" }) as Schema;
  return (schema.anyOf ?? [schema]).flatMap((form) => {
    const whole = sampleOf(form, known, "");
    if (typeof whole !== "object" || whole === null) return [];
    return Object.keys(whole).flatMap((member) =>
      hostileValues.map((value) => JSON.stringify({ ...whole, [member]: "@" }).replace('"@"', () => value)),
    );
  });
}

function sampleOf(schema: Schema, known: Known, name: string): unknown {
  if (schema.anyOf?.[0] !== undefined) return sampleOf(schema.anyOf[0], known, name);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  if (known[name] !== undefined) return known[name];
  if (schema.type === "array") return [sampleOf(schema.items ?? {}, known, name)];
  if (schema.type === "number" || schema.type === "integer") return 1;
  if (schema.type === "boolean") return true;
  if (schema.type === "string")
    return schema.format === "iso8601" ? "2040-01-01T00:00:00.000Z" : textFor(schema, known);
  const members = Object.entries(schema.properties ?? {});
  return Object.fromEntries(members.map(([member, inner]) => [member, sampleOf(inner, known, member)]));
}

function textFor({ pattern = "" }: Schema, known: Known): unknown {
  const prefix = /^([A-Z]{3})\[/.exec(pattern)?.[1];
  return prefix === undefined ? "text" : (known[prefix] ?? prefix + "A".repeat(17));
}
