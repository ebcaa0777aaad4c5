// Why a table decided: every entry held against every item, from the stored source and the recorded facts.
import type { RequestFacts } from "rapport/core";
import { createRuleTable, type RuleTableConfig, type RuleTableOptions } from "rapport/plugins/rules-table";
import { expect, test } from "vitest";
import { create, facts, field, group, itemOf, no, P, read, share, yes } from "./facts.ts";

const traced = (config: RuleTableConfig, about: RequestFacts, options: RuleTableOptions = {}) => {
  const { rule } = createRuleTable(config, options);
  return rule.traceRequest?.(about, JSON.parse(JSON.stringify(rule.source))) ?? [];
};
const lines = (entries: ReturnType<typeof traced>) =>
  entries.map(({ entry, item, outcome }) => `${entry} ${item} ${outcome}`);

test("says of every entry and item what matched, what was late, and what did not fit", () => {
  const table = [
    { name: "P", requestConfig: { peer: P }, responseConfig: yes },
    {
      requestConfig: { "content.item.@type": ["CreateAttributeRequestItem"] },
      responseConfig: { accept: false, code: "c" },
    },
    { name: "rest", requestConfig: {}, responseConfig: no },
    { name: "after", requestConfig: {}, responseConfig: no },
  ] as const;

  const found = traced(table, facts([create(), group(field())]));

  expect(lines(found)).toEqual([
    "P items[0] decided",
    "P items[1].items[0] unfit",
    "#2 items[0] late",
    "#2 items[1].items[0] not matched",
    "rest items[0] late",
    "rest items[1].items[0] decided",
    "after items[0] late",
    "after items[1].items[0] late",
  ]);
  expect(found[0]).toMatchObject({
    conditions: [{ path: "peer", wanted: P, seen: P, matched: true }],
    answer: "accept",
  });
  expect(found[3]).toMatchObject({
    conditions: [{ wanted: ["CreateAttributeRequestItem"], seen: "FormFieldRequestItem", matched: false }],
    answer: "reject (c)",
  });
});

test("nothing seen is said by leaving it out", () => {
  const [found] = traced([{ requestConfig: { "content.title": "x" }, responseConfig: no }], facts([read()]));

  expect(found?.conditions).toEqual([{ path: "content.title", wanted: "x", matched: false }]);
});

test("a Request that no table may decide has one line that says so", () => {
  const about = facts([share(), itemOf("ConsentRequestItem")]);

  expect(traced([{ requestConfig: {}, responseConfig: no }], about)).toMatchObject([
    { entry: "never automatic", outcome: "decided", answer: expect.stringContaining("ConsentRequestItem") },
  ]);
});

test("values under redacted paths are not shown, and still compared", () => {
  const table = [{ requestConfig: { "content.item.attribute.value.value": "Anna", peer: P }, responseConfig: yes }];
  const options = { redact: ["content.item.attribute.value"] };

  expect(traced(table, facts([create()]), options)).toMatchObject([
    {
      outcome: "decided",
      conditions: [
        { path: "peer", seen: P },
        { path: "content.item.attribute.value.value", seen: "[redacted]", matched: true },
      ],
    },
  ]);
});

test("where the recorded facts hide a value, what cannot be known is said", () => {
  const hidden = facts([create({ attribute: { value: { value: "[redacted]" } } })]);
  const entry = (peer: string) => ({
    requestConfig: { peer, "content.item.attribute.value.value": "Anna" },
    responseConfig: yes,
  });

  const [open, closed] = traced([entry(P), entry("somebody else")], hidden);

  expect(open).toMatchObject({ outcome: "not matched", answer: expect.stringContaining("cannot be known") });
  expect(closed).toMatchObject({ outcome: "not matched", answer: "accept" });
});
