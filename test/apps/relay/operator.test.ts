import { fault } from "rapport/core";
import { createMemoryStore } from "rapport/plugins/storage-memory";
import { createMetrics } from "rapport/relay/http";
import { describe, expect, test } from "vitest";
import { runAdmin } from "../../../src/apps/relay/admin-command.ts";
import { adminOperations } from "../../../src/apps/relay/contract.ts";
import { base64 } from "../../relay/parties.ts";
import { type Served, serve } from "./served.ts";

const operatorKey = "the-key-of-the-operator";
const operator = { authorization: `Bearer ${operatorKey}` };

describe("the operator's routes", () => {
  test("are refused to everybody else, and are not there without a key", async () => {
    const { ask, client } = await serve({ operatorKey });
    const { token } = await client();
    const closed = await serve();

    for (const { method, path } of Object.values(adminOperations)) {
      const at = path.replace("{id}", "x");
      const answers = [
        await ask(at, { method }),
        await ask(at, { method, headers: { authorization: `Bearer ${token}` } }),
        await closed.ask(at, { method, headers: operator }),
      ];
      expect(answers.map(({ status }) => status)).toEqual([401, 401, 404]);
    }
  });

  test("a client that was added may create identities, and its secret is not shown", async () => {
    const { ask } = await serve({ operatorKey }, { clients: [] });
    const login = { grant_type: "password", client_id: "shop", client_secret: "s", username: "u", password: "p" };
    const connect = async () => (await ask("/connect/token", { body: new URLSearchParams(login) })).json.error;

    const before = await connect();
    const put = await ask("/admin/clients/shop", {
      method: "PUT",
      body: { secret: "s", maxIdentities: 3 },
      headers: operator,
    });
    const after = await connect();
    const listed = await ask("/admin/clients", { headers: operator });
    const deleted = await ask("/admin/clients/shop", { method: "DELETE", headers: operator });
    const again = await ask("/admin/clients/shop", { method: "DELETE", headers: operator });

    expect([before, after]).toEqual(["invalid_client", "invalid_grant"]);
    expect(listed.json).toEqual({ result: [{ id: "shop", createdAt: expect.any(String), maxIdentities: 3 }] });
    expect([put.status, deleted.status, again.status]).toEqual([204, 204, 404]);
  });

  test("what is announced is read by identities", async () => {
    const { ask, client } = await serve({ operatorKey });
    const reader = await client();
    const body = { severity: "Low", texts: { en: { title: "Hello", body: "All is well" } } };

    const created = await ask("/admin/announcements", { body, headers: operator });
    const { json } = await reader.ask("/api/v2/Announcements?language=en");

    expect(created.status).toBe(200);
    expect(json.result).toMatchObject([{ id: created.json.result.id, title: "Hello" }]);
  });

  test.for([
    ["no JSON", "{", "error.platform.inputCannotBeParsed"],
    ["the wrong shape", { severity: "Loud" }, "input.invalid"],
  ] as const)("a body with %s is refused with its code", async ([, body, code]) => {
    const { ask } = await serve({ operatorKey });

    const { status, json } = await ask("/admin/announcements", { body, headers: operator });

    expect({ status, code: json.error.code }).toEqual({ status: 400, code });
  });
});

describe("rapport relay admin", () => {
  const run = async ({ url }: Served, ...words: string[]) => {
    const lines: string[] = [];
    const environment = { RAPPORT_RELAY_ADMIN_KEY: operatorKey, RAPPORT_RELAY_URL: url };
    await runAdmin(words, { write: (line) => lines.push(line), environment });
    return lines.join("\n");
  };

  test("asks a running relay, for people and as JSON", async () => {
    const served = await serve({ operatorKey }, { clients: [] });

    const done = await run(served, "clients", "put", "shop", "--body", '{"secret":"s"}');
    const people = await run(served, "clients", "list");
    const json = await run(served, "clients", "list", "--json");

    expect(done).toBe("done");
    expect(people).toContain('"id":"shop"');
    expect(JSON.parse(json)).toMatchObject({ result: [{ id: "shop" }] });
  });

  test.for([
    [["clients", "lost"], "input.invalid"],
    [["clients", "delete"], "input.invalid"],
    [["clients", "list", "extra"], "input.invalid"],
    [["tags", "set"], "input.invalid"],
    [["tags", "get", "--admin-key", "wrong"], "error.platform.unauthorized"],
    [["announcements", "delete", "ANCaaaaaaaaaaaaaaaaa"], "error.platform.recordNotFound"],
    [["tags", "get", "--url", "http://127.0.0.1:1"], "relay.unreachable"],
  ] as const)("%j fails with %s", async ([words, code]) => {
    const served = await serve({ operatorKey });

    await expect(run(served, ...words)).rejects.toMatchObject({ code });
  });

  test("without a verb lists them all", async () => {
    const served = await serve({ operatorKey });

    const help = await run(served);

    for (const words of Object.keys(adminOperations)) expect(help).toContain(words);
  });
});

