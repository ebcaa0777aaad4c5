// Rules on pending Relationships of peers (design.md 3; issue item 8).
import { type Plugin, Rule, type RulePort, type TransportPort } from "rapport/core";
import { describe, expect, test } from "vitest";
import { couple, loadRequest, only, yes } from "../services/scenes.ts";

function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

describe("a pending Relationship of a peer", () => {
  const policy = (judgeRelationship: RulePort["judgeRelationship"]): Plugin => ({
    name: "rules-in-code",
    register: ({ contribute }) =>
      contribute(Rule, () => ({ name: "policy", ...(judgeRelationship === undefined ? {} : { judgeRelationship }) })),
  });

  /** The initiator accepts, the templator's rules judge at its sync. */
  async function met(judgeRelationship: RulePort["judgeRelationship"]) {
    const two = await couple({ templator: { plugins: [policy(judgeRelationship)] } });
    const request = await loadRequest(two.initiator.account, two.template);
    await two.initiator.account.requests.incoming.accept(request.id, yes);
    await two.templator.account.sync();
    await two.initiator.account.sync();
    const see = async () => only(await two.initiator.account.relationships.find());
    return { ...two, request, see };
  }

  test("accepted with content, by a policy over the facts", async () => {
    const seen: unknown[] = [];
    const { see, template, request } = await met((facts) => {
      seen.push(facts);
      return { verdict: "accept", content: { cardNumber: 42 } };
    });

    expect(await see()).toMatchObject({ status: "Active", responseContent: { cardNumber: 42 } });
    expect(seen).toMatchObject([
      {
        relationship: { status: "Pending" },
        template: { id: template.id },
        request: { id: request.id, status: "Completed", response: { content: { result: "Accepted" } } },
      },
    ]);
  });

  test("rejected with content", async () => {
    const { see } = await met(async () => ({ verdict: "reject", content: { why: "full" } }));

    expect(await see()).toMatchObject({ status: "Rejected", responseContent: { why: "full" } });
  });

  test.for(["manual", "ignore"] as const)(
    "%s: it stays Pending, is judged once, and a person can decide",
    async (verdict) => {
      let times = 0;
      const { see, templator } = await met(() => {
        times += 1;
        return { verdict };
      });
      await templator.account.sync();

      expect(await see()).toMatchObject({ status: "Pending" });
      expect(times).toBe(1);
      expect(await templator.account.relationships.accept((await see()).id)).toMatchObject({ status: "Active" });
    },
  );

  test("who answers while the rules think has decided, and the record says so (Q3)", async () => {
    const [asked, verdict, heard] = [gate(), gate(), gate()];
    const slow = policy(async () => {
      asked.open();
      await verdict.opened;
      return { verdict: "manual" };
    });
    const held = (transport: TransportPort): TransportPort => ({
      ...transport,
      call: async (call, session) => {
        if (call.operation === "acceptRelationship") await heard.opened;
        return transport.call(call, session);
      },
    });
    const two = await couple({ templator: { plugins: [slow], transport: held } });
    const { account } = two.templator;
    const request = await loadRequest(two.initiator.account, two.template);
    await two.initiator.account.requests.incoming.accept(request.id, yes);
    const syncing = account.sync();
    await asked.opened;
    const { id } = only(await account.relationships.find());

    const accepting = account.relationships.accept(id);
    while ((await account.intents.list()).length === 0);
    verdict.open();
    await syncing;
    heard.open();

    expect(await accepting).toMatchObject({ status: "Active" });
    expect(await account.relationships.decision(id)).toMatchObject({ verdict: "accept", decider: { kind: "human" } });
  });

  test("a verdict that cannot be carried out goes to a person", async () => {
    let times = 0;
    const { see, templator } = await met(() => {
      times += 1;
      return { verdict: "accept", content: { big: "x".repeat(11 * 1024 * 1024) } };
    });
    await templator.account.sync();

    expect(await see()).toMatchObject({ status: "Pending" });
    expect(times).toBe(1);
  });
});
