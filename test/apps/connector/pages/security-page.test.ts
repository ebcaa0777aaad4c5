// The page for phones, where a peer, or somebody who sends a link, means harm.
import type { Browser } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { itemInWords } from "../../../../src/apps/connector/pages/app/item-words.ts";
import { fieldsOf, nameOfType, valueInWords } from "../../../../src/apps/connector/pages/app/value-types.ts";
import { freshBuild } from "../../../tidy/built.ts";
import { inProduction, mainKey, openGuarded } from "../security-stage.ts";
import { type Actor, openStage } from "../stage.ts";
import { everyKind } from "./offers.ts";
import { hasBrowser, openBrowser, openPhone } from "./phone.ts";

const markup = `"><img src=x onerror=taken=1><a href=javascript:taken=1>`;

/** The same content, with markup in every text that a peer may choose freely. */
function withMarkup(value: unknown, name = ""): unknown {
  const isFree = /^(title|description|consent|freeText|options|linkDisplayText)$/.test(name);
  if (typeof value === "string") return isFree ? `${value}${markup}` : value;
  if (Array.isArray(value)) return value.map((one) => withMarkup(one, name));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withMarkup(inner, key)]));
}

async function publish(actor: Actor, content: unknown): Promise<string> {
  const template = { content, expiresAt: "2100-01-01T00:00:00.000Z" };
  const { status, body } = await actor.call("POST", "/api/v2/RelationshipTemplates/Own", template);
  expect({ status, says: body.error?.message }).toEqual({ status: 201, says: undefined });
  return body.result.truncatedReference;
}

describe.runIf(hasBrowser())("the page", () => {
  let browser: Browser;
  beforeAll(async () => {
    await freshBuild();
    browser = await openBrowser();
  }, 300_000);
  afterAll(() => browser.close());

  test("shows what a peer wrote as text: no markup of it is run, loaded or clickable", async () => {
    await using stage = await openStage();
    const [library, mara] = [await openGuarded(stage, "library"), await openGuarded(stage, "mara")];
    const reference = await publish(library, withMarkup(everyKind()));
    const phone = await openPhone(browser);
    const asked: string[] = [];
    phone.page.on("request", (request) => asked.push(request.url()));

    await phone.open(`${mara.url}/app#key=${encodeURIComponent(mainKey)}&reference=${reference}`);
    await phone.reads("Where to?");

    await phone.reads("<img src=x");
    const found = await phone.page.evaluate(
      `[...document.querySelectorAll("img[src=x], a[href^=javascript], main script, [onerror]")].length`,
    );
    expect(found).toBe(0);
    expect(await phone.page.evaluate("globalThis.taken")).toBe(undefined);
    expect(asked.filter((url) => new URL(url).origin !== mara.url && !url.startsWith("data:"))).toEqual([]);
    expect(phone.complaints).toEqual([]);
  });

  test("forgets the key of a link at once: it is in no address, no history and no Referer", async () => {
    await using stage = await openStage();
    const mara = await openGuarded(stage, "mara", inProduction());
    const phone = await openPhone(browser);
    const sent: string[] = [];
    phone.page.on("request", (request) => sent.push(`${request.url()} ${request.headers()["referer"] ?? ""}`));

    await phone.open(`${mara.url}/app#key=${encodeURIComponent(mainKey)}`);
    await phone.sees("Your relationships");

    const client = await phone.page.createCDPSession();
    const { entries } = await client.send("Page.getNavigationHistory");
    const kept = [phone.page.url(), ...entries.map(({ url }) => url), ...sent.slice(1)].map(decodeURIComponent);
    expect(kept.filter((text) => text.includes(mainKey) || text.includes("key="))).toEqual([]);
    expect(await phone.page.evaluate("document.referrer + JSON.stringify({ ...localStorage }) + document.cookie")).toBe(
      "{}",
    );
  });

  test("works under a policy that forbids scripts and pictures of others, and frames around it", async () => {
    await using stage = await openStage();
    const { call } = await openGuarded(stage, "mara");

    for (const path of ["/app", "/app/main.js", "/app/app.css", "/app/icon.svg"]) {
      const { status, headers } = await call("GET", path);
      const policy = headers.get("content-security-policy") ?? "";
      expect({ path, status }).toEqual({ path, status: 200 });
      expect(policy).toMatch(/default-src 'none'/);
      expect(policy).toMatch(/frame-ancestors 'none'/);
      expect(policy).not.toMatch(/unsafe|\*|https?:/);
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
    }
    for (const path of ["/app/..%2f..%2fpackage.json", "/app/%2e%2e/package.json", "/app/main.ts", "/app/app.css%00"]) {
      expect((await call("GET", path)).status).toBeGreaterThanOrEqual(400);
    }
  });
});

describe("what the page reads", () => {
  test.for(["javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", "//evil.example", "vbscript:x"])(
    "the link %j is none to click",
    (link) => {
      const words = JSON.stringify(itemInWords({ "@type": "ConsentRequestItem", consent: "Yes?", link }));
      expect(words).toContain("Yes?");
      expect(words).not.toContain("href");
    },
  );

  test.for(["constructor", "__proto__", "toString", "hasOwnProperty"])("%s is a type like any unknown one", (type) => {
    expect(nameOfType(type)).toBe("entry");
    expect(fieldsOf(type)).toMatchObject([{ member: "value" }]);
    expect(valueInWords({ "@type": type, value: "a" })).toBe("a");
  });

  test("an id in a link leads to no other route", async () => {
    const asked: string[] = [];
    // Its types are those of browsers, which tests do not have.
    const place: string = "../../../../src/apps/connector/pages/app/connector.ts";
    const { createConnector } = await import(place);
    const connector = createConnector(async (_method: string, path: string) => {
      asked.push(path);
      return {};
    });
    for (const id of ["..\\..\\Relationships\\REL1", "../../Files", "..", "x?y", "%2e%2e%2f", "a#b"]) {
      await connector.request(id);
      await connector.relationship(id);
      await connector.accept(id, []);
      await connector.change(id, "Accept");
    }
    await connector.request("REQa1");
    await connector.matches({ "@type": "constructor" });

    expect([...new Set(asked)]).toEqual([
      "/Requests/Incoming/none",
      "/Relationships/none",
      "/Requests/Incoming/none/Accept",
      "/Relationships/none/Accept",
      "/Requests/Incoming/REQa1",
    ]);
  });
});
