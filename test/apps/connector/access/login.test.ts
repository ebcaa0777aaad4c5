import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { strongKey } from "../config/read.ts";
import { openStage } from "../stage.ts";
import { openBrowser } from "./browser.ts";
import { openProvider } from "./provider.ts";

const info = "/api/v2/Account/IdentityInfo";

async function ground({ roles = ["core:account"], rolesPath = "access.connector.roles" as string | undefined } = {}) {
  const port = await freePort();
  const baseURL = `http://localhost:${port}`;
  const provider = await openProvider(baseURL, roles);
  const stage = await openStage();
  onTestFinished(() => stage[Symbol.asyncDispose]());
  const oidc = {
    issuerBaseURL: provider.url,
    baseURL,
    clientID: "connector",
    clientSecret: "provider-secret",
    secret: "short",
    ...(rolesPath === undefined ? {} : { rolesPath }),
  };
  const httpServer = { authentication: { oidc, apiKey: { keys: { main: { key: strongKey } } } } };
  const { call } = await stage.actor("alice", {
    port,
    unauthorizedDelayMs: () => 0,
    config: { debug: false, infrastructure: { httpServer } },
  });
  return { provider, baseURL, call, browser: openBrowser() };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe("login of people", () => {
  test("a browser is sent to the issuer, comes back to where it was, stays logged in, and logs out", async () => {
    const { provider, baseURL, browser, call } = await ground();

    const form = await browser.open(`${baseURL}${info}?a=1`);
    const back = await provider.logIn(browser, form);
    const again = await browser.open(`${baseURL}${info}`);
    const forbidden = await browser.open(`${baseURL}/Monitoring/Version`);
    const cookie = [...browser.cookies(baseURL)].map(([name, value]) => `${name}=${value}`).join("; ");
    const script = await call("GET", info, undefined, { cookie });
    await browser.open(`${baseURL}/logout`, { stopAt: /session\/end/ });
    const out = await call("GET", info, undefined, { cookie });

    expect(form.url.startsWith(provider.url)).toBe(true);
    expect(back.url).toBe(`${baseURL}${info}?a=1`);
    expect([back.status, again.status, script.status]).toEqual([200, 200, 200]);
    expect(again.hops).toEqual([]);
    expect(forbidden.status).toBe(403);
    expect(out.status).toBe(401);
  });

  test("a client that wants JSON gets 401 and no redirect; an API key decides alone", async () => {
    const { call } = await ground();

    expect((await call("GET", info)).status).toBe(401);
    expect((await call("POST", "/api/v2/Account/Sync", undefined, { accept: "text/html" })).status).toBe(401);
    const xhr = { accept: "text/html", "x-requested-with": "XMLHttpRequest" };
    expect((await call("GET", info, undefined, xhr)).status).toBe(401);
    expect((await call("GET", info, undefined, { "X-API-KEY": strongKey })).status).toBe(200);
    expect((await call("GET", info, undefined, { accept: "text/html", "X-API-KEY": "wrong" })).status).toBe(401);
  });

  test("without a path to the roles, and without roles, a login opens nothing", async () => {
    for (const options of [{ rolesPath: "nowhere" }, { roles: [] }]) {
      const { provider, baseURL, browser } = await ground(options);
      const back = await provider.logIn(browser, await browser.open(`${baseURL}${info}`));

      expect(back.status).toBe(403);
    }
  });

  test("a login ends only in the browser that began it, with the state that it was begun with", async () => {
    const { provider, baseURL, browser } = await ground();
    const atCallback = /\/callback\?/;
    const callback = await provider.logIn(browser, await browser.open(`${baseURL}${info}`), atCallback);
    const victim = openBrowser();
    const tampered = new URL(callback.url);
    tampered.searchParams.set("state", "another");

    const inOther = await victim.open(callback.url);
    const withOtherState = await browser.open(tampered.href);
    const afterThat = await browser.open(callback.url);

    expect([inOther.status, withOtherState.status, afterThat.status]).toEqual([400, 400, 400]);
    expect(JSON.parse(inOther.text).error.code).toBe("access.loginFailed");
    expect(victim.cookies(baseURL).has("rapport.session")).toBe(false);
    expect(browser.cookies(baseURL).has("rapport.session")).toBe(false);
  });

  test("a cookie of a login that somebody made up is none", async () => {
    const { provider, baseURL, browser } = await ground();
    const callback = await provider.logIn(browser, await browser.open(`${baseURL}${info}`), /\/callback\?/);
    const state = new URL(callback.url).searchParams.get("state");
    const madeUp = Buffer.from(
      JSON.stringify({ state, nonce: "n", verifier: "v".repeat(43), returnTo: "/", endsAtMs: 9e15 }),
    ).toString("base64url");
    browser.setCookie(baseURL, "rapport.login", madeUp);

    expect((await browser.open(callback.url)).status).toBe(400);
  });

  test("a session begins under a new id: one that was planted before is worth nothing", async () => {
    const { provider, baseURL, browser, call } = await ground();
    const attacker = openBrowser();
    await provider.logIn(attacker, await attacker.open(`${baseURL}${info}`));
    const planted = attacker.cookies(baseURL).get("rapport.session") ?? "";
    await attacker.open(`${baseURL}/logout`, { stopAt: /session\/end/ });
    browser.setCookie(baseURL, "rapport.session", planted);

    await provider.logIn(browser, await browser.open(`${baseURL}${info}`));

    const own = browser.cookies(baseURL).get("rapport.session");
    expect(planted).not.toBe("");
    expect(own).not.toBe(planted);
    expect((await call("GET", info, undefined, { cookie: `rapport.session=${planted}` })).status).toBe(401);
    expect((await call("GET", info, undefined, { cookie: `rapport.session=${own}` })).status).toBe(200);
  });

  test("its cookies are out of reach of scripts and of other sites", async () => {
    const { provider, baseURL, browser, call } = await ground();
    await provider.logIn(browser, await browser.open(`${baseURL}${info}`));
    const ours = browser.given.filter((line) => line.startsWith("rapport."));
    const cookie = `rapport.session=${browser.cookies(baseURL).get("rapport.session")}`;
    const post = (origin: string) => call("POST", "/api/v2/Account/Sync", undefined, { cookie, origin });

    expect(ours.length).toBeGreaterThanOrEqual(2);
    expect(ours.filter((line) => !/httponly/i.test(line) || !/samesite=lax/i.test(line))).toEqual([]);
    expect((await post("https://evil.example")).status).toBe(401);
    expect((await post(baseURL)).status).toBeLessThan(300);
  });

  test.for([
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "/a\\b",
    "javascript:alert(1)",
    "/%0d%0aX: y",
  ])("nobody is sent to %s after a login", async (returnTo) => {
    const { provider, baseURL, browser } = await ground();
    const form = await browser.open(`${baseURL}/login?returnTo=${encodeURIComponent(returnTo)}`);

    const back = await provider.logIn(browser, form);

    expect(new URL(back.url).origin).toBe(baseURL);
  });
});
