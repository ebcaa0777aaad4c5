// Checks by JSON schemas, in the words that published clients know (spec/connector-api.md 2.2).
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { isIsoDate, RapportError } from "rapport/core";
import { z } from "zod";

/** Throws when a value does not have the shape. */
export type Check = (value: unknown) => void;

/** Compiles shapes. Each is compiled once. */
export interface Schemas {
  checkOf(shape: z.ZodType): Check;
}

/** Makes the compiler. */
export function createSchemas(): Schemas {
  const ajv = new Ajv({ strict: false, verbose: true, logger: false, formats: { iso8601: isIsoDate } });
  const checkByShape = new Map<z.ZodType, Check>();
  return {
    checkOf: (shape) => {
      const known = checkByShape.get(shape) ?? checkBy(ajv.compile(jsonSchemaOf(shape)));
      checkByShape.set(shape, known);
      return known;
    },
  };
}

/** The JSON schema of what may be sent. */
export function jsonSchemaOf(shape: z.ZodType): Record<string, unknown> {
  return z.toJSONSchema(shape, { io: "input", unrepresentable: "any", target: "draft-7" });
}

function checkBy(validate: ValidateFunction): Check {
  return (value) => {
    if (validate(value)) return;
    const [first] = validate.errors ?? [];
    const message = first === undefined ? "is not valid" : messageOf(first);
    throw new RapportError("error.runtime.validation.invalidPropertyValue", message);
  };
}

function messageOf(error: ErrorObject): string {
  const pointer = error.instancePath.replace(/^\//, "");
  return saidBy(error) ?? `${pointer} ${reasonOf(error)}`.replaceAll('"', "").trim();
}

function reasonOf({ keyword, params, message = "is not valid" }: ErrorObject): string {
  if (keyword === "format" && params.format === "iso8601") return "must match ISO8601 datetime format";
  return message;
}

/** A shape may have one message for everything that is wrong with it. */
function saidBy({ keyword, params, parentSchema }: ErrorObject): string | undefined {
  const schema = keyword === "required" ? parentSchema?.properties?.[params.missingProperty] : parentSchema;
  return typeof schema?.says === "string" ? schema.says : undefined;
}
