import { generateKeyPair } from "jose";
import { describe, expect, onTestFinished, test } from "vitest";
import { strongKey } from "../config/read.ts";
import { openStage } from "../stage.ts";
import { handClock } from "./hand-clock.ts";
import { openIssuer } from "./issuer.ts";

const noDelay = { unauthorizedDelayMs: () => 0 };
const info = "/api/v2/Account/IdentityInfo";

async function ground(more: object = {}) {
  const clock = handClock("2026-01-01T00:00:00Z");
  const seconds = () => Math.floor(clock.now() / 1000);
  const issuer = await openIssuer(seconds);
  const stage = await openStage(clock);
  onTestFinished(() => stage[Symbol.asyncDispose]());
  const jwtBearer = { issuerBaseURL: issuer.url, audience: "connector", ...more };
  const apiKey = { keys: { main: { key: strongKey } } };
  const httpServer = { authentication: { jwtBearer, apiKey } };
  const { call } = await stage.actor("alice", { ...noDelay, config: { debug: false, infrastructure: { httpServer } } });
  const ask = async (token: string, path = info, headers: Record<string, string> = {}) =>
    call("GET", path, undefined, { authorization: `Bearer ${token}`, ...headers });
  return { issuer, ask, call, clock, seconds };
}

/** A part of a token that says what the caller likes. */
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("bearer tokens", () => {
  test("open what their scope names, and nothing without one", async () => {
    const { issuer, ask } = await ground();
    const token = await issuer.token();

    expect((await ask(token)).status).toBe(200);
    expect((await ask(token, "/Monitoring/Version")).status).toBe(200);
    expect((await ask(token, "/Monitoring/Requests")).status).toBe(403);
    expect((await ask(await issuer.token({ payload: { scope: undefined } }))).status).toBe(403);
    expect((await ask(await issuer.token({ payload: { scope: ["core:account"] } }))).status).toBe(403);
  });

  test("are refused when they are forged, for somebody else, of somebody else, or out of their time", async () => {
    const { issuer, ask, seconds } = await ground();
    const strangers = (await generateKeyPair("RS256")).privateKey;
    const secret = new TextEncoder().encode(issuer.publicPem);
    const good = await issuer.token();
    const [head = "", body = "", signature = ""] = good.split(".");
    const claims = JSON.parse(Buffer.from(body, "base64url").toString());
    const bad: Record<string, string> = {
      "another key": await issuer.token({ key: strangers }),
      "a key that is not published": await issuer.token({ key: strangers, kid: "unknown" }),
      "HS256 with the public key": await issuer.token({ algorithm: "HS256", key: secret }),
      "alg none": `${part({ alg: "none" })}.${body}.`,
      "alg none with a signature": `${part({ alg: "none" })}.${body}.${signature}`,
      "changed claims": `${head}.${part({ ...claims, scope: "**" })}.${signature}`,
      "no signature": `${head}.${body}.`,
      "another audience": await issuer.token({ audience: "somebody else" }),
      "another issuer": await issuer.token({ issuer: "https://evil.example" }),
      expired: await issuer.token({ expiresAt: seconds() - 6 }),
      "not yet valid": await issuer.token({ notBefore: seconds() + 60 }),
      "no end": await issuer.token({ isEndless: true }),
      "not a token": "abc",
      nothing: "",
      "very long": `${head}.${"a".repeat(20_000)}.${signature}`,
    };

    for (const [why, token] of Object.entries(bad))
      expect({ why, status: (await ask(token)).status }).toEqual({ why, status: 401 });
    expect((await ask(good)).status).toBe(200);
  });

  test("other schemes are no tokens", async () => {
    const { issuer, call } = await ground();
    const token = await issuer.token();

    for (const authorization of [`Basic ${token}`, token, `Bearer${token}`, `Bearer ${token} x`]) {
      expect((await call("GET", info, undefined, { authorization })).status).toBe(401);
    }
  });

  test("an API key decides alone, even a wrong one beside a good token", async () => {
    const { issuer, ask } = await ground();
    const token = await issuer.token();

    expect((await ask(token, info, { "X-API-KEY": "wrong" })).status).toBe(401);
    expect((await ask("wrong", info, { "X-API-KEY": strongKey })).status).toBe(200);
  });

  test("the issuer is asked once for many tokens, strangers do not make us ask again, and new keys are found", async () => {
    const { issuer, ask, clock } = await ground();
    const strangers = (await generateKeyPair("RS256")).privateKey;
    const unknown = await issuer.token({ key: strangers, kid: "unknown" });
    for (let turn = 0; turn < 5; turn += 1) await ask(await issuer.token());
    for (let turn = 0; turn < 5; turn += 1) await ask(unknown);
    const before = { ...issuer.asked };

    await issuer.rotate();
    clock.to("2026-01-01T00:11:00Z");
    const { status } = await ask(await issuer.token());

    expect(before).toEqual({ metadata: 1, keys: 1 });
    expect(status).toBe(200);
    expect(issuer.asked).toEqual({ metadata: 2, keys: 2 });
  });

  test("an issuer that is down is told apart from a bad token, and asked again afterwards", async () => {
    const { issuer, ask } = await ground();
    const token = await issuer.token();
    await issuer.close();

    const { status, body } = await ask(token);

    expect({ status, code: body.error.code }).toEqual({ status: 503, code: "access.issuerUnreachable" });
  });

  test("keys may be named without metadata; then the issuer has the name that was configured", async () => {
    const clock = handClock("2026-01-01T00:00:00Z");
    const issuer = await openIssuer(() => clock.now() / 1000);
    await using stage = await openStage(clock);
    const jwtBearer = {
      issuerBaseURL: "https://named.example/",
      audience: ["other", "us"],
      jwksUri: `${issuer.url}/keys`,
    };
    const httpServer = { authentication: { jwtBearer } };
    const { call } = await stage.actor("a", { ...noDelay, config: { debug: false, infrastructure: { httpServer } } });
    const status = async (name: string) => {
      const token = await issuer.token({ issuer: name, audience: "us" });
      return (await call("GET", info, undefined, { authorization: `Bearer ${token}` })).status;
    };

    expect(await status("https://named.example/")).toBe(200);
    expect(await status("https://named.example")).toBe(200);
    expect(await status(issuer.url)).toBe(401);
    expect(issuer.asked.metadata).toBe(0);
  });
});
