// What waits for a verdict is judged, whatever happened in between (design.md 2.2; issue item 8).
import { createRapport } from "rapport";
import { type Plugin, Rule, type RulePort } from "rapport/core";
import { faultyStore } from "rapport/testkit";
import { expect, test } from "vitest";
import { couple, loadRequest, no, onDay, only, yes } from "../services/scenes.ts";

const dayMs = 24 * 60 * 60 * 1000;
const accept = { verdict: "accept", items: [{ accept: true }] } as const;

const ruled = (rule: Omit<RulePort, "name">): Plugin => ({
  name: "rules-in-code",
  register: ({ contribute }) => contribute(Rule, () => ({ name: "rule", ...rule })),
});

/** A rule that waits until it is let go, and says that it was asked. */
function gate() {
  let ask = () => {};
  let open = () => {};
  const asked = new Promise<void>((resolve) => {
    ask = resolve;
  });
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const judgeRequest = async () => {
    ask();
    await opened;
    return accept;
  };
  return { asked, open: () => open(), judgeRequest };
}

test("killed between loading and judging: judged after the restart", async () => {
  const slow = new Promise<never>(() => undefined);
  let asked = 0;
  const stuck = ruled({
    judgeRequest: () => {
      asked += 1;
      throw slow;
    },
  });
  const counter = { calls: 0 };
  const two = await couple();
  const plan = { failAt: Number.POSITIVE_INFINITY, when: "before" as const, counter };
  await two.initiator.restart({ plugins: [stuck], store: (store) => faultyStore(store, plan) });
  // The commit of loading is the last thing that the store does.
  const dying = two.initiator.account;
  let death = 0;
  dying.events.on("consumption.incomingRequestReceived", () => {
    death = counter.calls + 1;
    Object.assign(plan, { failAt: death });
  });
  await expect(dying.templates.load({ reference: two.template.reference.truncated })).rejects.toThrow("as planned");

  await two.initiator.restart({ plugins: [ruled({ judgeRequest: () => accept })], store: (store) => store });

  expect(death).toBeGreaterThan(0);
  expect(asked).toBe(0);
  expect(only(await two.initiator.account.requests.incoming.find())).toMatchObject({
    status: "Completed",
    wasAutomaticallyDecided: true,
  });
});

test("a Pending Relationship that nobody judged is judged at the start and at every sync", async () => {
  const two = await couple();
  const request = await loadRequest(two.initiator.account, two.template);
  await two.initiator.account.requests.incoming.accept(request.id, yes);
  await two.templator.account.sync();

  await two.templator.restart({ plugins: [ruled({ judgeRelationship: () => ({ verdict: "accept" }) })] });

  expect(only(await two.templator.account.relationships.find())).toMatchObject({ status: "Active" });
});

test("decided by hand while a slow rule thinks: the verdict is not applied", async () => {
  const { asked, open, judgeRequest } = gate();
  const two = await couple({ initiator: { plugins: [ruled({ judgeRequest })] } });
  const { incoming } = two.initiator.account.requests;
  const loading = two.initiator.account.templates.load({ reference: two.template.reference.truncated });
  await asked;

  const { id } = only(await incoming.find());
  await incoming.reject(id, no);
  open();
  await loading;

  expect(await incoming.get(id)).toMatchObject({ status: "Completed", response: { content: { result: "Rejected" } } });
  expect(await incoming.decision(id)).toMatchObject({ verdict: "reject", decider: { kind: "human" } });
  expect(await two.initiator.account.relationships.find()).toEqual([]);
});

test("expired while a slow rule thinks: it is Expired, and nothing else", async () => {
  const { asked, open, judgeRequest } = gate();
  const two = await couple({
    expiresAt: onDay(1),
    initiator: { plugins: [ruled({ judgeRequest })] },
  });
  const { incoming } = two.initiator.account.requests;
  const loading = two.initiator.account.templates.load({ reference: two.template.reference.truncated });
  await asked;

  two.world.clock.advance(dayMs + 1);
  open();
  await loading;

  const request = only(await incoming.find());
  expect(request).toMatchObject({
    status: "Expired",
    statusLog: [{ newStatus: "DecisionRequired" }, { newStatus: "Expired" }],
  });
  expect(request).not.toHaveProperty("response");
  expect(await incoming.decision(request.id)).toBeUndefined();
});

test("two rules of one name do not start, as no record could tell them apart", async () => {
  const rule = { judgeRequest: () => accept };

  await expect(createRapport({ plugins: [ruled(rule), ruled(rule)] })).rejects.toMatchObject({ code: "rules.invalid" });
});
