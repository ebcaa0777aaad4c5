// What is wrong with a table is said when it is loaded, with the entry and the field (spec/domain.md 7.2, 7.3).
import { readFileSync } from "node:fs";
import { hasCode, type JsonObject, type RapportError } from "rapport/core";
import { checkRuleTable, createRuleTable, type RuleTableConfig } from "rapport/plugins/rules-table";
import { describe, expect, test } from "vitest";
import { no, yes } from "./facts.ts";

const type = "content.item.@type";
const mismatch = "error.runtime.decide.requestConfigDoesNotMatchResponseConfig";
const fine = { requestConfig: {}, responseConfig: yes };

function problemOf(config: unknown, options = {}): RapportError {
  try {
    createRuleTable(config as RuleTableConfig, options);
  } catch (problem) {
    return problem as RapportError;
  }
  throw new Error("The table was taken.");
}

describe("an entry whose answer does not fit what it matches", () => {
  const date = "2030-01-01T00:00:00.000Z";
  const cases: [string, JsonObject, JsonObject][] = [
    ["#116: accepts to read without an attribute", { [type]: "ReadAttributeRequestItem" }, yes],
    ["accepts a proposal without an attribute", { [type]: "ProposeAttributeRequestItem" }, yes],
    ["accepts a deletion without a date", { [type]: "DeleteAttributeRequestItem" }, yes],
    ["reads with the attribute of a proposal", { [type]: "ReadAttributeRequestItem" }, { accept: true, attribute: {} }],
    ["is general and has a date", {}, { accept: true, deletionDate: date }],
    [
      "names several types and has a date",
      { [type]: ["DeleteAttributeRequestItem"] },
      { accept: true, deletionDate: date },
    ],
    [
      "is about items without a type and has a date",
      { "content.item.mustBeAccepted": true },
      { accept: true, deletionDate: date },
    ],
    ["ignores items", { [type]: "FormFieldRequestItem" }, { ignore: true }],
  ];

  test.for(cases)("%s", ([, requestConfig, responseConfig]) => {
    const problem = problemOf([fine, { name: "mine", requestConfig, responseConfig }]);

    expect(problem).toMatchObject({
      code: mismatch,
      details: { part: "requests", entry: 1, name: "mine", field: "responseConfig" },
    });
    expect(problem.message).toContain('Entry #2 ("mine")');
  });

  test("every answer fits where 7.2 allows it", () => {
    const table = [
      { requestConfig: { [type]: "ReadAttributeRequestItem" }, responseConfig: { accept: true, newAttribute: {} } },
      { requestConfig: { [type]: "ProposeAttributeRequestItem" }, responseConfig: { accept: true, attribute: {} } },
      { requestConfig: { [type]: "DeleteAttributeRequestItem" }, responseConfig: { accept: true, deletionDate: date } },
      { requestConfig: { [type]: "DeleteAttributeRequestItem" }, responseConfig: { accept: false, code: "no" } },
      { requestConfig: { [type]: ["ReadAttributeRequestItem"] }, responseConfig: yes },
      fine,
    ] as const;

    expect(createRuleTable(table).config).toMatchObject({ requests: table });
  });
});

