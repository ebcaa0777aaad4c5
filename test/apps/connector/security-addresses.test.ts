import { afterAll, beforeAll, expect, test } from "vitest";
import type { Operation } from "../../../src/apps/connector/operation.ts";
import { addressOf, befriended, inHours, ok, type Result, template, v2 } from "./calls.ts";
import { mainKey, openGuarded, pathWith, routeCalls } from "./security-stage.ts";
import { type Actor, openStage, type Stage } from "./stage.ts";

let stage: Stage;
let alice: Actor;
beforeAll(async () => {
  stage = await openStage();
  alice = await openGuarded(stage, "alice");
  const bob = await openGuarded(stage, "bob");
  await befriended(alice, bob);
  await template(alice);
  await upload("a.txt", "text/plain");
  const content = { "@type": "Mail", to: [await addressOf(bob)], subject: "s", body: "b" };
  await ok(alice, `POST ${v2}/Messages`, { recipients: [await addressOf(bob)], content });
});
afterAll(() => stage[Symbol.asyncDispose]());

async function upload(name: string, type: string) {
  const form = new FormData();
  form.set("title", "A title");
  form.set("expiresAt", inHours(24));
  form.set("file", new Blob(["<script>alert(1)</script>"], { type }), name);
  const headers = { "x-api-key": mainKey };
  const answer = await fetch(`${alice.url}${v2}/Files/Own`, { method: "POST", headers, body: form });
  const { result, error } = (await answer.json()) as Result;
  return { status: answer.status, result, error };
}

const texts = [
  "",
  "\0",
  "\ud7ff\r\nx",
  "__proto__",
  "constructor",
  "toString",
  "*",
  "!",
  "!*",
  "~x",
  "^.*$",
  "(a+)+$",
  ">1e400",
  "<",
  ">=2020",
  "1970-01-01,",
  "-1",
  "NaN",
  '{"$ne":null}',
  "' OR 1=1 --",
  "../../x",
  "%",
  "x".repeat(20_000),
  ",".repeat(10_000),
];

const envelope = { id: expect.stringMatching(/^ERR/), code: expect.any(String), message: expect.any(String) };
const listing = routeCalls.filter(({ operation: { method, isDebug } }) => method === "GET" && isDebug !== true);

function namesOf({ filter, query }: Operation): readonly string[] {
  return [
    ...(filter?.fields ?? []),
    ...(filter === undefined ? [] : ["limit", "after"]),
    ...Object.keys(query?.shape ?? {}),
  ];
}

async function expectNoFailure(path: string): Promise<void> {
  const { status, body } = await alice.call("GET", path);
  expect({ path: path.slice(0, 300), status }).toMatchObject({ status: expect.toSatisfy((one: number) => one < 500) });
  if (status >= 400) expect(body.error, path.slice(0, 300)).toMatchObject(envelope);
}

test.for(listing)("GET $path answers hostile queries with a list or a legal no", async ({ path, operation }) => {
  const place = pathWith(path, "X1");
  for (const name of namesOf(operation)) {
    await Promise.all(texts.map((text) => expectNoFailure(`${place}?${new URLSearchParams([[name, text]])}`)));
    await expectNoFailure(`${place}?${`${name}=x&`.repeat(200)}`);
    await expectNoFailure(`${place}?${name}.__proto__=x&${name}[__proto__]=x&${name}[]=&${name}.9999999999=x`);
  }
  for (const query of ["__proto__=x", "constructor=x", "constructor.prototype.polluted=1", "%ff", "&".repeat(5_000)]) {
    await expectNoFailure(`${place}?${query}`);
  }
  expect("polluted" in {}).toBe(false);
  expect(Object.keys(Object.prototype)).toEqual([]);
});

const ids = [
  "..",
  "%2e%2e",
  "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
  "..%5c..%5cx",
  "%00",
  "x%00y",
  "%0d%0aSet-Cookie:%20x=1",
  "%ff",
  "%",
  "__proto__",
  "constructor",
  "FIL__proto__AAAAAAAAA",
  "FILAAAAAAAAAAAAAAAAA%00",
  "FILAAAAAAAAAAAAAAAAA%2f..%2f..",
  "%F0%9F%92%A3",
  "x".repeat(2_000),
  "x".repeat(30_000),
];
const named = routeCalls.filter(({ path, operation }) => path.includes(":") && operation.isDebug !== true);

test.for(named)("$operation.method $path answers hostile ids with a legal no", async ({ path, operation }) => {
  for (const id of ids) {
    const form = new FormData();
    form.set("file", new Blob(["x"]), "x");
    const json = operation.method === "GET" ? {} : { body: "{}" };
    const sent = operation.form === undefined ? json : { body: form };
    const headers = { "x-api-key": mainKey, ...(sent === json ? { "content-type": "application/json" } : {}) };
    const answer = await fetch(alice.url + pathWith(path, id), { method: operation.method, headers, ...sent });
    const told = { id: id.slice(0, 50), status: answer.status };

    expect(answer.headers.get("set-cookie"), id).toBe(null);
    expect(told).toEqual({ ...told, status: expect.toSatisfy((one: number) => one < 500) });
    // `..` leads to another route, before it is sent.
    if (id !== ".." && id !== "%2e%2e") expect(told.status, id).toBeGreaterThanOrEqual(operation.filter ? 200 : 400);
    if (told.status >= 400) expect(((await answer.json()) as Result).error, id).toMatchObject(envelope);
    else await answer.body?.cancel();
  }
});

test.for([
  ["a\r\nSet-Cookie: x=1.html", "text/html"],
  ['x";filename="evil.html', "text/html; charset=utf-7"],
  ["<img src=x onerror=alert(1)>.svg", "image/svg+xml"],
  ["../../../etc/passwd", "application/x\r\nSet-Cookie: x=1"],
  ["\ud83d.txt", "text/html, text/plain"],
  ["x.txt", "javascript:alert(1)"],
] as const)("the file %j of type %j is downloaded as an attachment, and writes no header", async ([name, type]) => {
  const { status, result } = await upload(name, type);
  expect(status).toBe(201);
  const answer = await fetch(`${alice.url}${v2}/Files/${result.id}/Download`, { headers: { "x-api-key": mainKey } });
  await answer.body?.cancel();

  expect(answer.status).toBe(200);
  expect(answer.headers.get("set-cookie")).toBe(null);
  expect(answer.headers.get("content-disposition")).toMatch(/^attachment;filename=[\w%.!~*'()-]*$/);
  expect(answer.headers.get("content-type")).toMatch(/^[\w.+-]+\/[\w.+-]+(?:; ?[\w-]+=[\w.-]+)?$/);
  expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  expect(answer.headers.get("content-security-policy")).toMatch(/default-src 'none'/);
});

test("headers that come from a caller write no others", async () => {
  const odd = "x".repeat(101);
  for (const [name, value] of [
    ["x-correlation-id", odd],
    ["x-correlation-id", "a b"],
    ["x-correlation-id", "<script>"],
    ["idempotency-key", "x".repeat(256)],
    ["accept", "text/html, ".repeat(3_000)],
    ["origin", "https://evil.example"],
    ["prefer", "x".repeat(5_000)],
    ["content-type", "application/json; ".repeat(500)],
  ] as const) {
    const { status, headers } = await alice.call("POST", `${v2}/Account/Sync`, {}, { [name]: value });

    expect({ name, status }).toMatchObject({ status: expect.toSatisfy((one: number) => one < 500) });
    expect([...headers.values()].join("\n")).not.toContain(value);
    expect(headers.get("access-control-allow-origin")).toBe(null);
  }
});
