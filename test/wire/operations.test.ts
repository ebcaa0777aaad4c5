import { readdirSync, readFileSync } from "node:fs";
import { isCode } from "rapport/core";
import { describe, expect, test } from "vitest";
import { commonErrors, isOperationName, type Operation, operations } from "../../src/wire/operations.ts";

const rows: [string, Operation][] = Object.entries(operations);

describe("the table of operations", () => {
  test.for(rows)("%s is a row that a server and a transport can be derived from", ([name, row]) => {
    expect(name).toMatch(/^[a-z][A-Za-z]+$/);
    expect(row.path).toMatch(/^\/(api\/(v1|v2|poc)|connect)\/[A-Za-z/{}]+$/);
    expect(row.path.includes("{id}")).toBe("params" in row);
    expect("body" in row && row.method === "GET").toBe(false);
    for (const code of [...row.errors, ...commonErrors]) expect(isCode(code)).toBe(true);
  });

  test("no two rows share method and path, without regard to case", () => {
    const places = rows.map(([, { method, path }]) => `${method} ${path.toLowerCase()}`);

    expect(new Set(places).size).toBe(rows.length);
  });

  test("a fixed segment never hides behind an id of another row's path", () => {
    for (const [name, { method, path }] of rows) {
      const clashes = rows.filter(
        ([, other]) =>
          other.path !== path &&
          other.method === method &&
          new RegExp(`^${other.path.replace("{id}", "[A-Z]{3}[A-Za-z0-9]{17}")}$`, "i").test(path),
      );
      expect(clashes, name).toEqual([]);
    }
  });

  test("names are told from other texts", () => {
    expect(isOperationName("createRelationship")).toBe(true);
    expect(isOperationName("toString")).toBe(false);
  });
});

const fixtures = new URL("../fixtures/", import.meta.url);
const sent = readdirSync(fixtures)
  .filter((name) => /^\d\d-.*\.jsonl$/.test(name))
  .flatMap((name) => readFileSync(new URL(name, fixtures), "utf8").split("\n"))
  .filter((line) => line !== "")
  .map((line) => JSON.parse(line).request)
  .flatMap(({ method, path, body }): [string, unknown, Operation][] => {
    const plain = path.replace(/\?.*$/, "").replace(/\/[A-Z]{3}[A-Za-z0-9]{17}(?=\/|$)/g, "/{id}");
    const row = rows.find(([, row]) => row.method === method && row.path.toLowerCase() === plain.toLowerCase());
    return body === undefined || row?.[1].body === undefined ? [] : [[row[0], body, row[1]]];
  });

test("every captured request body satisfies the schema of its row", () => {
  expect(new Set(sent.map(([name]) => name)).size).toBeGreaterThan(15);
  for (const [name, body, row] of sent) {
    const json = typeof body === "string" ? Object.fromEntries(new URLSearchParams(body)) : body;
    expect(row.body?.safeParse(json).error, name).toBeUndefined();
  }
});
