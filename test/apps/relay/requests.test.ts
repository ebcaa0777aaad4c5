// What the relay is asked, as its answer repeats it.
import { describe, expect, test } from "vitest";
import { queryPairsMax } from "../../../src/apps/relay/limits.ts";
import { repeating, serve } from "./served.ts";

const login = { authorization: "Bearer x" };
const id = "FILaaaaaaaaaaaaaaaaa";

function form(parts: Readonly<Record<string, string>>, bytes: Uint8Array<ArrayBuffer> | undefined): FormData {
  const body = new FormData();
  for (const [name, value] of Object.entries(parts)) body.append(name, value);
  if (bytes !== undefined) body.append("content", new Blob([bytes]), "cipher.bin");
  return body;
}

describe("headers", () => {
  test("become members of the call", async () => {
    const { ask } = await serve({}, { as: repeating });
    const headers = { ...login, "idempotency-key": "k1", "if-none-match": 'W/"v1", "v2"' };

    const { json } = await ask("/api/v2/Tags", { headers });

    expect(json.result).toMatchObject({ operation: "getTags", idempotencyKey: "k1", etag: "v1" });
  });

  test("the version is asked for where the datawallet is touched, and nowhere else", async () => {
    const { ask } = await serve({}, { as: repeating });
    const version = (value: string) => ({ ...login, "x-supported-datawallet-version": value });

    const paths = ["/api/v2/Datawallet", "/api/v2/datawallet/modifications", `/api/v2/SyncRuns/${id}`];
    const right = await Promise.all(paths.map((path) => ask(path, { headers: version("2") })));
    const missing = await Promise.all(paths.map((path) => ask(path, { headers: login })));
    const wrong = await Promise.all(
      ["0", "-1", "1.5", "two", ""].map((one) => ask(paths[0] ?? "", { headers: version(one) })),
    );
    const elsewhere = await ask("/api/v2/Tags", { headers: login });

    expect(right.map(({ json }) => json.result.supportedDatawalletVersion)).toEqual([2, 2, 2]);
    for (const { status, json } of [...missing, ...wrong]) {
      expect({ status, code: json.error.code }).toEqual({
        status: 400,
        code: "error.platform.validation.invalidPropertyValue",
      });
    }
    expect(elsewhere.json.result).not.toHaveProperty("supportedDatawalletVersion");
  });
});

describe("queries", () => {
  const many = (count: number) => `/api/v2/Version?${Array.from({ length: count }, () => "a").join("&")}`;

  test("repeat a name as often as the line has room for ids", async () => {
    const { ask } = await serve({}, { as: repeating });

    const { json } = await ask(many(queryPairsMax));

    expect(json.result.query.a).toHaveLength(queryPairsMax);
  });

  test("with more values than that are refused before they cost anything", async () => {
    const { ask } = await serve({}, { as: repeating });

    const { status, json } = await ask(many(queryPairsMax + 1));

    expect([status, json.error.code]).toEqual([400, "error.platform.inputCannotBeParsed"]);
  });
});

describe("bodies", () => {
  test("stay the text that was sent", async () => {
    const { ask } = await serve({}, { as: repeating });
    const body = '{ "content" : "dA",  "unknown": 1e2 }';

    const { json } = await ask("/api/v2/RelationshipTemplates", { body, headers: login });

    expect(json.result.body).toBe(body);
  });

  test("of the token endpoint come as a form", async () => {
    const { ask } = await serve({}, { as: repeating });

    const { json } = await ask("/connect/token", { body: new URLSearchParams({ password: "a+b c&ü", username: "u" }) });

    expect(JSON.parse(json.body)).toEqual({ password: "a+b c&ü", username: "u" });
  });

  test("of a File come in parts: texts as JSON, the content as bytes", async () => {
    const { ask } = await serve({}, { as: repeating });
    const parts = { cipherHash: "h", ownerSignature: "s", expiresAt: "2100", encryptedProperties: "p", owner: "o" };

    const { json } = await ask("/api/v2/Files", { body: form(parts, Buffer.from("00ff10", "hex")), headers: login });

    expect(json.result.bytes).toBe("00ff10");
    expect(JSON.parse(json.result.body)).toEqual(parts);
  });

  test.for([
    ["no multipart", { cipherHash: "h" }, "validation.invalidPropertyValue"],
    ["no content", form({ cipherHash: "h" }, undefined), "validation.invalidPropertyValue"],
    ["empty content", form({}, Buffer.alloc(0)), "validation.invalidPropertyValue"],
    ["content over 15 MiB", form({}, Buffer.alloc(15 * 1024 * 1024 + 1)), "requestBodyTooLarge"],
    [
      "a text over its bound",
      form({ encryptedProperties: "x".repeat(1_500_001) }, Buffer.alloc(1)),
      "requestBodyTooLarge",
    ],
    [
      "too many parts",
      form(Object.fromEntries([..."abcdefghijklm"].map((one) => [one, one])), Buffer.alloc(1)),
      "requestBodyTooLarge",
    ],
  ] as const)("of a File with %s are refused", async ([, body, code]) => {
    const { ask } = await serve({}, { as: repeating });

    const { status, json } = await ask("/api/v2/Files", { body, headers: login });

    expect({ status, code: json.error.code }).toEqual({ status: 400, code: `error.platform.${code}` });
  });

  test("of exactly 15 MiB are taken", async () => {
    const { ask } = await serve({}, { as: repeating });

    const { json } = await ask("/api/v2/Files", { body: form({}, Buffer.alloc(10 * 1024 * 1024)), headers: login });

    expect(json.result.bytes).toHaveLength(2 * 10 * 1024 * 1024);
  });
});

describe("answers", () => {
  test("bytes are an octet stream", async () => {
    const bytes = new Uint8Array([0, 255, 16]);
    const { url } = await serve({}, { as: (relay) => repeating(relay, { bytes }) });

    const response = await fetch(`${url}/api/v2/Files/${id}`, { headers: login });

    expect(response.headers.get("content-type")).toBe("application/octet-stream");
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
  });

  test("an entity tag is quoted, and the same one again is a 304 without a body", async () => {
    const { ask } = await serve({}, { as: (relay) => repeating(relay, { etag: "v1" }) });

    const first = await ask("/api/v2/Tags");
    const again = await ask("/api/v2/Tags", { headers: { "if-none-match": '"v0", "v1"' } });
    const other = await ask("/api/v2/Tags", { headers: { "if-none-match": '"v2"' } });

    expect(first.headers.get("etag")).toBe('"v1"');
    expect({ status: again.status, text: again.text }).toEqual({ status: 304, text: "" });
    expect(other.status).toBe(200);
  });

  test("the tags of a relay can be asked for again", async () => {
    const { ask } = await serve();

    const first = await ask("/api/v2/Tags");
    const etag = first.headers.get("etag") ?? "";
    const again = await ask("/api/v2/Tags", { headers: { "if-none-match": etag } });

    expect(etag).toMatch(/^"[^"]+"$/);
    expect([first.status, again.status]).toEqual([200, 304]);
  });
});
