// What a check finds in a table, each with a Request on which it can be seen.
import fc from "fast-check";
import {
  checkRuleTable,
  createRuleTable,
  type Finding,
  type RequestEntry,
  type RuleTableConfig,
} from "rapport/plugins/rules-table";
import { describe, expect, test } from "vitest";
import { no, P, yes } from "./facts.ts";

const type = "content.item.@type";
const form = { [type]: "FormFieldRequestItem" };
const reject = (name: string, requestConfig: RequestEntry["requestConfig"]): RequestEntry => ({
  name,
  requestConfig,
  responseConfig: no,
});
const accept = (name: string, requestConfig: RequestEntry["requestConfig"]): RequestEntry => ({
  name,
  requestConfig,
  responseConfig: yes,
});
const short = (findings: readonly Finding[]) =>
  findings.map(({ kind, entry, by }) => [kind, entry, ...(by === undefined ? [] : [by])].join(" "));
const check = (config: RuleTableConfig, options = {}) => short(checkRuleTable(config, options));

describe("entries that nothing reaches", () => {
  const cases: [string, RequestEntry[], string[]][] = [
    ["the same twice", [reject("a", { peer: P }), reject("b", { peer: P })], ["unreachable b a"]],
    ["everything is answered before", [reject("a", {}), reject("b", { peer: P })], ["unreachable b a"]],
    [
      "the opposite of what is answered before",
      [reject("a", { peer: [P, "x"] }), accept("b", { peer: P })],
      ["contradiction b a"],
    ],
    [
      "an interval inside another",
      [reject("a", { createdAt: ">2030-01-01" }), reject("b", { createdAt: [">2030-02-01", "<2031-01-01"] })],
      ["unreachable b a"],
    ],
    [
      "fewer tags",
      [
        reject("a", { "content.item.attribute.tags": ["x:a", "x:b"] }),
        reject("b", { "content.item.attribute.tags": ["x:a"] }),
      ],
      ["unreachable b a"],
    ],
    [
      "a member of an object",
      [reject("a", { "content.metadata.a": 1 }), reject("b", { "content.metadata": { a: 1, b: 2 } })],
      ["unreachable b a"],
    ],
    [
      "a general accept before one of simple items",
      [accept("a", {}), reject("b", { [type]: "CreateAttributeRequestItem" })],
      ["contradiction b a"],
    ],
    [
      "several together, by a flag",
      [
        accept("a", { ...form, "content.item.mustBeAccepted": true }),
        reject("b", { "content.item.mustBeAccepted": false }),
        reject("c", form),
      ],
      ["always fails a", "contradiction c a"],
    ],
    [
      "several together, by its own list",
      [reject("a", { peer: "x" }), reject("b", { peer: "y" }), reject("c", { peer: ["x", "y"] })],
      ["unreachable c a"],
    ],
  ];

  test.for(cases)("%s", ([, table, findings]) => {
    expect(check(table)).toEqual(findings);
  });

  test("an exception before its rule is none, and neither are entries about different things", () => {
    expect(check([accept("a", { peer: P }), reject("b", {})])).toEqual([]);
    expect(check([reject("a", { peer: "x" }), accept("b", { peer: "y" })])).toEqual([]);
    expect(check([accept("a", {}), reject("b", form)])).toEqual([]);
    expect(check([reject("a", { createdAt: "<2030-01-01" }), accept("b", { createdAt: ">2030-01-01" })])).toEqual([]);
  });

  test("the example matches both entries, and the earlier one answers it", () => {
    const table = [reject("a", { peer: [P, "x"] }), accept("b", { peer: P, "content.title": "t" })];
    const [finding] = checkRuleTable(table);
    const example = finding?.example as NonNullable<Finding["example"]>;

    expect(finding).toMatchObject({ kind: "contradiction", entry: "b", by: "a" });
    expect(createRuleTable(table).rule.judgeRequest?.(example)).toMatchObject({ entries: { "items[0]": "a" } });
    expect(createRuleTable(table.slice(1)).rule.judgeRequest?.(example)).toMatchObject({
      entries: { "items[0]": "b" },
    });
  });
});

