// A rule as a plugin in one line.
import { acceptAll, rejectAll, ruleOf } from "rapport";
import type { Plugin } from "rapport/core";
import { describe, expect, test } from "vitest";
import { ask, consent, couple, loadRequest, only, structured, yes } from "../services/scenes.ts";

describe("a rule in one line", () => {
  const twoItems = structured({
    onNewRelationship: ask({ items: [consent, { "@type": "RequestItemGroup", items: [consent] }] }),
  });
  const loaded = async (plugin: Plugin) => {
    const two = await couple({ content: twoItems, initiator: { plugins: [plugin] } });
    return loadRequest(two.initiator.account, two.template);
  };

  test("a function accepts all items, or rejects them with a code", async () => {
    const accepting = await loaded(ruleOf("partners", ({ request }) => acceptAll(request, { reason: "a partner" })));
    const rejecting = await loaded(ruleOf("nobody", async ({ request }) => rejectAll(request, { code: "closed" })));

    expect(accepting).toMatchObject({ wasAutomaticallyDecided: true, response: { content: { result: "Accepted" } } });
    expect(rejecting.response?.content).toMatchObject({
      result: "Rejected",
      items: [{ code: "closed" }, { items: [{ code: "closed" }] }],
    });
  });

  test("parts of a rule decide about Relationships, too, and carry what the record needs", async () => {
    const desk = ruleOf("desk", { relationship: () => ({ verdict: "accept" }), revision: "7", plugin: "desk@2" });
    const two = await couple({ templator: { plugins: [desk] } });
    const request = await loadRequest(two.initiator.account, two.template);
    await two.initiator.account.requests.incoming.accept(request.id, yes);
    await two.templator.account.sync();

    const { id, status } = only(await two.templator.account.relationships.find());
    expect(status).toBe("Active");
    expect(await two.templator.account.relationships.decision(id)).toMatchObject({
      decider: { kind: "rule", rule: "desk", plugin: "desk@2" },
    });
  });

  test.for<readonly [number, number]>([
    [200, 200],
    [60_000, 5_000],
  ])("a rule with %i ms gets %i", async ([timeMs, limitMs]) => {
    const slow = ruleOf("slow", { request: () => new Promise(() => undefined), timeMs });
    const two = await couple({ initiator: { plugins: [slow] } });
    const { id } = await loadRequest(two.initiator.account, two.template);

    expect(await two.initiator.account.requests.incoming.decision(id)).toMatchObject({
      tried: [{ problem: `no verdict after ${limitMs} ms` }],
    });
  });
});
