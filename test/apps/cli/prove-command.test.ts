// `rapport rules prove`, as somebody meets it for the first time, and as docs/prove-rules.md shows it.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ran, rulesFile } from "./looked-back.ts";

const doc = readFileSync("docs/prove-rules.md", "utf8");
const rules = "docs/examples/rules.json";
const properties = "docs/examples/properties.json";

/** Figures change with every new kind of Request; everything else is what the page shows. */
const withoutFigures = (text: string) =>
  text.replaceAll(/\d+(?=%| Requests| of \d|\.$| more)/gm, "N").replaceAll(/\s+/g, " ");

describe("rapport rules prove", () => {
  test("prints what the page shows, and exits with 8", async () => {
    const [, shown = ""] = /```text\n\$ rapport rules prove .*\n([\s\S]*?)```/.exec(doc) ?? [];

    const { exit, out, err } = await ran("rules", "prove", rules, "--properties", properties);

    expect({ exit, err }).toEqual({ exit: 8, err: "" });
    const printed = withoutFigures(out);
    for (const part of shown.split("...\n")) expect(printed).toContain(withoutFigures(part).trim());
  });

  test("what the page calls properties is read, the module too", async () => {
    const [, json = ""] = /```json\n([\s\S]*?)```/.exec(doc) ?? [];
    const [, module = ""] = /```js\n([\s\S]*?)```/.exec(doc) ?? [];
    const shift = { requestConfig: { "content.title": "Shift" }, responseConfig: { accept: false } };

    const fromJson = await ran("rules", "prove", rules, "--properties", rulesFile(json, "mine.json"), "--runs", "2000");
    const fromModule = await ran("rules", "prove", rulesFile([shift]), "--properties", rulesFile(module, "mine.mjs"));

    expect(fromJson).toMatchObject({ exit: 8, out: expect.stringContaining("strangers read nothing") });
    expect(fromModule).toMatchObject({ exit: 0, out: expect.stringMatching(/holds +noNightShift/) });
  });

  test("every line fits the screen, and the last one is the command that gives the same again", async () => {
    const first = await ran("rules", "prove", rules, "--runs", "500", "--seed", "9");
    const [, again = ""] = /The same again: rapport ([\s\S]*)$/.exec(first.out) ?? [];

    const second = await ran(...again.trim().split(/\s+/));

    expect(first.out.split("\n").every((line) => line.length <= 80)).toBe(true);
    expect(second).toEqual(first);
  });

  test("rules that hold exit with 0; without properties the built-in ones are held", async () => {
    const file = rulesFile([
      { name: "no", requestConfig: { "content.title": "News" }, responseConfig: { accept: false } },
    ]);

    const { exit, out } = await ran("rules", "prove", file, "--runs", "1000");

    expect(exit).toBe(0);
    expect(out).toMatch(/3 properties, 3 without a counter-example,\s+among 1000 Requests \(seed 1\)\./);
    expect(out).toMatch(/holds +never accepts an item from a peer without a Relationship, unless/);
  });

  test("a property that was not tested, and rules that nothing reaches, exit with 8 and say so", async () => {
    const impossible = { properties: [{ never: "accept", when: { source: "Message", relationship: false } }] };
    const silent = rulesFile("export const rules = [{ name: 'silent', judgeRequest: () => undefined }];", "silent.mjs");

    const untested = await ran(
      "rules",
      "prove",
      rules,
      "--properties",
      rulesFile(impossible, "p.json"),
      "--runs",
      "500",
    );
    const unreached = await ran("rules", "prove", silent, "--runs", "500");

    expect(untested).toMatchObject({
      exit: 8,
      out: expect.stringMatching(/not tested +never accepts .*perhaps none can be/s),
    });
    expect(unreached).toMatchObject({ exit: 8, out: expect.stringContaining("No Request reached a rule") });
  });

  test("all of it as data", async () => {
    const { exit, out } = await ran("rules", "prove", rules, "--properties", properties, "--runs", "2000", "--json");

    expect(exit).toBe(8);
    expect(JSON.parse(out)).toMatchObject({
      file: rules,
      proven: false,
      again: `rapport rules prove ${rules} --properties ${properties} --runs 2000 --seed 1`,
      seed: 1,
      runs: 2000,
      properties: expect.arrayContaining([
        expect.objectContaining({
          name: "strangers read nothing",
          holds: false,
          counterExample: expect.objectContaining({
            verdict: "accept",
            trace: [expect.objectContaining({ outcome: "decided" })],
          }),
        }),
      ]),
    });
  });

  test("bad input is the user's to mend, and the message says which file and where", async () => {
    const bad = (json: unknown) => rulesFile(json, "bad.json");
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [[], /Something is missing/],
      [[rules, "--runs", "many"], /--runs is "many"/],
      [[rules, "--runs", "0"], /runs must be a whole number/],
      [[rules, "--seed", "99999999999"], /seed must be/],
      [[rules, "--properties", "nowhere.json"], /nowhere\.json: The file cannot be read/],
      [[rules, "--properties", bad("{")], /bad\.json: This is not JSON/],
      [
        [rules, "--properties", bad({ properties: [{ never: "accepts" }] })],
        /bad\.json: properties\[0\]: never must be of/,
      ],
      [
        [rules, "--properties", bad({ properties: [{ never: "accept", when: { itm: 1 } }] })],
        /no condition "itm"; there are/,
      ],
      [[rules, "--properties", rulesFile("export default 1;", "p.mjs")], /must export properties by name/],
      [[rules, "--properties", rulesFile("export const a = 1;", "p.mjs")], /The export a must be a function/],
      [["nowhere.json"], /nowhere\.json: The file cannot be read/],
    ];

    for (const [words, message] of cases)
      expect(await ran("rules", "prove", ...words)).toMatchObject({
        exit: 2,
        out: "",
        err: expect.stringMatching(message),
      });
  });
});
