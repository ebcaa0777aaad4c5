// The OpenAPI 3.1 description of the Connector, made from the contract.
import type { JsonObject } from "rapport/core";
import { z } from "zod";
import type { ConnectorConfig } from "../config/shape.ts";
import { type Mount, mountPaths, type Operation, type Produced } from "../operation.ts";

/** What is described. */
export interface Described {
  readonly contract: Readonly<Record<string, Operation>>;
  readonly config: ConnectorConfig;
  readonly version: string;
}

/** The document. */
export function openApiOf({ contract, config, version }: Described): JsonObject {
  const paths: Record<string, Record<string, unknown>> = {};
  const tags = new Set<string>();
  for (const [name, operation] of Object.entries(contract)) {
    if (operation.isDebug === true && !config.debug) continue;
    tags.add(operation.tag);
    for (const [at, mount] of operation.mounts.entries()) {
      const path = `${mountPaths[mount]}${operation.path}`.replace(/:(\w+)/g, "{$1}");
      const id = at === 0 ? name : `${name}_${mount}`;
      paths[path] = { ...paths[path], [operation.method.toLowerCase()]: operationOf(id, operation, mount) };
    }
  }
  return asJson({
    openapi: "3.1.0",
    info: { title: "Rapport Connector", version, license: { name: "MIT", identifier: "MIT" } },
    servers: [{ url: "../" }],
    tags: [...tags].toSorted().map((name) => ({ name })),
    paths,
    components: { schemas: { Error: errorSchema }, responses, securitySchemes: securityOf(config) },
  });
}

function operationOf(operationId: string, operation: Operation, mount: Mount): Record<string, unknown> {
  const { tag, summary, scopes, success } = operation;
  const generation = mount === "core" ? " Objects have the shapes of the third generation here." : "";
  const needs = scopes.length === 0 ? "" : `Opened by one of the scopes ${scopes.join(", ")}.${generation}`;
  return {
    operationId,
    tags: [tag],
    summary,
    ...(needs === "" ? { security: [] } : { description: needs, security: security.map((name) => ({ [name]: [] })) }),
    parameters: parametersOf(operation),
    ...bodyOf(operation),
    responses: { [success]: successOf(operation), default: { $ref: "#/components/responses/Error" } },
  };
}

const security = ["apiKey", "bearer"] as const;

function parametersOf({ method, path, params, query, filter }: Operation): readonly unknown[] {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name = ""]) => {
    return { name, in: "path", required: true, schema: schemaOf(params?.shape[name] as z.ZodType | undefined) };
  });
  const inQuery = Object.entries(query?.shape ?? {}).map(([name, shape]) => {
    const required = !z.safeParse(shape, undefined).success;
    return { name, in: "query", required, schema: schemaOf(shape as z.ZodType) };
  });
  const asked = new Set(inQuery.map(({ name }) => name));
  const filters = (filter?.fields ?? []).filter((name) => !asked.has(name));
  return [
    ...inPath,
    ...inQuery,
    ...filters.map((name) => ({ name, in: "query", description: filterHelp, schema: texts, ...repeated })),
    ...(filter === undefined ? [] : page),
    ...(method === "GET" ? [] : [idempotencyKey]),
  ];
}

const filterHelp = "x: equals; !x: differs; empty: is there; !: is not; >, >=, <, <=; ^ begins, $ ends, ~ contains.";
const texts = { type: "array", items: { type: "string" } };
const repeated = { style: "form", explode: true };
const page = [
  { name: "limit", in: "query", description: "At most so many.", schema: { type: "integer", minimum: 1 } },
  {
    name: "after",
    in: "query",
    description: "An id of the list: what comes after it. 404 if it is not there any more.",
    schema: { type: "string" },
  },
];
const idempotencyKey = {
  name: "Idempotency-Key",
  in: "header",
  description: "The same key with the same call gives the same result, and does nothing again.",
  schema: { type: "string", minLength: 1 },
};

function bodyOf({ body, form }: Operation): Record<string, unknown> {
  if (form !== undefined) {
    const schema = schemaOf(form);
    const properties = { ...(schema["properties"] as object), file: { type: "string", format: "binary" } };
    const required = [...((schema["required"] as string[] | undefined) ?? []), "file"];
    const whole = { ...schema, properties, required };
    return { requestBody: { required: true, content: { "multipart/form-data": { schema: whole } } } };
  }
  if (body === undefined) return {};
  return { requestBody: { content: { "application/json": { schema: schemaOf(body) } } } };
}

function successOf({ success, result, isPlain, produces = ["json"] }: Operation): Record<string, unknown> {
  if (success === 204) return { description: "Done." };
  const inner = schemaOf(result);
  const json = isPlain ? inner : { type: "object", properties: { result: inner }, required: ["result"] };
  const schemas: Readonly<Record<Produced, readonly [string, unknown]>> = {
    json: ["application/json", json],
    png: ["image/png", bytes],
    bytes: ["application/octet-stream", bytes],
    other: ["text/plain", { type: "string" }],
  };
  const content = Object.fromEntries(produces.map((one) => [schemas[one][0], { schema: schemas[one][1] }]));
  const location = { Location: { description: "Where it can be read.", schema: { type: "string" } } };
  return { description: "Success.", content, ...(success === 201 ? { headers: location } : {}) };
}

const bytes = { type: "string", format: "binary" };

const errorSchema = {
  type: "object",
  required: ["error"],
  properties: {
    error: {
      type: "object",
      required: ["id", "docs", "time", "code", "message"],
      properties: {
        id: { type: "string", description: "Also in the log." },
        docs: { type: "string" },
        time: { type: "string", format: "date-time" },
        code: { type: "string", description: "What programs look at." },
        message: { type: "string", description: "What people read." },
      },
    },
  },
};

const responses = {
  Error: {
    description: "A failure. Its code is stable.",
    content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
  },
};

function securityOf({ infrastructure }: ConnectorConfig): Record<string, unknown> {
  const { headerName = "X-API-KEY" } = infrastructure.httpServer.authentication.apiKey ?? {};
  return {
    apiKey: { type: "apiKey", in: "header", name: headerName },
    bearer: { type: "http", scheme: "bearer" },
  };
}

/** Schemas stand alone: nothing in them refers to anything outside. */
function schemaOf(shape: z.ZodType | undefined): Record<string, unknown> {
  if (shape === undefined) return {};
  const { $schema: _dialect, ...schema } = z.toJSONSchema(shape, {
    io: "input",
    unrepresentable: "any",
    cycles: "throw",
    override: ({ jsonSchema }) => {
      // Our own words; the description is for everybody.
      delete jsonSchema["says"];
      if (jsonSchema.format === "iso8601") jsonSchema.format = "date-time";
    },
  });
  return schema;
}

function asJson(document: unknown): JsonObject {
  return JSON.parse(JSON.stringify(document));
}
