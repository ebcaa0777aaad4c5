import { connect } from "node:net";
import { RapportError } from "rapport/core";
import { expect, test } from "vitest";
import { type Handler, nothing, result } from "../../../src/apps/connector/handler.ts";
import type { Operation } from "../../../src/apps/connector/operation.ts";
import { echo, openServer, type TestRoutes } from "./server-stage.ts";

const errorShape = {
  id: expect.stringMatching(/^ERR[A-HJ-NP-Z2-9]{17}$/),
  docs: expect.stringMatching(/^https:\/\/enmeshed\.eu\/integrate\/error-codes#[\w.]+$/),
  time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  code: expect.any(String),
  message: expect.any(String),
};

function answering(handle: Handler, more: Partial<Operation> = {}): TestRoutes {
  return { one: { ...echo(more), handle } };
}

async function failure(error: unknown, config = {}) {
  const lines: { readonly level: string; readonly facts: unknown }[] = [];
  await using stage = await openServer(
    answering(() => Promise.reject(error)),
    { config, log: { write: (level, _message, facts) => lines.push({ level, facts }) } },
  );
  return { ...(await stage.call("GET", "/api/v2/Things")), lines };
}

test.for([
  ["error.runtime.recordNotFound", 404],
  ["error.transport.recordNotFound", 404],
  ["error.platform.validation.notification.codeDoesNotExist", 500],
  ["error.runtime.identityMetadata.notFound", 400],
  ["error.transport.general.notIntendedForYou", 400],
  ["relay.unreachable", 503],
  ["limit.reached", 429],
] as const)("%s is answered with %s", async ([code, wanted]) => {
  const { status, body } = await failure(new RapportError(code, "No."));

  expect(status).toBe(wanted);
  expect(body).toEqual({ error: { ...errorShape, code } });
});

test("errors of the transport and of consumption say code, reason and time", async () => {
  const code = "error.transport.noPasswordProvided";
  const { body } = await failure(new RapportError(code, "A password is needed."));

  expect(body.error.message).toBe(`${code}: 'A password is needed.' at ${body.error.time}`);
});

test("what nobody expected says nothing of itself, and its id is in the log", async () => {
  const { status, body, lines } = await failure(new Error("password=hunter2 at /etc/secret"));

  expect(status).toBe(500);
  expect(body.error).toEqual({ ...errorShape, code: "error.connector.unexpected" });
  expect(JSON.stringify(body)).not.toMatch(/hunter2|secret/);
  expect(lines).toContainEqual({ level: "error", facts: expect.objectContaining({ errorId: body.error.id }) });
});

test("debug mode also shows where it happened", async () => {
  const error = new RapportError("error.runtime.recordNotFound", "No.", { details: { id: "x" } });
  const { body } = await failure(error, { debug: true });

  expect(body.error).toEqual({ ...errorShape, stacktrace: expect.any(Array), details: { id: "x" } });
});

test("a failure while a failure is answered has a code of its own", async () => {
  const error = new RapportError("error.runtime.recordNotFound", "No.");
  Object.defineProperty(error, "message", {
    get() {
      throw new Error("again");
    },
  });

  const { status, body } = await failure(error);

  expect(status).toBe(500);
  expect(body.error).toEqual({ ...errorShape, code: "error.connector.errorInErrorHandler" });
});

test("another method of a known path is refused with those that are known", async () => {
  await using stage = await openServer({
    one: echo({ path: "/Things/:id" }),
    two: echo({ method: "PUT", path: "/Things/:thingId" }),
  });

  const { status, headers, body } = await stage.call("PATCH", "/api/v2/Things/x");

  expect(status).toBe(405);
  expect(headers.get("allow")).toBe("GET, HEAD, PUT");
  expect(body.error).toEqual({ ...errorShape, code: "error.connector.http.methodNotAllowed" });
});

test("scopes open routes, wildcards stand for one or more segments", async () => {
  const scopes = ["core:requests", "core:requests:incoming"];
  await using stage = await openServer(
    { one: echo({ scopes }) },
    { access: { identify: async ({ headers }) => ({ name: "key", scopes: String(headers["x-scopes"]).split(",") }) } },
  );
  const statusFor = async (held: string) =>
    (await stage.call("GET", "/api/v2/Things", undefined, { "x-scopes": held })).status;

  for (const held of [
    "**",
    "core:*",
    "core:**",
    "*:requests",
    "core:requests",
    "core:requests:incoming",
    "a,core:*:*",
  ]) {
    expect([held, await statusFor(held)]).toEqual([held, 200]);
  }
  for (const held of ["", "*", "core", "core:account", "core:*:*:*", "core:requests:outgoing", "requests"]) {
    expect([held, await statusFor(held)]).toEqual([held, 403]);
  }
});

test("strangers wait, get 401 for every path but health, and are counted", async () => {
  let waits = 0;
  await using stage = await openServer(
    { one: echo({}) },
    {
      access: { identify: async () => undefined },
      unauthorizedDelayMs: () => {
        waits += 1;
        return 0;
      },
    },
  );

  for (const [method, path] of [
    ["GET", "/api/v2/Things"],
    ["GET", "/api/v2/Nothing"],
    ["PATCH", "/api/v2/Things"],
    ["POST", "/api/v2/Things"],
  ] as const) {
    const { status, body } = await stage.call(method, path);
    expect([path, status]).toEqual([path, 401]);
    expect(body.error).toEqual({ ...errorShape, code: "error.connector.unauthorized" });
  }

  expect(waits).toBe(4);
  expect(stage.server.parts.counts()).toMatchObject({ requestCount: 4, requestCountByStatus: { 401: 4 } });
});

test("every answer says which call it was and how long it took", async () => {
  await using stage = await openServer({ one: echo({}) });
  const idFor = async (given: string) =>
    (await stage.call("GET", "/api/v2/Things", undefined, { "x-correlation-id": given })).headers.get(
      "x-correlation-id",
    );

  const { headers } = await stage.call("GET", "/api/v2/Nothing");

  expect(headers.get("x-correlation-id")).toMatch(/^[0-9a-f-]{36}$/);
  expect(headers.get("x-response-duration-ms")).toMatch(/^\d+$/);
  expect(headers.get("x-response-time")).toMatch(/^\d{4}-.*Z$/);
  expect(await idFor("my-id:1")).toBe("my-id:1");
  expect(await idFor("first, second")).toBe("first");
  expect(await idFor("<script>")).toMatch(/^[0-9a-f-]{36}$/);
});

test.for([
  [undefined, "json"],
  ["*/*", "json"],
  ["application/json, text/plain, */*", "json"],
  ["image/png", "png"],
  ["image/*", "png"],
  ["image/avif,image/webp,image/*,*/*;q=0.8", "png"],
  ["image/png, application/json", "json"],
  ["application/json;q=0.5, image/png", "png"],
  ["text/html", 406],
  ["application/json;q=0, image/png;q=0", 406],
])("a caller that accepts %s gets %s", async ([accept, wanted]) => {
  await using stage = await openServer({ one: echo({ produces: ["json", "png"] }) });
  const answer = await fetch(`${stage.url}/api/v2/Things`, {
    headers: accept === undefined ? { accept: "*/*" } : { accept: String(accept) },
  });
  const body = JSON.parse(await answer.text());

  expect(answer.status === 406 ? 406 : body.result.wants).toBe(wanted);
  if (answer.status === 200) expect(answer.headers.get("vary")).toMatch(/\bAccept\b/);
});

test("a route that has JSON only is not for pictures, unless any Accept will do", async () => {
  await using stage = await openServer({ one: echo({}), two: echo({ path: "/Any", anyAccept: true }) });

  const headers = { accept: "image/png" };

  expect((await stage.call("GET", "/api/v2/Things", undefined, headers)).body.error.code).toBe(
    "error.connector.http.notAcceptable",
  );
  expect((await stage.call("GET", "/api/v2/Any", undefined, headers)).status).toBe(200);
});

test("a new object is told where it is, at the place where the caller is", async () => {
  const id = "RLT1234567890abcdefg";
  const routes = {
    ...answering(async () => result({ id }), { method: "POST", success: 201 }),
    two: {
      ...echo({ method: "POST", path: "/More", success: 201 }),
      handle: async () => result({}, "/Files/é\r\nx: y"),
    },
  };
  await using stage = await openServer(routes);

  const { status, headers } = await stage.call("POST", "/gen/gen1/api/v2/Things");

  expect(status).toBe(201);
  expect(headers.get("location")).toBe(`/gen/gen1/api/v2/RelationshipTemplates/${id}`);
  const evil = await stage.call("POST", "/api/v2/More");
  expect(evil.headers.get("location")).toBe("/api/v2/Files/%C3%A9%0D%0Ax:%20y");
  expect(evil.headers.get("x")).toBeNull();
});

test("nothing is 204 without a body", async () => {
  await using stage = await openServer(answering(async () => nothing, { method: "DELETE", success: 204 }));

  const { status, body } = await stage.call("DELETE", "/api/v2/Things");

  expect([status, body]).toEqual([204, ""]);
});

test("a file's name and type cannot add headers", async () => {
  const bytes = new Uint8Array([1, 2, 3]);
  const filename = 'ä "b"\r\nx-evil: 1.txt';
  await using stage = await openServer(
    answering(async () => ({ kind: "bytes", bytes, mimetype: "text/html\r\nx-evil: 1", filename }), {
      produces: ["bytes"],
    }),
  );

  const answer = await fetch(`${stage.url}/api/v2/Things`, { headers: { accept: "text/html" } });

  expect(answer.headers.get("content-disposition")).toBe(`attachment;filename=${encodeURIComponent(filename)}`);
  expect(answer.headers.get("content-type")).toBe("application/octet-stream");
  expect(answer.headers.get("x-evil")).toBeNull();
  expect([...new Uint8Array(await answer.arrayBuffer())]).toEqual([1, 2, 3]);
});

test("a picture is a PNG", async () => {
  await using stage = await openServer(
    answering(async () => ({ kind: "picture", text: "nmshd://tr#VE9L", filename: "TOK.png" }), {
      produces: ["json", "png"],
      method: "POST",
      success: 201,
    }),
  );

  const answer = await fetch(`${stage.url}/api/v2/Things`, { method: "POST", headers: { accept: "image/png" } });
  const bytes = Buffer.from(await answer.arrayBuffer());

  expect(answer.status).toBe(201);
  expect(answer.headers.get("content-type")).toBe("image/png");
  expect(answer.headers.get("content-disposition")).toBe("attachment;filename=TOK.png");
  expect(bytes.subarray(1, 4).toString()).toBe("PNG");
});

test("long answers are compressed for those who can read it, short ones are not", async () => {
  const text = "x".repeat(10_000);
  await using stage = await openServer({
    ...answering(async () => result({ text })),
    two: { ...echo({ path: "/Short" }), handle: async () => result("short") },
  });

  const long = await stage.call("GET", "/api/v2/Things", undefined, { "accept-encoding": "gzip" });
  const short = await stage.call("GET", "/api/v2/Short", undefined, { "accept-encoding": "gzip" });

  expect(long.headers.get("content-encoding")).toBe("gzip");
  expect(long.body.result.text).toBe(text);
  expect(short.headers.get("content-encoding")).toBeNull();
});

test.for([
  "/api/v2/Things/../../../../etc/passwd",
  "/api/v2/..%2f..%2fetc/passwd",
  "//etc/passwd",
  "/app/../package.json",
])("%s leads nowhere", async (path) => {
  await using stage = await openServer({ one: echo({}) });

  expect(await rawStatus(stage.url, `GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)).toMatch(/ 404 /);
});

test("bytes that are no HTTP, and bad escapes in a path, are answered in the envelope", async () => {
  await using stage = await openServer({ one: echo({ path: "/Things/:id" }) });

  const noise = await rawStatus(stage.url, "hello\r\n\r\n");
  const escape = await rawStatus(stage.url, "GET /api/v2/Things/%ff HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");

  expect(noise).toMatch(/^HTTP\/1.1 400 /);
  expect(escape).toMatch(/^HTTP\/1.1 400 /);
  for (const answer of [noise, escape]) expect(answer).toContain("error.connector.http.malformedRequest");
});

test("a body that never ends is given up", async () => {
  await using stage = await openServer(
    { one: echo({ method: "POST" }) },
    { waits: { requestMs: 300, headersMs: 200 } },
  );

  const answer = await rawStatus(
    stage.url,
    "POST /api/v2/Things HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{",
  );

  expect(answer).toMatch(/^HTTP\/1.1 408 /);
});

test("a request that has begun is answered while the server closes", async () => {
  let go: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    go = resolve;
  });
  let finish: () => void = () => undefined;
  const stage = await openServer(
    answering(async () => {
      go();
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return result("done");
    }),
  );
  const call = stage.call("GET", "/api/v2/Things");
  await begun;

  const closing = stage.server.close();
  finish();

  expect((await call).body).toEqual({ result: "done" });
  await closing;
  await expect(stage.call("GET", "/api/v2/Things")).rejects.toThrow();
});

/** Sends bytes, gives everything that comes back. */
function rawStatus(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.on("data", (piece) => {
      answer += piece;
    });
    socket.on("close", () => resolve(answer));
    socket.on("error", reject);
  });
}
