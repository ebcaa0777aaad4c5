// Why something was decided (design.md 5): from the record and the rules of then.
import type { RulePort } from "rapport/core";
import { createRuleTable } from "rapport/plugins/rules-table";
import { describe, expect, test } from "vitest";
import { couple, loadRequest, only, pending, yes } from "../services/scenes.ts";
import { documentsOf, judged, ruled, shopEntries, tableOf } from "./explain-scenes.ts";

const shy: RulePort = {
  name: "shy",
  plugin: "house@2",
  judgeRequest: () => ({ verdict: "manual", reason: "too new" }),
};

describe("a Request that a table decided", () => {
  test("every item has its verdict and its entry, every entry what it saw", async () => {
    const { initiator, id } = await judged([shy, tableOf(shopEntries).rule, { name: "later" }]);

    const explanation = await initiator.account.requests.incoming.explain(id);

    expect(explanation).toMatchObject({
      kind: "request",
      title: "A gift",
      decided: { verdict: "accept", by: "rule", rule: "rules-table", reason: expect.stringContaining("vouchers-of-x") },
      items: [
        { item: "items[0].items[0]", type: "VoucherRequestItem", verdict: "accept", entry: "vouchers-of-x" },
        { item: "items[1]", asks: "Your name", verdict: "reject", code: "house.rest", entry: "rest" },
      ],
      rules: [
        { rule: "shy", verdict: "manual", reason: "too new" },
        { rule: "rules-table", verdict: "accept" },
      ],
      notAsked: ["later"],
      rulesChanged: false,
    });
    expect(explanation.rules[0]).not.toHaveProperty("entries");
    expect(explanation.rules[1]?.entries).toContainEqual({
      entry: "vouchers-of-y",
      item: "items[0].items[0]",
      outcome: "not matched",
      answer: "accept",
      conditions: [
        { path: "content.item.@type", wanted: "VoucherRequestItem", seen: "VoucherRequestItem", matched: true },
        { path: "content.item.metadata.shop", wanted: "y", seen: "x", matched: false },
      ],
    });
  });

  test("a secret is in no record, and what it had matched is told all the same", async () => {
    const { initiator, id } = await judged([tableOf(shopEntries).rule]);

    const explanation = await initiator.account.requests.incoming.explain(id);
    const record = JSON.stringify(await initiator.account.requests.incoming.decision(id));

    const places = ["items[0].items[0].token", "items[0].items[0].metadata.pin"];
    expect(explanation.redacted).toEqual([
      ...places.map((place) => `request.content.${place}`),
      ...places.map((place) => `template.content.onNewRelationship.${place}`),
    ]);
    expect(explanation.rules[0]?.entries?.find(({ outcome }) => outcome === "decided")).toMatchObject({
      entry: "vouchers-of-x",
      conditions: [{ matched: true }, { path: "content.item.token", seen: "[redacted]", matched: true }],
    });
    const { facts } = JSON.parse(record);
    expect(JSON.stringify(facts)).not.toMatch(/A-secret|pin-1234/);
    expect(record).not.toContain("pin-1234");
    expect(record).not.toContain('"seen":"A-secret-1"');
  });

  test("it stays true when the rules have changed, also after a restart", async () => {
    const table = tableOf(shopEntries);
    const { initiator, id, plugins } = await judged([table.rule]);
    const before = await initiator.account.requests.incoming.explain(id);

    table.replace([{ name: "other", requestConfig: {}, responseConfig: { accept: false } }]);
    const after = await initiator.account.requests.incoming.explain(id);
    await initiator.restart({ plugins });

    expect(after).toEqual({ ...before, rulesChanged: true });
    expect(await initiator.account.requests.incoming.explain(id)).toEqual(after);
  });
});

