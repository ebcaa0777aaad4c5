// Every captured exchange of the published client against a fresh relay over HTTP (spec/captures/README.md).
import { createSodium } from "rapport/plugins/crypto-sodium";
import { createMemoryBlobs, createMemoryStore } from "rapport/plugins/storage-memory";
import { createRelay } from "rapport/relay";
import { createRelayServer } from "rapport/relay/http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Exchange, exchanges, idsDrawnBy, instantOfAnswer } from "./captured.ts";
import { createPutClock, createToldEntropy } from "./captured-ground.ts";

const clock = createPutClock(Date.parse("2026-11-22T02:30:45.000Z"));
const entropy = createToldEntropy();
const relay = createRelay({
  store: createMemoryStore(),
  blobs: createMemoryBlobs(),
  crypto: createSodium(),
  clock,
  entropy,
  clients: [{ id: "test", secret: "test" }],
});
const server = createRelayServer({ relay });
let base = "";

beforeAll(async () => {
  await relay.open();
  [base = ""] = await server.listen({ port: 0, hosts: ["127.0.0.1"] });
});

afterAll(async () => {
  await server.close();
  await relay[Symbol.asyncDispose]();
});

describe("every captured exchange is answered as it was", () => {
  test.for(exchanges)("$seq $actor $request.method $request.path", async (exchange) => {
    clock.put(instantOfAnswer(exchange) ?? clock.now());
    entropy.tell(idsDrawnBy(exchange));

    const answer = await send(exchange);

    expect(answer.status).toBe(exchange.response.status);
    expect(differences(exchange.response.body, answer.body)).toEqual([]);
    expect(entropy.left()).toBe(0);
  });
});

/** The bearer token of each actor; the second device of C logs in last and goes on as C. */
const tokens = new Map<string, string>();
const actorByLogin = ["A", "B", "C", "C"];

async function send({ actor, request }: Exchange): Promise<{ status: number; body: unknown }> {
  // The boundary of multipart bodies was masked with a letter that no header may have; fetch makes one of its own.
  const kept = Object.entries(request.headers).filter(([, value]) => !value.startsWith("multipart/"));
  const headers = new Headers(kept);
  if (headers.has("authorization")) headers.set("authorization", `Bearer ${tokens.get(actor)}`);
  const init = { method: request.method, headers, body: bodyOf(request) ?? null };
  const response = await fetch(base + request.path, init);
  const body = await readBody(response);
  if (request.path === "/connect/token") tokens.set(actorByLogin.shift() ?? "", (body as never)["access_token"]);
  return { status: response.status, body };
}

function bodyOf({ body, headers }: Exchange["request"]): string | FormData | undefined {
  const type = headers["content-type"] ?? "";
  if (body === undefined) return undefined;
  if (type.startsWith("application/x-www-form-urlencoded")) return new URLSearchParams(body).toString();
  if (!type.startsWith("multipart/")) return JSON.stringify(body);
  const form = new FormData();
  for (const [name, value] of Object.entries(body as Record<string, string>)) {
    const size = /^<(\d+) bytes>$/.exec(value)?.[1];
    if (size === undefined) form.append(name, value);
    else form.append(name, new Blob([new Uint8Array(Number(size)).fill(7)]), "cipher.bin");
  }
  return form;
}

/** Bytes are shown as the capture shows them. */
async function readBody(response: Response): Promise<unknown> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (bytes.length === 0) return undefined;
  if (response.headers.get("content-type")?.startsWith("application/json")) {
    return JSON.parse(new TextDecoder().decode(bytes));
  }
  return `<${bytes.length} bytes>`;
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
/** What the relay draws otherwise than the capture: errors, and secrets that only its own later answers name. */
const drawn = /^(ERR[A-Za-z0-9]{17}|<token>)$/;
/** Members that the captured relay left out and the protocol has (chapter 4.4). */
const fuller = new Set(["approvedAt", "approvedByDevice"]);
/** Members whose text is the relay's own. */
const ownWords = new Set(["message", "docs", "ownershipToken", "newOwnershipToken"]);

/** Ours by the captured value: whatever was one value there is one value here. */
const oursByCaptured = new Map<unknown, unknown>();

function isConstant(captured: unknown, ours: unknown): boolean {
  if (!oursByCaptured.has(captured)) oursByCaptured.set(captured, ours);
  return oursByCaptured.get(captured) === ours;
}

/** Where our answer is not like the captured one. Members that the capture leaves out must be unset, or be named here. */
function differences(captured: unknown, ours: unknown, path = ""): readonly string[] {
  if (Array.isArray(captured)) {
    if (!Array.isArray(ours) || ours.length !== captured.length) return [`${path}: not ${captured.length} elements`];
    return captured.flatMap((value, at) => differences(value, ours[at], `${path}[${at}]`));
  }
  if (typeof captured === "object" && captured !== null) {
    if (typeof ours !== "object" || ours === null) return [`${path}: not an object`];
    const more = Object.entries(ours).filter(
      ([name, value]) => !(name in captured) && value !== null && !fuller.has(name),
    );
    return [
      ...Object.entries(captured).flatMap(([name, value]) =>
        name in ours ? differences(value, ours[name as never], `${path}.${name}`) : [`${path}.${name}: missing`],
      ),
      ...more.map(([name]) => `${path}.${name}: not in the capture`),
    ];
  }
  const member = path.slice(path.lastIndexOf(".") + 1);
  if (typeof captured === "string" && (ownWords.has(member) || drawn.test(captured))) {
    return typeof ours === "string" ? [] : [`${path}: not a text`];
  }
  if (typeof captured === "string" && instant.test(captured)) {
    const like = typeof ours === "string" && instant.test(ours) && isConstant(captured, ours);
    return like ? [] : [`${path}: ${captured} became ${ours}`];
  }
  return captured === ours ? [] : [`${path}: ${captured} became ${ours}`];
}