test("entries that cross each other with opposite answers are told, weaker", () => {
  const table = [reject("a", { peer: P }), accept("b", { "content.title": "t" })];

  expect(check(table)).toEqual(["overlap b a"]);
  expect(check([reject("a", { peer: P }), reject("b", { "content.title": "t" })])).toEqual([]);
});

describe("entries that cannot work", () => {
  const cases: [string, RequestEntry, string][] = [
    ["an empty interval", reject("a", { createdAt: [">2030-01-02", "<2030-01-01"] }), "impossible a"],
    ["two instants at once", reject("a", { createdAt: ["2030-01-01", "2030-01-02"] }), "impossible a"],
    ["an empty list", reject("a", { peer: [] }), "impossible a"],
    [
      "a member that the type does not have",
      reject("a", { ...form, "content.item.attribute.key": "x" }),
      "impossible a",
    ],
    ["a type that is never decided automatically", reject("a", { [type]: "ConsentRequestItem" }), "impossible a"],
    ["a form field accepted without an answer", accept("a", form), "always fails a"],
    ["a path that is spelt wrong", reject("a", { peers: P }), "unknown path a"],
  ];

  test.for(cases)("%s", ([, entry, finding]) => {
    expect(check([entry])).toEqual([finding]);
  });

  test("the same is fine where it is allowed", () => {
    expect(check([reject("a", { [type]: "ConsentRequestItem" })], { neverAutomatic: [] })).toEqual([]);
    expect(check([reject("a", { [type]: "SignatureRequestItem", "content.item.attribute.key": "x" })])).toEqual([]);
  });
});

test("an entry that is said to be unreachable decides nothing, whatever comes", () => {
  const value = fc.constantFrom("1", "2", ["1", "2"]);
  const config = fc.record(
    {
      peer: value,
      "content.title": value,
      relationshipAlreadyExists: fc.boolean(),
      "content.item.mustBeAccepted": fc.boolean(),
    },
    { requiredKeys: [] },
  );
  const request = fc.record({
    peer: fc.constantFrom("1", "2"),
    title: fc.constantFrom("1", "2", "3"),
    exists: fc.boolean(),
    must: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(config, { maxLength: 8 }), fc.array(request, { minLength: 8 }), (configs, requests) => {
      const table = configs.map((one, index) => reject(`e${index}`, one));
      const dead = new Set(checkRuleTable(table).flatMap(({ kind, entry }) => (kind === "unreachable" ? [entry] : [])));
      const { rule } = createRuleTable(table);
      for (const { peer, title, exists, must } of requests) {
        const items = [{ "@type": "FormFieldRequestItem", mustBeAccepted: must }];
        const verdict = rule.judgeRequest?.({
          self: "me",
          now: "2030-01-01T00:00:00.000Z",
          relationships: exists ? [{ peer }] : [],
          request: { peer, source: { type: "Message" }, content: { title, items } },
        });
        expect(dead).not.toContain((verdict as { entries?: Record<string, string> }).entries?.["items[0]"]);
      }
    }),
    { numRuns: 300 },
  );
});

test("ten thousand lines that share what they want are checked before anybody gets tired", () => {
  const lines = Array.from({ length: 10_000 }, (_, n) => ({
    name: `e${n}`,
    requestConfig: { "content.item.@type": "FormFieldRequestItem", peer: ["p", `q${n}`] },
    responseConfig: { accept: false },
  }));
  const twin = { name: "twin", requestConfig: { peer: "q7", "content.item.@type": "FormFieldRequestItem" } };

  const found = checkRuleTable([...lines, { ...twin, responseConfig: { accept: false } }]);

  expect(found.filter(({ kind }) => kind === "unreachable")).toMatchObject([{ entry: "twin", by: "e7" }]);
});
