// `rapport rules`: other rules on past decisions, and mistakes in a table.
import { describe, expect, test } from "vitest";
import { entries as config, lookedBack, printOf, ran, rulesFile } from "./looked-back.ts";

const options = { neverAutomatic: [] };
const same = { config, options };

describe("rapport rules try", () => {
  test("the very same rules change nothing, and neither does trying them", async () => {
    const { file, store } = await lookedBack();
    const before = printOf(file);

    const { exit, out, err } = await ran("rules", "try", rulesFile(same), "--store", store, "--account", "me");

    expect({ exit, err }).toEqual({ exit: 0, err: "" });
    expect(out).toMatch(/2 recorded decisions, judged again .* Nothing was written\./s);
    expect(out).toMatch(/2 +would stay as they are/);
    expect(printOf(file)).toBe(before);
  });

  test("a table that decides otherwise exits with 8 and says what, by which entry, and how often", async () => {
    const { store, decided } = await lookedBack();
    const file = rulesFile({
      config: [config[0], { ...config[1], name: "news-too", responseConfig: { accept: false } }],
      options,
    });

    const { exit, out } = await ran("rules", "try", file, "--store", store, "--account", "me");

    expect(exit).toBe(8);
    expect(out).toMatch(/1 +would change/);
    expect(out).toMatch(/1 +rules-table: consents,.* +accept 1 of 2 +accept 1 of 2/);
    expect(out).toContain(`for example ${decided}`);
  });

  test("functions in a module, and all of it as data", async () => {
    const { store, decided, waiting } = await lookedBack();
    const all = "({ request }) => ({ verdict: 'reject', items: request.content.items.map(() => ({ accept: false })) })";
    const file = rulesFile(`export const rules = [{ name: "strict", judgeRequest: ${all} }];`, "rules.mjs");

    const { exit, out } = await ran("rules", "try", file, "--store", store, "--account", "me", "--json");

    expect(exit).toBe(8);
    expect(JSON.parse(out)).toMatchObject({
      judged: 2,
      changed: 2,
      changes: expect.arrayContaining([
        { by: "strict", from: "accept 1 of 2", to: "reject", count: 1, examples: [decided], afterwards: {} },
        { by: "strict", from: "manual", to: "reject", count: 1, examples: [waiting], afterwards: {} },
      ]),
    });
  });

  test("only decisions since a date; bad input is refused", async () => {
    const { store } = await lookedBack();
    const file = rulesFile(same);
    const where = ["--store", store, "--account", "me"];

    expect((await ran("rules", "try", file, ...where, "--since", "2099-01-01")).out).toContain("0 recorded decisions");
    expect(await ran("rules", "try", file, ...where, "--since", "soon")).toMatchObject({ exit: 2 });
    expect(await ran("rules", "try", rulesFile("{"), ...where)).toMatchObject({
      exit: 2,
      err: expect.stringContaining("rules.json"),
    });
    expect(await ran("rules", "judge", file)).toMatchObject({ exit: 2 });
    for (const odd of [
      { config, option: {} },
      { config, options: null },
      { config, options: { neverAutomatc: [] } },
    ])
      expect(await ran("rules", "try", rulesFile(odd), ...where)).toMatchObject({ exit: 2 });
  });
});

describe("rapport rules check", () => {
  test("a table without mistakes exits with 0", async () => {
    expect(await ran("rules", "check", rulesFile(same))).toMatchObject({
      exit: 0,
      out: expect.stringContaining("0 mistakes"),
    });
  });

  test("an entry that nothing reaches is a mistake, with an example", async () => {
    const all = { name: "all", requestConfig: {}, responseConfig: { accept: false } };

    const { exit, out } = await ran("rules", "check", rulesFile({ config: [all, ...config], options }));

    expect(exit).toBe(8);
    expect(out).toMatch(/unreachable: (consents|no-news) and all/);
    expect(out).toMatch(/for example\s+\{/);
  });
});
