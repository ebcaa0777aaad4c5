import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { contract } from "../../../src/apps/connector/contract.ts";
import { handlers } from "../../../src/apps/connector/handlers.ts";
import { mountPaths, type Operation } from "../../../src/apps/connector/operation.ts";
import { openServer, type TestRoutes } from "./server-stage.ts";

const rows = Object.entries<Operation>(contract);
const routes: TestRoutes = Object.fromEntries(
  rows.map(([name, operation]) => [name, { operation, handle: handlers[name as keyof typeof handlers] }]),
);
const config = { debug: true, modules: { coreHttpApi: { docs: { enabled: true } } } };
const open = () => openServer(routes, { config });

interface Described {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[];
  readonly responses: Readonly<Record<string, unknown>>;
}

test("7.16 paths, methods, success codes and parameters of the description are those of the contract", async () => {
  await using stage = await open();
  const { body } = await stage.call("GET", "/docs/json");
  const operations: Record<string, Described> = {};
  for (const [path, methods] of Object.entries<Record<string, Described>>(body.paths)) {
    for (const [method, one] of Object.entries(methods)) operations[`${method.toUpperCase()} ${path}`] = one;
  }

  expect(body.openapi).toBe("3.1.0");
  const expected = rows.flatMap(([, { method, mounts, path }]) =>
    mounts.map((mount) => `${method} ${mountPaths[mount]}${path.replace(/:(\w+)/g, "{$1}")}`),
  );
  expect(Object.keys(operations).toSorted()).toEqual([...new Set(expected)].toSorted());
  const ids = Object.values(operations).map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [key, { parameters, responses }] of Object.entries(operations)) {
    const inPath = [...key.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(parameters.filter((one) => one.in === "path").map(({ name }) => name)).toEqual(inPath);
    const places = parameters.map((one) => `${one.in} ${one.name}`);
    expect(new Set(places).size).toBe(places.length);
    expect(Object.keys(responses)).toEqual([expect.stringMatching(/^20[014]$/), "default"]);
  }
});

test("every schema of the description is a schema, and every reference leads somewhere", async () => {
  await using stage = await open();
  const { body } = await stage.call("GET", "/docs/json");
  const ajv = new Ajv2020({ strict: false, logger: false, validateFormats: false });
  let schemas = 0;

  walk(body, (node) => {
    if (typeof node["$ref"] === "string") expect(at(body, node["$ref"])).toBeDefined();
    const { schema } = node;
    if (typeof schema !== "object" || schema === null || "$ref" in schema) return;
    schemas += 1;
    expect(ajv.validateSchema(schema)).toBe(true);
    expect(() => ajv.compile(schema)).not.toThrow();
  });

  expect(schemas).toBeGreaterThan(100);
});

test("7.14, 7.15 the pages are there, and load what they need from here alone", async () => {
  await using stage = await open();

  for (const path of ["/docs", "/docs/", "/api-docs", "/api-docs/anything"]) {
    const { status, headers } = await stage.call("GET", path);
    expect([path, status, headers.get("location")]).toEqual([path, 301, "/docs/swagger"]);
  }
  expect((await stage.call("GET", "/gen/gen2/docs")).headers.get("location")).toBe("/gen/gen2/docs/swagger");
  for (const [page, marker] of [
    ["/docs/swagger", '<div id="swagger-ui">'],
    ["/docs/rapidoc", "<rapi-doc"],
  ] as const) {
    const { status, headers, body } = await stage.call("GET", page);
    expect([status, headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
    expect(body).toContain(marker);
    for (const [, link = ""] of body.matchAll(/(?:src|href|spec-url)="([^"]+)"/g)) {
      expect(link).not.toMatch(/^(https?:)?\/\//);
      expect((await stage.call("GET", `/docs/${link}`)).status).toBe(200);
    }
  }
  expect((await stage.call("GET", "/favicon.ico")).headers.get("content-type")).toBe("image/png");
});

test("the YAML is the JSON", async () => {
  await using stage = await open();

  const { headers, body } = await stage.call("GET", "/docs/yaml");

  expect(headers.get("content-type")).toMatch(/^text\/vnd\.yaml/);
  expect(parse(body)).toEqual((await stage.call("GET", "/docs/json")).body);
});

test("without the setting there are no pages", async () => {
  await using stage = await openServer(routes);

  for (const path of ["/docs", "/docs/json", "/docs/swagger", "/favicon.ico"]) {
    expect((await stage.call("GET", path)).status).toBe(404);
  }
});

type Node = Readonly<Record<string, unknown>>;

function walk(node: unknown, see: (node: Node) => void): void {
  if (typeof node !== "object" || node === null) return;
  if (!Array.isArray(node)) see(node as Node);
  for (const value of Object.values(node)) walk(value, see);
}

function at(document: Node, reference: string): unknown {
  const names = reference.replace(/^#\//, "").split("/");
  return names.reduce<unknown>((node, name) => (node as Node | undefined)?.[name], document);
}
