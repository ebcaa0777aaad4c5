// What a sync gives: all that came and all that changed while it ran (spec/connector-api.md 1.3).
import { acceptAll, ruleOf } from "rapport";
import { expect, test } from "vitest";
import { active, couple, loadRequest, only, pending, yes } from "../services/scenes.ts";

const accepting = ruleOf("accepting", {
  request: ({ request }) =>
    (request["source"] as { type?: string } | undefined)?.type === "Message" ? acceptAll(request) : undefined,
  relationship: () => ({ verdict: "accept" }),
});

test("a Relationship that a rule accepted during the sync is given as accepted", async () => {
  await using two = await couple({ templator: { plugins: [accepting] } });
  const request = await loadRequest(two.initiator.account, two.template);
  await two.initiator.account.requests.incoming.accept(request.id, yes);

  const { relationships } = await two.templator.account.sync();

  expect(relationships).toEqual(await two.templator.account.relationships.find());
  expect(only(relationships)).toMatchObject({ status: "Active" });
});

test("the Message that carries a rule's answer is given, too", async () => {
  await using two = await active({ initiator: { plugins: [accepting] } });
  const [asking, answering] = [two.templator.account, two.initiator.account];
  const consent = { "@type": "ConsentRequestItem", consent: "Yes?", mustBeAccepted: true };
  const content = { "@type": "Request", items: [consent] };
  const asked = await asking.requests.outgoing.create({ content, peer: answering.address });
  const sent = await asking.messages.send({ recipients: [answering.address], content: asked.content });

  const { messages } = await answering.sync();

  const answer = only((await answering.messages.find({ isOwn: true })).filter(({ id }) => id !== sent.id));
  expect(messages.map(({ id }) => id).toSorted()).toEqual([sent.id, answer.id].toSorted());
});

test("calls that join a running sync get the same lists, and the next one gets what is new", async () => {
  await using two = await pending();
  await two.templator.account.relationships.accept(two.id);

  const [one, other] = await Promise.all([two.initiator.account.sync(), two.initiator.account.sync()]);

  expect(only(one.relationships)).toMatchObject({ id: two.id, status: "Active" });
  expect(other).toEqual(one);
  expect(await two.initiator.account.sync()).toEqual({ relationships: [], messages: [] });
});
