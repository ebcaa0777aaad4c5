import { connect, type Socket } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { createDelay } from "../../../src/apps/connector/server/delay.ts";
import { v2 } from "./calls.ts";
import { inProduction, openGuarded } from "./security-stage.ts";
import { identityCalled, openServer } from "./server-stage.ts";
import { openStage } from "./stage.ts";

/** A connection of which everything that comes back is kept. */
async function open(
  url: string,
  allowHalfOpen = false,
): Promise<{ readonly socket: Socket; readonly told: () => string; readonly end: Promise<void> }> {
  const { hostname, port } = new URL(url);
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen });
  onTestFinished(() => void socket.destroy());
  let answer = "";
  socket.on("data", (piece) => {
    answer += piece;
  });
  socket.on("error", () => undefined);
  const end = new Promise<void>((resolve) => socket.on("close", () => resolve()));
  await new Promise<void>((resolve) => socket.on("connect", () => resolve()));
  return { socket, told: () => answer, end };
}

const info = `${v2}/Account/IdentityInfo`;

describe("wrong keys", () => {
  test("a bounded number of answers waits; more are given at once", async () => {
    const delay = createDelay(() => 0, 2);
    const waiting = [delay.wait(), delay.wait()];

    expect(await delay.wait()).toBe(false);
    expect(await Promise.all(waiting)).toEqual([true, true]);
    expect(await delay.wait()).toBe(true);
  });

  test("whoever floods the Connector with them over one connection keeps nobody from it", async () => {
    await using stage = await openStage();
    const patient = { ...inProduction(), unauthorizedDelayMs: () => 3_000 };
    const alice = await openGuarded(stage, "alice", patient);
    const flood = await open(alice.url);
    flood.socket.write(`GET ${info} HTTP/1.1\r\nhost: x\r\n\r\n`.repeat(500));
    // What the same process reads later has been seen later.
    expect((await alice.call("GET", info)).status).toBe(200);

    const late = await open(alice.url);
    late.socket.write(`GET ${info} HTTP/1.1\r\nhost: x\r\n\r\n`.repeat(5));
    await late.end;

    expect(late.told()).toMatch(/^HTTP\/1.1 401 /);
    expect(late.told()).toMatch(/connection: close/i);
    expect(flood.told()).toBe("");
    expect((await alice.call("GET", info)).status).toBe(200);
  });

  test("strangers are turned away before their body is read, on routes and elsewhere", async () => {
    await using stage = await openStage();
    const alice = await openGuarded(stage, "alice");

    for (const path of [`${v2}/Attributes`, `${v2}/Files/Own`, "/nowhere", `${v2}/nowhere`, info]) {
      const { socket, told } = await open(alice.url);
      const length = 1_000_000;
      socket.write(
        `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n{`,
      );
      await expect.poll(told).toMatch(/^HTTP\/1.1 401 /);
      socket.destroy();
    }
  });
});

describe("connections", () => {
  test("one that sends its headers slowly, or none, is given up", async () => {
    await using stage = await openServer({}, { waits: { headersMs: 200, requestMs: 400, idleMs: 200 } });
    const silent = await open(stage.url);
    const slow = await open(stage.url);
    slow.socket.write("GET /api/v2/x HTTP/1.1\r\nhost: x\r\n");
    const dripping = setInterval(() => slow.socket.write("x: y\r\n"), 20);
    onTestFinished(() => clearInterval(dripping));

    await Promise.all([silent.end, slow.end]);

    expect(slow.told()).toMatch(/^HTTP\/1.1 408 /);
  });

  test("one that was given up does not stay, even if it never closes its own end", async () => {
    await using stage = await openServer({}, { waits: { headersMs: 200, requestMs: 400, idleMs: 200 } });
    const { socket, told, end } = await open(stage.url, true);
    socket.write("GET /api/v2/x HTTP/1.1\r\nhost: x\r\n");
    await expect.poll(told).toMatch(/^HTTP\/1.1 408 /);
    const dripping = setInterval(() => socket.write("x"), 50);
    onTestFinished(() => clearInterval(dripping));

    await end;
  });

  test("one with too many or too long headers is answered, and closed", async () => {
    await using stage = await openServer({}, { identities: [identityCalled("alice")] });
    const { socket, told, end } = await open(stage.url);
    socket.write(`GET /health HTTP/1.1\r\nhost: x\r\n${`x: ${"y".repeat(100)}\r\n`.repeat(1_000)}\r\n`);
    await end;

    expect(told()).toMatch(/^HTTP\/1.1 431 /);
    expect(told()).toContain("error.connector.http.malformedRequest");
  });

  test.for([
    "GET / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
    "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello",
    "GET / HTTP/1.1\r\nhost: x\r\n folded: y\r\n\r\n",
    "GET / HTTP/1.1\r\n\r\n",
    "POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
  ])("%j, which two programs may read differently, is refused", async (bytes) => {
    await using stage = await openServer({});
    const { socket, told, end } = await open(stage.url);
    socket.write(bytes);
    await end;

    expect(told()).toMatch(/^HTTP\/1.1 400 /);
    expect(told().match(/HTTP\/1.1/g)).toHaveLength(1);
  });

  test("many idle ones keep nobody from the Connector", async () => {
    await using stage = await openStage();
    const alice = await openGuarded(stage, "alice");
    const idle = await Promise.all(Array.from({ length: 300 }, () => open(alice.url)));

    expect((await alice.call("GET", info)).status).toBe(200);
    for (const { socket } of idle) socket.destroy();
  });
});
