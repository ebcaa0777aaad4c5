import { expect, test } from "vitest";
import { z } from "zod";
import { anyObject, idOf, instant, saying } from "../../../src/apps/connector/shapes/values.ts";
import { echo, openServer } from "./server-stage.ts";

const content = z.strictObject({ content: anyObject, expiresAt: instant.optional(), count: z.int().min(1).optional() });
const reference = saying(z.string().min(5), "token / file reference invalid");
const things = {
  create: echo({ method: "POST", success: 201, body: content }),
  load: echo({ method: "POST", path: "/Things/Peer", success: 201, body: z.strictObject({ reference }) }),
  get: echo({ path: "/Things/:id", params: z.strictObject({ id: idOf("RLT") }) }),
  accept: echo({ method: "PUT", path: "/Things/:id/Accept" }),
};
const json = { "content-type": "application/json" };

async function send(method: string, path: string, body?: unknown) {
  await using stage = await openServer(things);
  return await stage.call(method, `/api/v2${path}`, body);
}

async function sendText(path: string, text: string, headers: Record<string, string> = json) {
  await using stage = await openServer(things);
  const answer = await fetch(`${stage.url}/api/v2${path}`, { method: "POST", body: text, headers });
  return { status: answer.status, body: JSON.parse(await answer.text()) };
}

test.for([
  [{}, "must have required property 'content'"],
  [undefined, "must have required property 'content'"],
  [{ content: {}, expiresAt: "tomorrow" }, "expiresAt must match ISO8601 datetime format"],
  [{ content: {}, expiresAt: "" }, "expiresAt must match ISO8601 datetime format"],
  [{ content: {}, count: 0 }, "count must be >= 1"],
  [{ content: "text" }, "content must be object"],
  [{ content: {}, colour: "red" }, "must NOT have additional properties"],
  [[], "must be object"],
  [null, "must have required property 'content'"],
])("a body %j is refused with: %s", async ([body, message]) => {
  const { status, body: answer } = await send("POST", "/Things", body);

  expect(status).toBe(400);
  expect(answer.error).toMatchObject({ code: "error.runtime.validation.invalidPropertyValue", message });
});

test.for([{}, { reference: null }, { reference: "" }, { reference: 7 }])(
  "a shape may have one message for everything: %j",
  async (body) => {
    expect((await send("POST", "/Things/Peer", body)).body.error.message).toBe("token / file reference invalid");
  },
);

test("an id of a wrong shape is refused, one of the right shape reaches the handler", async () => {
  expect((await send("GET", "/Things/RLT1234567890abcdefg")).status).toBe(200);
  const { status, body } = await send("GET", "/Things/REL1234567890abcdefg");
  expect(status).toBe(400);
  expect(body.error.message).toBe("id must match pattern RLT[A-Za-z0-9]{17}");
});

test("without a body, or with an empty form as clients send it, the body is an empty object", async () => {
  expect((await send("PUT", "/Things/x/Accept")).body.result.body).toEqual({});
  await using stage = await openServer(things);
  const answer = await fetch(`${stage.url}/api/v2/Things/x/Accept`, {
    method: "PUT",
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
  expect(JSON.parse(await answer.text()).result.body).toEqual({});
});

test("an empty text as JSON is an empty object as well", async () => {
  expect((await sendText("/Things", "")).body.error.message).toBe("must have required property 'content'");
});

test("what is not JSON has a code of its own", async () => {
  for (const text of ['{"content":', "hello", '{"content":{},}']) {
    const { status, body } = await sendText("/Things", text);
    expect([status, body.error.code]).toEqual([400, "error.connector.validation.invalidJsonInPayload"]);
  }
});

test("names that would reach a prototype are refused in bodies", async () => {
  for (const text of [
    '{"content":{"__proto__":{"isAdmin":true}}}',
    '{"content":{"constructor":{"prototype":{"isAdmin":true}}}}',
    '{"content":{"\\u005f_proto__":{"isAdmin":true}}}',
  ]) {
    const { status, body } = await sendText("/Things", text);
    expect([status, body.error.code]).toEqual([400, "error.connector.validation.invalidJsonInPayload"]);
  }
  expect(({} as Record<string, unknown>).isAdmin).toBeUndefined();
  expect((await sendText("/Things", '{"content":{"constructor":"Bosch"}}')).status).toBe(201);
});

test("deep JSON is refused, brackets in texts do not count", async () => {
  const deep = (levels: number) => `{"content":${'{"a":'.repeat(levels)}1${"}".repeat(levels)}}`;

  expect((await sendText("/Things", deep(60))).status).toBe(201);
  expect((await sendText("/Things", deep(100))).body.error.message).toMatch(/nested too deeply/);
  expect((await sendText("/Things", `{"content":{"a":"${'[{\\"'.repeat(200)}"}}`)).status).toBe(201);
});

test("more than 2 MB are answered with 413 in the envelope", async () => {
  const { status, body } = await sendText("/Things", JSON.stringify({ content: { a: "x".repeat(2 * 1024 * 1024) } }));

  expect([status, body.error.code]).toEqual([413, "error.connector.http.bodyTooLarge"]);
});

test("another kind of body is refused and not ignored", async () => {
  const { status, body } = await sendText("/Things", "content=x", { "content-type": "text/plain" });

  expect(status).toBe(400);
  expect(body.error.message).toMatch(/Content-Type: application\/json/);
});

test("a repeated call is the same command, another caller's or route's is not", async () => {
  await using stage = await openServer(
    { ...things, again: echo({ method: "POST", path: "/Again" }) },
    { access: { identify: async ({ headers }) => ({ name: String(headers["x-api-key"]), scopes: ["**"] }) } },
  );
  const commandOf = async (path: string, key: string, caller = "one") => {
    const headers = { "idempotency-key": key, "x-api-key": caller };
    return (await stage.call("POST", `/api/v2${path}`, { content: {} }, headers)).body.result.command.commandId;
  };

  const first = await commandOf("/Things", "k1");

  expect(first).toMatch(/^[0-9a-f]{64}$/);
  expect(await commandOf("/Things", "k1")).toBe(first);
  const others = await Promise.all([
    commandOf("/Things", "k2"),
    commandOf("/Again", "k1"),
    commandOf("/Things", "k1", "two"),
  ]);
  expect(new Set([first, ...others]).size).toBe(4);
  expect((await stage.call("POST", "/api/v2/Again", {}, { "idempotency-key": "x".repeat(300) })).status).toBe(400);
});