describe("health", () => {
  test("is well while the store answers, and failing when it does not", async () => {
    const store = createMemoryStore();
    let isBroken = false;
    const get: typeof store.get = async (key) => {
      if (isBroken) throw fault("store.unavailable", "The disk is gone.");
      return store.get(key);
    };
    const { ask } = await serve({}, { store: { ...store, get } });

    const well = await ask("/health");
    isBroken = true;
    const ill = await ask("/health");

    expect(well.status).toBe(200);
    expect(well.json).toEqual({ status: "ok", storeMs: expect.any(Number) });
    expect({ status: ill.status, json: ill.json }).toEqual({ status: 503, json: { status: "failing", storeMs: null } });
  });
});

describe("metrics", () => {
  test("count requests by operation and status, for the operator alone", async () => {
    const { ask } = await serve({ operatorKey, metrics: createMetrics() });
    await ask("/api/v2/Version");
    await ask("/api/v2/Devices/Self");

    const { text } = await ask("/metrics", { headers: operator });
    const { status } = await ask("/metrics");

    expect(text).toContain('rapport_relay_requests_total{operation="getVersion",status="200"} 1');
    expect(text).toContain('rapport_relay_requests_total{operation="getDevice",status="401"} 1');
    expect(text).toContain('rapport_relay_request_duration_seconds_count{operation="getVersion"} 1');
    expect(text).toContain("process_cpu_seconds_total");
    expect(status).toBe(401);
  });
});

describe("the log", () => {
  test("names request, operation, status and device, and holds no secret, body, token, password or address", async () => {
    const lines: string[] = [];
    const log = { write: (...entry: unknown[]) => void lines.push(JSON.stringify(entry)) };
    const { client } = await serve({ log });
    const { ask, caller, password, token } = await client();
    const body = { content: base64("content-of-a-template"), password: base64("password-of-it") };
    const headers = { "x-correlation-id": "order-7" };
    const { id } = (await ask("/api/v2/RelationshipTemplates", { body, headers })).json.result;

    await ask(`/api/v2/RelationshipTemplates/${id}?password=${body.password}`);

    await expect.poll(() => lines.at(-1)).toContain("getTemplate");
    const all = lines.join("\n");
    const created = lines.find((line) => line.includes('"createTemplate"')) ?? "";
    expect(JSON.parse(created)).toEqual([
      "info",
      "request",
      {
        correlationId: "order-7",
        operation: "createTemplate",
        status: 201,
        ms: expect.any(Number),
        device: caller.deviceId,
      },
    ]);
    for (const secret of [password, token, body.content, body.password, caller.address, id, "127.0.0.1"]) {
      expect(all).not.toContain(secret);
    }
  });
});

describe("rates", () => {
  test("hold for each device", async () => {
    const { client } = await serve({ rateLimits: { perDevice: 2 } });
    const [one, two] = [await client(), await client()];
    const look = (who: typeof one) => who.ask("/api/v2/Devices/Self");

    const first = [await look(one), await look(one), await look(one)];
    const second = await look(two);

    expect(first.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(first[2]?.json.error.code).toBe("error.platform.quotaExhausted");
    expect(Number(first[2]?.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(second.status).toBe(200);
  });

  test("hold for each address, whoever asks", async () => {
    const { ask } = await serve({ rateLimits: { perAddress: 3 }, trustProxy: true });
    const from = async (address: string) =>
      (await ask("/api/v2/Version", { headers: { "x-forwarded-for": address } })).status;

    const statuses = [];
    for (let count = 0; count < 4; count += 1) statuses.push(await from("192.0.2.1"));

    expect(statuses).toEqual([200, 200, 200, 429]);
    expect(await from("192.0.2.2")).toBe(200);
    expect(await from("192.0.2.3, 192.0.2.1")).toBe(429);
  });
});

describe("the page behind a reference", () => {
  test.for([
    ["RLT", "An invitation"],
    ["TOK", "Something is waiting"],
    ["FIL", "A file"],
    ["<b>", "A link"],
  ] as const)("%s: says what it is, without a look at the store and without a script", async ([prefix, title]) => {
    const asked: string[] = [];
    const counting = (relay: Served["relay"]): Served["relay"] => ({
      ...relay,
      call: (call) => {
        asked.push(call.operation);
        return relay.call(call);
      },
    });
    const { ask } = await serve({}, { as: counting });

    const page = await ask(`/r/${encodeURIComponent(prefix)}aaaaaaaaaaaaaaaaa?app=x`);
    const other = await ask(`/r/${encodeURIComponent(prefix)}bbbbbbbbbbbbbbbbb`);

    expect(page.status).toBe(200);
    expect(page.text).toContain(`<h1>${title}`);
    expect(page.text).not.toMatch(/<script|https?:|aaaa|<b>/i);
    expect(other.text).toBe(page.text);
    expect(asked).toEqual([]);
    expect(page.headers.get("content-security-policy")).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(page.headers.get("referrer-policy")).toBe("no-referrer");
  });
});
