import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { base64 } from "../../relay/parties.ts";
import { repeating, serve } from "./served.ts";

const login = { authorization: "Bearer x" };
const mib = 1024 * 1024;

/** Sends bytes as they are and gives everything that comes back until the relay closes. */
async function raw(url: string, ...pieces: readonly string[]): Promise<string> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.on("error", () => undefined);
  let heard = "";
  socket.on("data", (chunk) => {
    heard += chunk;
  });
  for (const piece of pieces) socket.write(piece);
  await once(socket, "close");
  return heard;
}

describe("errors", () => {
  test("have the envelope of the protocol, with an id of their own", async () => {
    const { client } = await serve();
    const { ask } = await client();
    const look = () => ask("/api/v2/RelationshipTemplates/RLTaaaaaaaaaaaaaaaaa");

    const [first, second] = [await look(), await look()];

    expect(first.status).toBe(404);
    expect(first.json).toEqual({
      error: {
        id: expect.stringMatching(/^ERR[A-Za-z0-9]{17}$/),
        code: "error.platform.recordNotFound",
        message: expect.stringMatching(/^Template not found\.|^RelationshipTemplate not found\./),
        docs: "",
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        data: null,
      },
    });
    expect(second.json.error.id).not.toBe(first.json.error.id);
  });

  test("every answer says who answers, when, and under which name of the request", async () => {
    const { ask } = await serve();
    const of = async (correlation: string) =>
      (await ask("/nowhere", { headers: { "x-correlation-id": correlation } })).headers;

    const [kept, cleaned] = [await of("order-7:a.b_c"), await of("<script> 1")];

    expect(kept.get("x-correlation-id")).toBe("order-7:a.b_c");
    expect(cleaned.get("x-correlation-id")).toMatch(/^[0-9a-f-]{36}$/);
    expect(kept.get("x-rapport-relay")).toMatch(/^\d+\.\d+\.\d+/);
    expect(kept.get("x-trace-id")).toMatch(/^[0-9a-f]{32}$/);
    expect(Number(kept.get("x-response-duration-ms"))).toBeGreaterThanOrEqual(0);
    expect(Date.parse(kept.get("x-response-time") ?? "")).toBeGreaterThanOrEqual(
      Date.parse(kept.get("x-request-time") ?? ""),
    );
  });

  test("a repeated command says that it was replayed", async () => {
    const { client } = await serve();
    const { ask } = await client();
    const create = () =>
      ask("/api/v2/RelationshipTemplates", { body: { content: base64("t") }, headers: { "idempotency-key": "once" } });

    const [first, again] = [await create(), await create()];

    expect(first.headers.get("idempotency-replayed")).toBeNull();
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(again.json).toEqual(first.json);
  });
});

describe("who does not log in", () => {
  test.for([
    ["bearer", "/api/v2/Devices/Self", "Bearer wrong"],
    ["bearer", "/api/v2/Devices/Self", "Basic dTpw"],
    ["bearer", "/api/v2/Devices/Self", "Bearer"],
    ["optional", "/api/v2/Tags", "Bearer wrong"],
  ] as const)("%s route %s with %s: 401", async ([, path, authorization]) => {
    const { ask } = await serve();

    const { status, json, headers } = await ask(path, { headers: { authorization } });

    expect({ status, code: json.error.code }).toEqual({ status: 401, code: "error.platform.unauthorized" });
    expect(headers.get("www-authenticate")).toBe("Bearer");
  });

  test("is refused before a large body is read", async () => {
    const { url } = await serve();
    const head =
      "POST /api/v2/RelationshipTemplates HTTP/1.1\r\nHost: x\r\nContent-Length: 20000000\r\nConnection: close\r\n\r\n";

    const answer = await raw(url, head, "x".repeat(1000));

    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
  });
});

describe("requests that cannot be read", () => {
  test.for([
    ["no such path", "/api/v3/Tags", {}, 404, "recordNotFound"],
    ["no such method", "/api/v2/Version", { method: "PATCH" }, 404, "recordNotFound"],
    ["HEAD is not offered, nor OPTIONS", "/api/v2/Version", { method: "OPTIONS" }, 404, "recordNotFound"],
    ["a broken escape in the path", "/api/v2/Tokens/%E0%A4%A", {}, 400, "inputCannotBeParsed"],
    ["a broken escape in the query", "/api/v2/Identities/IsDeleted?username=%E0%A4%A", {}, 400, "inputCannotBeParsed"],
    ["a body that is not JSON", "/api/v2/Challenges", { body: "{" }, 400, "inputCannotBeParsed"],
    ["a body that is a list", "/api/v2/Challenges", { body: "[]" }, 400, "inputCannotBeParsed"],
    ["an id of another kind", "/api/v2/Tokens/RLTaaaaaaaaaaaaaaaaa", {}, 400, "validation.invalidId"],
    ["an id without end", `/api/v2/Tokens/${"x".repeat(5000)}`, {}, 400, "inputCannotBeParsed"],
    ["a stranger's large body", "/api/v2/Identities", { body: "x".repeat(70_000) }, 400, "requestBodyTooLarge"],
  ] as const)("%s", async ([, path, ask, status, code]) => {
    const served = await serve();

    const answer = await served.ask(path, ask);

    expect({ status: answer.status, code: answer.json.error.code }).toEqual({ status, code: `error.platform.${code}` });
    expect(answer.text).not.toMatch(/at .*\.ts|node_modules|FST_/);
  });

  test("a body of 20 MiB is read, one byte more is not", async () => {
    const { ask } = await serve({}, { as: repeating });

    const fits = await ask("/api/v2/Messages", { body: "x".repeat(20 * mib), headers: login });
    const tooLarge = await ask("/api/v2/Messages", { body: "x".repeat(20 * mib + 1), headers: login });

    expect(fits.status).toBe(200);
    expect({ status: tooLarge.status, code: tooLarge.json.error.code }).toEqual({
      status: 400,
      code: "error.platform.requestBodyTooLarge",
    });
  });

  test.for([
    ["no HTTP", "hello\r\n\r\n", 400],
    ["headers over 64 KiB", `GET /api/v2/Version HTTP/1.1\r\nHost: x\r\nX-A: ${"a".repeat(70_000)}\r\n\r\n`, 431],
    ["two lengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400],
    [
      "a length and chunks",
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
      400,
    ],
  ] as const)("%s", async ([, bytes, status]) => {
    const { url } = await serve();

    const answer = await raw(url, bytes);

    const [head = "", body = "{}"] = answer.split("\r\n\r\n");
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(head.toLowerCase()).toContain("x-rapport-relay: ");
    expect(JSON.parse(body).error.code).toBe("error.platform.inputCannotBeParsed");
  });
});

test("a relay that fails answers 500 in the envelope and says nothing of why", async () => {
  const broken = new Error("secret detail at /etc/passwd");
  const { ask } = await serve({}, { as: (relay) => ({ ...relay, call: () => Promise.reject(broken) }) });

  const { status, json, text } = await ask("/api/v2/Version");

  expect({ status, code: json.error.code }).toEqual({ status: 500, code: "error.platform.unexpected" });
  expect(text).not.toContain("secret");
});

test("connections stay open for more than 75 seconds of silence", async () => {
  const { ask } = await serve();

  const { headers } = await ask("/api/v2/Version", { headers: { connection: "keep-alive" } });

  expect(Number(/timeout=(\d+)/.exec(headers.get("keep-alive") ?? "")?.[1])).toBeGreaterThanOrEqual(75);
});
