// `rapport explain`: one screen, from a store that nobody has open.
import { dirname } from "node:path";
import { createSqliteStore } from "rapport/plugins/storage-sqlite";
import { describe, expect, test } from "vitest";
import { idle, lookedBack, printOf, ran } from "./looked-back.ts";
import { filesIn } from "./told.ts";

describe("rapport explain", () => {
  test.for(["sqlite", "lowdb"] as const)(
    "says who decided what and why, and leaves the %s file as it is",
    async (kind) => {
      const { file, store, decided } = await lookedBack(kind);
      const before = [printOf(file), ...filesIn(dirname(file))];

      const { exit, out, err } = await ran("explain", decided, "--store", store, "--account", "me");

      expect({ exit, err }).toEqual({ exit: 0, err: "" });
      expect(out).toContain('"News"');
      expect(out).toMatch(/Accepted by the rule rules-table \(rules-table@\d+\) on \d{4}-/);
      expect(out).toMatch(/1 +Consent: We may write\. +accepted +by consents/);
      expect(out).toMatch(/2 +FormField \(optional\): Your name +rejected \(no\.news\) +by no-news/);
      expect(out).toMatch(/yes content\.item\.@type: wanted "Consent.*, saw "ConsentReq/);
      expect([printOf(file), ...filesIn(dirname(file))]).toEqual(before);
    },
  );

  test("a thousand entries fit one screen: first what decided, then what came nearest", async () => {
    const { store, decided } = await lookedBack("sqlite", idle(1000));

    const { out } = await ran("explain", decided, "--store", store, "--account", "me");
    const all = await ran("explain", decided, "--store", store, "--account", "me", "--all");

    const lines = out.split("\n");
    expect(lines.length).toBeLessThanOrEqual(40);
    expect(lines.every((line) => line.length <= 80)).toBe(true);
    expect(out.indexOf("consents decided")).toBeLessThan(out.indexOf("idle-700 did not match"));
    expect(out).toContain("and 997 more did not match; --all shows them");
    expect(all.out.split("\n").length).toBeGreaterThan(3000);
  });

  test("what nobody has decided says what it waits for", async () => {
    const { store, waiting } = await lookedBack();

    const { out } = await ran("explain", waiting, "--store", store, "--account", "me");

    expect(out).toContain("Nobody has decided. It waits for a person, until 2099-01-01");
    expect(out).toMatch(/rules-table said manual: No entry answers items\[1\]/);
  });

  test("--json gives the explanation as data", async () => {
    const { store, decided } = await lookedBack();

    const { out } = await ran("explain", decided, "--store", store, "--account", "me", "--json");

    expect(JSON.parse(out)).toMatchObject({
      id: decided,
      decided: { verdict: "accept" },
      items: [{ entry: "consents" }, {}],
    });
  });

  test("mistakes have their exit codes, and change nothing", async () => {
    const { file, store, decided } = await lookedBack();
    const before = printOf(file);

    expect(await ran("explain", decided)).toMatchObject({
      exit: 2,
      err: expect.stringContaining("--store is missing"),
    });
    expect(await ran("explain", "--store", store)).toMatchObject({ exit: 2, err: expect.stringContaining("give ID") });
    expect(await ran("explain", decided, "--store", `sqlite:${file}.not`)).toMatchObject({ exit: 2 });
    expect(await ran("explain", decided, "--store", `sqlite:${dirname(file)}`)).toMatchObject({ exit: 2 });
    expect(await ran("explain", decided, "--store", store)).toMatchObject({
      exit: 2,
      err: expect.stringContaining("--account"),
    });
    expect(await ran("explain", decided, "--store", store, "--account", "eve")).toMatchObject({ exit: 3 });
    expect(await ran("explain", "REQx", "--store", store, "--account", "me")).toMatchObject({ exit: 3 });
    expect(filesIn(dirname(file))).toEqual(["store", "store.key"]);
    expect(printOf(file)).toBe(before);
  });

  test("a store that an engine has open is left alone, and said to be in use", async () => {
    const { file, store, decided } = await lookedBack();
    await using open = createSqliteStore({ file });
    await open.open([]);

    expect(await ran("explain", decided, "--store", store)).toMatchObject({
      exit: 7,
      err: expect.stringContaining("store.inUse"),
    });
  });
});
