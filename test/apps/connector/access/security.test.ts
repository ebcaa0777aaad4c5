import { describe, expect, test } from "vitest";
import { openStage } from "../stage.ts";

const info = "/api/v2/Account/IdentityInfo";

describe("security headers", () => {
  test("every answer has them, mistakes and preflights included; scripts and pictures of the page are allowed", async () => {
    await using stage = await openStage();
    const { call } = await stage.actor("alice");

    for (const [method, path] of [
      ["GET", info],
      ["GET", "/nowhere"],
      ["POST", "/api/v2/Files"],
    ] as const) {
      const { headers } = await call(method, path, method === "POST" ? {} : undefined);
      const policy = headers.get("content-security-policy") ?? "";

      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("img-src 'self' blob: data:");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe/);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("access-control-allow-origin")).toBe(null);
      expect(headers.get("x-powered-by")).toBe(null);
    }
  });

  test("the docs pages may write styles into themselves, in debug mode only", async () => {
    await using stage = await openStage();
    const authentication = { oidc: undefined };
    const debug = await stage.actor("debug");
    const production = await stage.actor("production", {
      unauthorizedDelayMs: () => 0,
      config: { debug: false, infrastructure: { httpServer: { apiKey: "old", authentication } } },
    });
    const policy = async ({ call }: typeof debug) =>
      (await call("GET", "/docs/swagger")).headers.get("content-security-policy");

    expect(await policy(debug)).toContain("style-src 'self' 'unsafe-inline'");
    expect(await policy(production)).not.toContain("unsafe");
  });

  test("the configuration has the last word", async () => {
    await using stage = await openStage();
    const helmetOptions = { contentSecurityPolicy: false, frameguard: { action: "deny" } };
    const { call } = await stage.actor("alice", { config: { infrastructure: { httpServer: { helmetOptions } } } });

    const { headers } = await call("GET", info);

    expect(headers.get("content-security-policy")).toBe(null);
    expect(headers.get("x-frame-options")).toBe("DENY");
  });
});

describe("CORS", () => {
  test("is off, and on for the origins that are named", async () => {
    await using stage = await openStage();
    const cors = { origin: ["https://a.example"], credentials: true };
    const off = await stage.actor("off");
    const on = await stage.actor("on", { config: { infrastructure: { httpServer: { cors } } } });
    const asked = (origin: string) => ({ origin, "access-control-request-method": "POST" });
    const allowed = async ({ call }: typeof on, origin: string) =>
      (await call("OPTIONS", info, undefined, asked(origin))).headers.get("access-control-allow-origin");

    expect(await allowed(off, "https://a.example")).toBe(null);
    expect(await allowed(on, "https://a.example")).toBe("https://a.example");
    expect(await allowed(on, "https://b.example")).toBe(null);
    expect((await on.call("OPTIONS", info, undefined, asked("https://a.example"))).status).toBe(204);
  });
});