describe("what is ill-typed", () => {
  const cases: [string, unknown, string][] = [
    [
      "a flag as a text",
      { requestConfig: { relationshipAlreadyExists: "true" }, responseConfig: no },
      'requestConfig["relationshipAlreadyExists"]',
    ],
    [
      "a flag as a list",
      { requestConfig: { "content.item.mustBeAccepted": [true] }, responseConfig: no },
      'requestConfig["content.item.mustBeAccepted"]',
    ],
    ["a number as a peer", { requestConfig: { peer: 5 }, responseConfig: no }, 'requestConfig["peer"]'],
    [
      "an unknown source",
      { requestConfig: { "source.type": "Mail" }, responseConfig: no },
      'requestConfig["source.type"]',
    ],
    [
      "a date that is none",
      { requestConfig: { createdAt: [">2030-01-01", "soon"] }, responseConfig: no },
      'requestConfig["createdAt"]',
    ],
    [
      "a day that the calendar does not have",
      { requestConfig: { createdAt: "<2030-02-30" }, responseConfig: no },
      'requestConfig["createdAt"]',
    ],
    [
      "a text as tags",
      { requestConfig: { "content.item.attribute.tags": "x:a" }, responseConfig: no },
      'requestConfig["content.item.attribute.tags"]',
    ],
    [
      "metadata as a text",
      { requestConfig: { "content.metadata": "{}" }, responseConfig: no },
      'requestConfig["content.metadata"]',
    ],
    [
      "a list of numbers anywhere",
      { requestConfig: { "content.metadata.a": [1] }, responseConfig: no },
      'requestConfig["content.metadata.a"]',
    ],
    [
      "a path with a gap",
      { requestConfig: { "content..title": "x" }, responseConfig: no },
      'requestConfig["content..title"]',
    ],
    ["no answer", { requestConfig: {}, responseConfig: {} }, "responseConfig.accept"],
    [
      "an answer of another world",
      { requestConfig: {}, responseConfig: { accept: true, speed: 3 } },
      "responseConfig.speed",
    ],
    [
      "two parameters",
      { requestConfig: {}, responseConfig: { accept: true, attribute: {}, newAttribute: {} } },
      "responseConfig",
    ],
    ["a code on an accept", { requestConfig: {}, responseConfig: { accept: true, code: "x" } }, "responseConfig.code"],
    [
      "a code that no Response may carry",
      { requestConfig: {}, responseConfig: { accept: false, code: "x".repeat(201) } },
      "responseConfig.code",
    ],
    [
      "a deletion date that is none",
      {
        requestConfig: { [type]: "DeleteAttributeRequestItem" },
        responseConfig: { accept: true, deletionDate: "soon" },
      },
      "responseConfig.deletionDate",
    ],
    [
      "a free text in the newer generation",
      { requestConfig: { [type]: "FreeTextRequestItem" }, responseConfig: { accept: true, freeText: "x" } },
      "responseConfig.freeText",
    ],
    ["a misspelt member", { requestconfig: {}, responseConfig: no }, "requestconfig"],
    ["no request config", { responseConfig: no }, "requestConfig"],
    ["a name without letters", { name: "", requestConfig: {}, responseConfig: no }, "name"],
    ["an entry that is none", "everything", "it"],
  ];

  test.for(cases)("%s names its field", ([, entry, field]) => {
    expect(problemOf([fine, entry])).toMatchObject({ code: "rules.invalid", details: { entry: 1, field } });
  });

  const policies: [string, unknown, string][] = [
    ["two answers", { relationshipConfig: {}, responseConfig: { accept: true, manual: true } }, "responseConfig"],
    [
      "a content without an answer",
      { relationshipConfig: {}, responseConfig: { manual: true, content: {} } },
      "responseConfig.content",
    ],
    [
      "a date that is none",
      { relationshipConfig: { createdAt: 5 }, responseConfig: { manual: true } },
      'relationshipConfig["createdAt"]',
    ],
    ["something unknown", { relationshipConfig: {}, responseConfig: { maybe: true } }, "responseConfig.maybe"],
  ];

  test.for(policies)("%s in an entry for Relationships", ([, entry, field]) => {
    const problem = problemOf({ relationships: [entry] });

    expect(problem).toMatchObject({ code: "rules.invalid", details: { part: "relationships", entry: 0, field } });
  });

  test.for([undefined, "x", 5, { rules: [] }, { requests: {} }, { requests: [], relationships: 5 }])(
    "a table that is %j",
    (table) => {
      expect(hasCode(problemOf(table), "rules.invalid")).toBe(true);
    },
  );

  test.for([{ generation: "X" }, { neverAutomatic: "all" }, { redact: [5] }])("options that are %j", (options) => {
    expect(hasCode(problemOf([], options), "rules.invalid")).toBe(true);
  });
});

test("a table that is replaced by a broken one stays, and a good one takes its place", () => {
  const table = createRuleTable([fine]);
  const before = table.rule.revision;

  expect(() => table.replace([{ requestConfig: { peer: 5 }, responseConfig: no }] as never)).toThrow(/Entry #1/);
  expect(table.rule.revision).toBe(before);
  table.replace([{ requestConfig: {}, responseConfig: no }]);

  expect(table.rule.revision).not.toBe(before);
  expect(table.config).toEqual({ requests: [{ requestConfig: {}, responseConfig: no }], relationships: [] });
});

test("the revision is the same for the same table, whatever the order of members, and another for other options", () => {
  const one = createRuleTable([{ requestConfig: { peer: "a", createdAt: "<2030-01-01" }, responseConfig: no }]);
  const same = createRuleTable([{ responseConfig: no, requestConfig: { createdAt: "<2030-01-01", peer: "a" } }]);
  const other = createRuleTable(one.config, { neverAutomatic: [] });

  expect(same.rule.revision).toBe(one.rule.revision);
  expect(other.rule.revision).not.toBe(one.rule.revision);
  expect(one.rule.source).toEqual({ config: one.config, options: expect.objectContaining({ generation: "N" }) });
});

test("the example in the documentation is a table without findings but overlaps", () => {
  const example = JSON.parse(readFileSync(new URL("../../../docs/examples/rules.json", import.meta.url), "utf8"));

  expect(checkRuleTable(example).filter(({ kind }) => kind !== "overlap")).toEqual([]);
});

describe("names that every object inherits, and structures without an end", () => {
  test.for(["constructor", "toString", "__proto__"])("%s is a name like any other", (name) => {
    const answered = (accept: boolean) => JSON.parse(`{"accept": ${accept}, "${name}": {}}`);
    const named = JSON.parse(`{"${name}": "x"}`);

    for (const responseConfig of [answered(true), answered(false)])
      expect(problemOf([{ requestConfig: {}, responseConfig }])).toMatchObject({
        code: "rules.invalid",
        details: { field: `responseConfig.${name}` },
      });
    expect(() => createRuleTable([{ requestConfig: { ...named, [type]: name }, responseConfig: yes }])).not.toThrow();
    expect(() =>
      createRuleTable({ relationships: [{ relationshipConfig: named, responseConfig: yes }] }),
    ).not.toThrow();
  });

  test("a path and a wanted value have a depth", () => {
    let deep: JsonObject = {};
    for (let depth = 0; depth < 1_000; depth += 1) deep = { deep };

    for (const requestConfig of [{ [`content.${"a.".repeat(100_000)}x`]: "y" }, { "content.metadata": deep }])
      expect(problemOf([{ requestConfig, responseConfig: no }])).toMatchObject({ code: "rules.invalid" });
  });

  test("an option that there is none of is named", () => {
    const problem = problemOf([], { neverAutomatc: [] });

    expect(problem).toMatchObject({ code: "rules.invalid" });
    expect(problem.message).toContain("neverAutomatc");
  });
});
