// Bad input, continued: steps that are not possible now or not for this side, and content that is too large.
import { describe, expect, test } from "vitest";
import {
  active,
  arbitrary,
  couple,
  greeting,
  loadRequest,
  no,
  onDay,
  pending,
  type Related,
  refused,
  terminated,
  yes,
} from "../services/scenes.ts";

const t = "error.transport.relationships";
const everybody = ({ world, templator, initiator }: Related) => ({ world, people: [templator, initiator] });

describe("a step in the wrong status", () => {
  test.for([
    ["Pending", pending, ["terminate", "requestReactivation", "decompose"], `${t}.wrongRelationshipStatus`],
    ["Active", active, ["accept", "reject", "revoke", "decompose"], `${t}.wrongRelationshipStatus`],
    ["Terminated", terminated, ["accept", "reject", "revoke", "terminate"], `${t}.wrongRelationshipStatus`],
    ["Terminated", terminated, ["acceptReactivation", "revokeReactivation"], `${t}.reactivationNotRequested`],
  ] as const)("%s", async ([status, begin, steps, code]) => {
    await using two = await begin();

    for (const { account } of [two.templator, two.initiator]) {
      for (const step of steps) await refused(code, () => account.relationships[step](two.id), everybody(two));
      expect((await account.relationships.get(two.id)).status).toBe(status);
    }
  });

  test("a Request that was decided", async () => {
    await using two = await couple();
    const { incoming } = two.initiator.account.requests;
    const { id } = await loadRequest(two.initiator.account, two.template);
    await incoming.reject(id, no);
    const where = { world: two.world, people: [two.templator, two.initiator] };

    await refused("request.wrongStatus", () => incoming.accept(id, yes), where);
    await refused("request.wrongStatus", () => incoming.reject(id, no), where);
    await refused("request.wrongStatus", () => incoming.deliver(id), where);
  });
});

describe("a step by the wrong side", () => {
  test.for([
    ["initiator", "accept"],
    ["initiator", "reject"],
    ["templator", "revoke"],
  ] as const)("the %s cannot %s", async ([who, step]) => {
    await using two = await pending();
    const { relationships } = two[who].account;

    await refused(`${t}.operationOnlyAllowedForPeer`, () => relationships[step](two.id), everybody(two));
  });

  test("somebody who is no party to it does not even find it", async () => {
    await using two = await pending();
    const stranger = await two.world.person("stranger");

    await refused("error.runtime.recordNotFound", () => stranger.account.relationships.accept(two.id), {
      world: two.world,
      people: [two.templator, two.initiator, stranger],
    });
  });
});

describe("content over its limit", () => {
  const megabytes = (count: number) => "a".repeat(count * 1024 * 1024);
  const tooLarge = "input.tooLarge";

  test("of a template; what just fits goes through", async () => {
    await using two = await couple();
    const { world, templator, initiator } = two;
    const content = (count: number) => ({ ...arbitrary, value: megabytes(count) });
    const create = (count: number) =>
      templator.account.templates.create({ content: content(count), expiresAt: onDay(1) });

    await refused(tooLarge, () => create(8), { world, people: [templator] });
    const large = await create(7);

    const loaded = await initiator.account.templates.load({ reference: large.reference.url });
    expect(loaded.content).toEqual(content(7));
  });

  test("of a creation", async () => {
    await using two = await couple({ content: arbitrary });
    const { world, templator, initiator, template } = two;
    await initiator.account.templates.load({ reference: template.reference.url });
    const creationContent = { ...greeting, value: megabytes(8) };

    await refused(
      tooLarge,
      () => initiator.account.relationships.create({ templateId: template.id, creationContent }),
      { world, people: [templator, initiator] },
    );
  });

  test.for(["accept", "reject"] as const)("of an answer: %s", async (step) => {
    await using two = await pending();
    const content = { value: megabytes(8) };

    await refused(tooLarge, () => two.templator.account.relationships[step](two.id, { content }), everybody(two));
  });

  test("of a Message", async () => {
    await using two = await active();
    const content = { "@type": "ArbitraryMessageContent", value: megabytes(8) };
    const recipients = [two.initiator.account.address];
    // The first Message of a process compares its counters with the relay's.
    await two.templator.account.messages.send({ recipients, content: { ...content, value: "small" } });

    await refused(tooLarge, () => two.templator.account.messages.send({ recipients, content }), everybody(two));
  });
});
