import { describe, expect, test } from "vitest";
import { strongKey } from "../config/read.ts";
import { openStage } from "../stage.ts";
import { handClock } from "./hand-clock.ts";

const key = (end: string) => `${strongKey}-${end}`;
const noDelay = { unauthorizedDelayMs: () => 0 };

/** A Connector in production with these keys. */
function withKeys(keys: Readonly<Record<string, object>>, more: object = {}) {
  const authentication = { apiKey: { keys } } as never;
  return { ...noDelay, config: { debug: false, infrastructure: { httpServer: { authentication } }, ...more } };
}

const info = "/api/v2/Account/IdentityInfo";

describe("API keys", () => {
  test("a right key opens; none, a wrong, a disabled and two at once do not", async () => {
    await using stage = await openStage();
    const keys = { main: { key: key("main") }, off: { key: key("off"), enabled: false } };
    const { call, url } = await stage.actor("alice", withKeys(keys));
    const status = async (headers: Record<string, string>) => (await call("GET", info, undefined, headers)).status;

    expect(await status({ "X-API-KEY": key("main") })).toBe(200);
    expect(await status({ "x-api-key": key("main") })).toBe(200);
    for (const wrong of ["", "x", key("off"), key("Main"), `${key("main")} `.repeat(2), "x".repeat(10_000)]) {
      expect(await status({ "X-API-KEY": wrong })).toBe(401);
    }
    const twice = new Headers([
      ["x-api-key", key("main")],
      ["x-api-key", key("main")],
    ]);
    expect((await fetch(`${url}${info}`, { headers: twice })).status).toBe(401);
    const { status: without, body } = await call("GET", info);
    expect(without).toBe(401);
    expect(body.error).toMatchObject({ code: "error.connector.unauthorized", id: expect.stringMatching(/^ERR/) });
  });

  test("a key ends at its time, also while the Connector runs", async () => {
    const clock = handClock("2026-01-01T00:00:00Z");
    await using stage = await openStage(clock);
    const { call } = await stage.actor(
      "alice",
      withKeys({ main: { key: key("a"), expiresAt: "2026-01-01T12:00:00Z" } }),
    );
    const status = async () => (await call("GET", info, undefined, { "X-API-KEY": key("a") })).status;

    clock.to("2026-01-01T11:59:59.999Z");
    expect(await status()).toBe(200);
    clock.to("2026-01-01T12:00:00Z");
    expect(await status()).toBe(401);
  });

  test("scopes open what they name; no list opens everything, an empty one nothing", async () => {
    await using stage = await openStage();
    const keys = {
      all: { key: key("all") },
      nothing: { key: key("nothing"), scopes: [] },
      account: { key: key("account"), scopes: ["core:account"] },
      monitoring: { key: key("monitoring"), scopes: ["monitoring:*"] },
    };
    const { call } = await stage.actor("alice", withKeys(keys));
    const statuses = async (name: string) => {
      const paths = [info, "/Monitoring/Version", "/Monitoring/Requests"];
      const answers = paths.map((path) => call("GET", path, undefined, { "X-API-KEY": key(name) }));
      return (await Promise.all(answers)).map(({ status }) => status);
    };

    expect(await statuses("all")).toEqual([200, 200, 200]);
    expect(await statuses("nothing")).toEqual([403, 403, 403]);
    expect(await statuses("account")).toEqual([200, 403, 403]);
    expect(await statuses("monitoring")).toEqual([403, 200, 200]);
  });

  test("the header has the name that was configured, and the key of older configurations opens everything", async () => {
    await using stage = await openStage();
    const httpServer = { apiKey: "old-key", authentication: { apiKey: { headerName: "X-Mine", keys: {} } } };
    const { call } = await stage.actor("alice", {
      ...noDelay,
      config: { debug: false, infrastructure: { httpServer } },
    });
    const status = async (headers: Record<string, string>) => (await call("GET", info, undefined, headers)).status;

    expect(await status({ "X-Mine": "old-key" })).toBe(200);
    expect(await status({ "X-API-KEY": "old-key" })).toBe(401);
  });

  test("of several identities a key opens those that it may, and chooses the only one that it may", async () => {
    await using stage = await openStage();
    const accounts = { a: { prefix: "/a", apiKeys: ["forA"] }, b: { prefix: "/b" }, c: { prefix: "/c" } };
    const keys = { forA: { key: key("a") }, onlyB: { key: key("b"), account: "b" }, free: { key: key("free") } };
    const { call } = await stage.actor("house", withKeys(keys, { accounts }));
    const statuses = async (name: string) => {
      const answers = ["/a", "/b", "/c"].map((prefix) =>
        call("GET", `${prefix}${info}`, undefined, { "X-API-KEY": key(name) }),
      );
      return (await Promise.all(answers)).map(({ status }) => status);
    };
    const address = async (path: string) =>
      (await call("GET", path, undefined, { "X-API-KEY": key("b") })).body.result?.address;

    expect(await statuses("a")).toEqual([200, 200, 200]);
    expect(await statuses("b")).toEqual([403, 200, 403]);
    expect(await statuses("free")).toEqual([403, 200, 200]);
    expect(await address(info)).toBe(await address(`/b${info}`));
  });

  test("debug mode without any way is open; production without any does not start", async () => {
    await using stage = await openStage();
    const { call } = await stage.actor("open");

    expect((await call("GET", info)).status).toBe(200);
    await expect(stage.actor("closed", { config: { debug: false } })).rejects.toMatchObject({ code: "config.invalid" });
  });

  test("support output and logs have none of the keys", async () => {
    await using stage = await openStage();
    const lines: string[] = [];
    const log = { write: (...entry: unknown[]) => void lines.push(JSON.stringify(entry)) };
    const { call } = await stage.actor("alice", { ...withKeys({ main: { key: key("main") } }), log });

    const support = await call("GET", "/Monitoring/Support", undefined, { "X-API-KEY": key("main") });
    await call("GET", info, undefined, { "X-API-KEY": key("wrong") });

    expect(support.status).toBe(200);
    expect(support.body.configuration.infrastructure.httpServer.authentication).toEqual({ apiKey: "enabled" });
    expect(JSON.stringify(support.body)).not.toContain(strongKey);
    expect(JSON.stringify(support.body.configuration.transportLibrary)).toContain('"platformClientSecret":"[hidden]"');
    expect(lines.join("\n")).not.toContain(strongKey);
  });
});
