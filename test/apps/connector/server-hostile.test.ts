import { connect } from "node:net";
import { expect, test } from "vitest";
import { echo, openServer } from "./server-stage.ts";

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
  const badEscape = await rawStatus(
    stage.url,
    "GET /api/v2/Things/%ff HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
  );

  expect(noise).toMatch(/^HTTP\/1.1 400 /);
  expect(badEscape).toMatch(/^HTTP\/1.1 400 /);
  for (const answer of [noise, badEscape]) expect(answer).toContain("error.connector.http.malformedRequest");
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