test("the rules of one moment are stored once, with what they decide by", async () => {
  const table = tableOf(shopEntries);
  const { initiator, templator, plugins } = await judged([shy, table.rule]);
  const again = async () => {
    const { template } = await anotherTemplate(templator.account);
    await initiator.account.templates.load({ reference: template.reference.truncated });
  };
  await again();
  expect(documentsOf(initiator.disk, "rulesets")).toHaveLength(1);

  table.replace([]);
  await initiator.restart({ plugins });

  expect(documentsOf(initiator.disk, "rulesets")).toMatchObject([
    {
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      firstUsedAt: expect.any(String),
      rules: [
        { name: "shy", plugin: "house@2" },
        { name: "rules-table", source: { config: { requests: shopEntries } } },
      ],
    },
  ]);
});

async function anotherTemplate(account: Awaited<ReturnType<typeof judged>>["templator"]["account"]) {
  const [first] = await account.templates.find();
  const template = await account.templates.create({
    content: first?.content ?? {},
    expiresAt: String(first?.expiresAt),
  });
  return { template };
}

describe("a Request that no rule decided", () => {
  test("it waits for a person, and says why the verdict was refused", async () => {
    const hasty: RulePort = { name: "hasty", judgeRequest: () => ({ verdict: "accept", items: [] }) };
    const { initiator, id } = await judged([hasty]);

    expect(await initiator.account.requests.incoming.explain(id)).toMatchObject({
      status: "ManualDecisionRequired",
      waitsFor: expect.stringMatching(/^a person, until 2030/),
      refused: { rule: "hasty", code: expect.stringContaining("invalidNumberOfItems") },
      rules: [{ rule: "hasty", verdict: "accept" }],
    });
  });

  test("a person decided: what the rules had seen before is still told", async () => {
    const { initiator, id } = await judged([shy]);
    const items = [{ items: [{ accept: false }] }, { accept: false }] as const;
    await initiator.account.requests.incoming.reject(id, { items });

    const explanation = await initiator.account.requests.incoming.explain(id);

    expect(explanation).toMatchObject({
      decided: { verdict: "reject", by: "human" },
      items: [{ verdict: "reject" }, { verdict: "reject" }],
      rules: [{ rule: "shy", reason: "too new" }],
    });
    expect(explanation).not.toHaveProperty("waitsFor");
  });

  test("one that is left unanswered says by whom", async () => {
    const { initiator, id } = await judged([{ name: "deaf", judgeRequest: () => ({ verdict: "ignore" }) }]);

    expect(await initiator.account.requests.incoming.explain(id)).toMatchObject({
      waitsFor: expect.stringContaining("the rule deaf leaves it unanswered"),
    });
  });

  test("without rules it waits for a person, and an unknown one is not found", async () => {
    const { initiator, id } = await judged([]);
    const { incoming } = initiator.account.requests;

    expect(await incoming.explain(id)).toMatchObject({ waitsFor: expect.stringContaining("a person"), rules: [] });
    await expect(incoming.explain("REQ00000000000000000")).rejects.toMatchObject({
      code: "error.runtime.recordNotFound",
    });
  });
});

describe("a Relationship", () => {
  test("decided by a policy: the entry, the content, and what it saw", async () => {
    const policy = {
      relationships: [{ name: "all", relationshipConfig: {}, responseConfig: { accept: true, content: { card: 7 } } }],
    };
    const two = await couple({ templator: { plugins: [ruled(createRuleTable(policy).rule)] } });
    const request = await loadRequest(two.initiator.account, two.template);
    await two.initiator.account.requests.incoming.accept(request.id, yes);
    await two.templator.account.sync();
    const { id } = only(await two.templator.account.relationships.find());

    expect(await two.templator.account.relationships.explain(id)).toMatchObject({
      kind: "relationship",
      status: "Active",
      decided: { verdict: "accept", by: "rule", content: { card: 7 } },
      rules: [{ rule: "rules-table", entries: [{ entry: "all", outcome: "decided" }] }],
    });
  });

  test("decided by hand, or waiting for the peer", async () => {
    const { templator, initiator, id } = await pending();

    expect(await initiator.account.relationships.explain(id)).toMatchObject({ waitsFor: "the peer's answer" });
    await templator.account.relationships.reject(id);
    expect(await templator.account.relationships.explain(id)).toMatchObject({
      decided: { verdict: "reject", by: "human" },
    });
  });
});
