import { describe, expect, test } from "vitest";
import { accessWarnings } from "../../../../src/apps/connector/access/policy.ts";
import { least, problemsOf, read, strongKey, withValues } from "../config/read.ts";

const authentication = "infrastructure.httpServer.authentication";
const keys = `${authentication}.apiKey.keys`;

/** What is wrong with these values, without where they stand. */
function wrong(
  values: Readonly<Record<string, unknown>>,
  base: object = { ...least, debug: false },
): readonly string[] {
  return problemsOf({ file: withValues(base, values) }).map((line) => line.replace(/ \(config\.json\)$/, ""));
}

describe("API keys at the start", () => {
  test.for([
    ["Aa11-", /at least 30 characters/],
    ["abcdefghijklmnopqrstuvwxyz-ABCD-1", /at least 2 digits/],
    ["abcdefghijklmnopqrstuvwxyz-A-1234", /at least 2 capital letters/],
    ["ABCDEFGHIJKLMNOPQRSTUVWXYZ-a-1234", /at least 2 small letters/],
    ["ABCDEFGHIJKLMNOPQRSTUVWXYZabc1234", /at least 1 special character/],
    ["ABCDEFGHIJKLMNOPQRSTUVWXYZabc1234\u00e4", /characters that no header can carry/],
  ] as const)("%s is too weak", ([key, why]) => {
    const [problem = "", ...others] = wrong({ [`${keys}.main`]: { key } });

    expect(problem).toMatch(why);
    expect(problem).not.toContain(key);
    expect(others).toEqual([]);
  });

  test("all that is wrong with all of them is told", () => {
    const problems = wrong({
      [`${keys}.a`]: { key: "weak" },
      [`${keys}.b`]: { key: strongKey, expiresAt: "2025-12-31T23:59:59Z" },
      [`${keys}.c`]: { key: strongKey, scopes: ["core:files", "core files"] },
      [`${keys}.d`]: { key: `${strongKey}!`, account: "nobody" },
      "accounts.a": { prefix: "/a" },
    });

    expect(problems.map((line) => line.split(" ")[0])).toEqual([
      `${keys}.a.key`,
      `${keys}.b.expiresAt`,
      `${keys}.c.key`,
      `${keys}.c.scopes.1`,
      `${keys}.d.account`,
    ]);
    expect(problems[2]).toMatch(/is the same key as .*keys\.b/);
  });

  test("what is disabled is not judged", () => {
    const disabled = { key: "weak", enabled: false, expiresAt: "2020-01-01T00:00:00Z" };
    const file = withValues(least, { [`${keys}.a`]: disabled });
    const block = withValues(least, { [`${keys}.a`]: { key: "weak" }, [`${authentication}.apiKey.enabled`]: false });

    expect(() => read({ file })).not.toThrow();
    expect(() => read({ file: block })).not.toThrow();
  });

  test("the one key of older configurations may be weak, and that is said", () => {
    const { config } = read({ file: withValues(least, { "infrastructure.httpServer.apiKey": "old" }), serves: true });

    expect(accessWarnings(config)).toEqual([expect.stringMatching(/apiKey is weak: it needs at least 30/)]);
    expect(accessWarnings(config).join()).not.toContain("old");
  });

  test("scopes that open nothing of ours, an open door and logins without roles are said", () => {
    const typo = read({
      file: withValues(least, { [`${keys}.a`]: { key: strongKey, scopes: ["core:fiels", "core:*"] } }),
    });
    const oidc = { issuerBaseURL: "https://i", baseURL: "https://b", clientID: "c", secret: "s" };
    const login = read({ file: withValues(least, { [`${authentication}.oidc`]: oidc }) });

    expect(accessWarnings(typo.config)).toEqual([expect.stringMatching(/core:fiels \(a\)/)]);
    expect(accessWarnings(login.config)).toEqual([expect.stringMatching(/no rolesPath/)]);
    expect(accessWarnings(read({ file: least }).config)).toEqual([expect.stringMatching(/whoever reaches this port/)]);
  });
});

describe("issuers at the start", () => {
  const bearer = { issuerBaseURL: "https://i.example", audience: "us" };

  test.for(["none", "HS256", "RS1"])("tokens signed with %s are not taken", (tokenSigningAlg) => {
    expect(wrong({ [`${authentication}.jwtBearer`]: { ...bearer, tokenSigningAlg } })).toEqual([
      expect.stringMatching(/tokenSigningAlg must be of RS256/),
    ]);
  });

  test("they are asked over https, but on this machine and in debug mode", () => {
    const at = (issuerBaseURL: string) => ({ [`${authentication}.jwtBearer`]: { ...bearer, issuerBaseURL } });
    const debug = withValues(least, at("http://i.example"));
    const here = withValues({ ...least, debug: false }, at("http://localhost:1234/realm"));

    expect(wrong(at("http://i.example"))).toEqual([expect.stringMatching(/must be an https address/)]);
    expect(wrong(at("somewhere"))).toEqual([expect.stringMatching(/must be an https address/)]);
    expect(() => read({ file: debug })).not.toThrow();
    expect(() => read({ file: here })).not.toThrow();
  });

  test("a login asks for openid", () => {
    const oidc = { issuerBaseURL: "https://i", baseURL: "https://b", clientID: "c", secret: "s", scope: "profile" };

    expect(wrong({ [`${authentication}.oidc`]: oidc })).toEqual([expect.stringMatching(/scope must have openid/)]);
  });
});
