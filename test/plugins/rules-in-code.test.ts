// A rule as a function: the Rule port seen from its author (design.md 3 and 5).
import { type Plugin, Rule, type RulePort } from "rapport/core";
import { describe, expect, test } from "vitest";
import {
  active,
  ask,
  type CoupleOptions,
  consent,
  couple,
  listen,
  loadRequest,
  no,
  onDay,
  only,
  structured,
  yes,
} from "../services/scenes.ts";

const dayMs = 24 * 60 * 60 * 1000;

/** A plugin that contributes these rules, in this order. */
const ruled = (...rules: RulePort[]): Plugin => ({
  name: "rules-in-code",
  register: ({ contribute }) => {
    for (const rule of rules) contribute(Rule, () => rule);
  },
});

const says = (name: string, judgeRequest: RulePort["judgeRequest"]): RulePort => ({
  name,
  plugin: `${name}@1.0.0`,
  ...(judgeRequest === undefined ? {} : { judgeRequest }),
});

const accept = { verdict: "accept", items: [{ accept: true }] } as const;
const reject = { verdict: "reject", items: [{ accept: false, code: "house.rule" }] } as const;

/** The initiator has these rules and loads the template. */
async function judged(rules: RulePort[], options: CoupleOptions = {}) {
  const two = await couple({ ...options, initiator: { plugins: [ruled(...rules)] } });
  const ear = listen(two.initiator.account);
  await two.initiator.account.templates.load({ reference: two.template.reference.truncated });
  const { incoming } = two.initiator.account.requests;
  const find = async () => only([...(await incoming.find()), ...(await incoming.find({ ignored: true }))]);
  const record = async () => incoming.decision((await find()).id);
  return { ...two, ear, incoming, find, record };
}

const processed = "consumption.relationshipTemplateProcessed";

describe("a Request from a template", () => {
  test("accepted by a rule: the Relationship starts, and the record says who, why and from what", async () => {
    const conditions = [{ path: "request.content.title", wanted: "x", seen: null, matched: false }];
    const { find, record, ear, template, initiator } = await judged([
      says("first", () => ({ verdict: "manual", reason: "not mine", conditions })),
      says("second", () => undefined),
      says("third", () => ({ ...accept, reason: "we know them" })),
      says("fourth", () => reject),
    ]);

    expect(await find()).toMatchObject({ status: "Completed", wasAutomaticallyDecided: true });
    expect(await initiator.account.relationships.find()).toMatchObject([{ status: "Pending" }]);
    expect(ear.data(processed)).toMatchObject([
      { result: "RequestAutomaticallyDecided", template: { id: template.id } },
    ]);
    expect(await record()).toMatchObject({
      verdict: "accept",
      decider: { kind: "rule", rule: "third", plugin: "third@1.0.0" },
      ruleSet: expect.stringMatching(/^[0-9a-f]{64}$/),
      tried: [
        { rule: "first", plugin: "first@1.0.0", verdict: "manual", reason: "not mine", conditions },
        { rule: "second", verdict: "none" },
        { rule: "third", verdict: "accept", reason: "we know them" },
      ],
      decision: { items: [{ accept: true }] },
      facts: {
        self: initiator.account.address,
        request: { status: "DecisionRequired" },
        template: { id: template.id },
      },
    });
  });

  test("rejected by a rule that takes its time", async () => {
    const { find, incoming } = await judged([says("slow", async () => reject)]);

    expect(await find()).toMatchObject({
      status: "Completed",
      response: { content: { result: "Rejected", items: [{ code: "house.rule" }] } },
    });
    expect(await incoming.find({ wasAutomaticallyDecided: true })).toHaveLength(1);
  });

  const failing: [string, RulePort["judgeRequest"], object][] = [
    [
      "throws",
      () => {
        throw new Error("broken");
      },
      { problem: "Error: broken" },
    ],
    ["rejects its promise", async () => Promise.reject(new Error("broken")), { problem: "Error: broken" }],
    ["never answers", () => new Promise(() => undefined), { problem: "no verdict after 5000 ms" }],
    ["says nonsense", () => ({ verdict: "perhaps" }) as never, { problem: '"perhaps" is no verdict' }],
    [
      "throws what is no text",
      () => {
        throw Object.create(null);
      },
      { problem: expect.any(String) },
    ],
    ["has a reason that is no text", () => ({ ...accept, reason: { a: 1 } }) as never, { problem: expect.any(String) }],
    ["has conditions that are none", () => ({ ...accept, conditions: "x" }) as never, { problem: expect.any(String) }],
    ["has conditions of nothing", () => ({ ...accept, conditions: [null] }) as never, { problem: expect.any(String) }],
    ["names entries by number", () => ({ ...accept, entries: [1] }) as never, { problem: expect.any(String) }],
    ["says what JSON cannot carry", () => ({ ...accept, reason: () => 1 }) as never, { problem: expect.any(String) }],
  ];

  test.for(failing)(
    "a rule that %s leaves it to a person, and later rules are not asked",
    async ([, rule, problem]) => {
      const { find, record, ear } = await judged([says("failing", rule), says("next", () => accept)]);

      expect(await find()).toMatchObject({ status: "ManualDecisionRequired" });
      expect(await record()).toMatchObject({ verdict: "manual", tried: [{ rule: "failing", ...problem }] });
      expect((await record())?.tried).toHaveLength(1);
      expect(ear.data(processed)).toMatchObject([{ result: "ManualRequestDecisionRequired" }]);
    },
  );

  const unfit: [string, unknown, string][] = [
    ["rejects what it must accept", { verdict: "accept", items: [{ accept: false }] }, "inheritedFromItem"],
    [
      "decides too many items",
      { verdict: "accept", items: [{ accept: true }, { accept: true }] },
      "invalidNumberOfItems",
    ],
    ["names no items", { verdict: "accept" }, "invalidPayload"],
  ];

  test.for(unfit)("a verdict that %s goes to a person with the reason", async ([, verdict, code]) => {
    const { find, record, initiator } = await judged([says("wrong", () => verdict as typeof accept)]);

    expect(await find()).toMatchObject({ status: "ManualDecisionRequired" });
    expect(await find()).not.toHaveProperty("wasAutomaticallyDecided");
    expect(await record()).toMatchObject({
      verdict: "manual",
      tried: [
        { rule: "wrong", verdict: "accept" },
        { rule: "wrong", refused: expect.stringContaining(code) },
      ],
    });
    expect(await initiator.account.relationships.find()).toEqual([]);
  });

  test("a person who decides after the rules finds what they tried in the record", async () => {
    const { find, record, incoming } = await judged([says("shy", () => ({ verdict: "manual", reason: "too new" }))]);

    await incoming.accept((await find()).id, yes);

    expect(await find()).not.toHaveProperty("wasAutomaticallyDecided");
    expect(await record()).toMatchObject({
      verdict: "accept",
      decider: { kind: "human" },
      tried: [{ rule: "shy", reason: "too new" }],
      decision: { items: [{ accept: true }] },
      facts: { request: { status: "ManualDecisionRequired" } },
    });
  });

  test("the facts are frozen: a rule that changes them fails and changes nothing", async () => {
    const { find, record } = await judged([
      says("vandal", (facts) => {
        (facts.request["content"] as { title?: string }).title = "Something else";
        return accept;
      }),
    ]);

    expect(await find()).toMatchObject({ status: "ManualDecisionRequired" });
    expect((await find()).content).not.toHaveProperty("title");
    expect((await record())?.tried).toMatchObject([{ problem: expect.stringContaining("TypeError") }]);
  });

  test("the facts hold no key", async () => {
    const { record, template } = await judged([says("reader", () => ({ verdict: "manual" }))]);

    expect(JSON.stringify(await record())).not.toContain(template.secretKey);
  });
});

describe("ignoring", () => {
  test("it stays for a person, out of the queue; nothing is sent, and nobody hears of it", async () => {
    const { incoming, find, record, world, templator, ear } = await judged([
      says("deaf", () => ({ verdict: "ignore" })),
    ]);
    const calls = world.calls.length;
    const heard = listen(templator.account);
    await templator.account.sync();

    expect(await find()).toMatchObject({ status: "ManualDecisionRequired", ignored: true });
    expect(await incoming.find()).toEqual([]);
    expect(await record()).toMatchObject({ verdict: "ignore", decider: { kind: "rule", rule: "deaf" } });
    expect(heard.names()).toEqual([]);
    expect(ear.data(processed)).toEqual([]);
    expect(world.calls.slice(calls).map(({ operation }) => operation)).not.toContain("createRelationship");
  });

  test("with an expiry of its own it expires then", async () => {
    const { find, world } = await judged([says("deaf", () => ({ verdict: "ignore" }))], { expiresAt: onDay(3) });

    world.clock.advance(3 * dayMs + 1);

    expect(await find()).toMatchObject({ status: "Expired" });
  });

  test("without one it expires after 30 days", async () => {
    const two = await active({ initiator: { plugins: [ruled(deafToMessages)] } });
    const peer = two.initiator.account.address;
    const draft = await two.templator.account.requests.outgoing.create({ content: ask(), peer });
    await two.templator.account.messages.send({ recipients: [peer], content: draft.content });
    await two.initiator.account.sync();
    const { incoming } = two.initiator.account.requests;

    expect(await incoming.get(draft.id)).toMatchObject({ ignored: true, status: "ManualDecisionRequired" });
    two.world.clock.advance(30 * dayMs - 1000);
    expect(await incoming.get(draft.id)).toMatchObject({ status: "ManualDecisionRequired" });
    two.world.clock.advance(2000);
    expect(await incoming.get(draft.id)).toMatchObject({ status: "Expired" });
  });

  test("a person can still decide it", async () => {
    const { incoming, find } = await judged([says("deaf", () => ({ verdict: "ignore" }))]);

    expect(await incoming.reject((await find()).id, no)).toMatchObject({ status: "Completed" });
  });
});

/** Ignores what comes by Message, and leaves templates to people. */
const deafToMessages = says("deaf-to-messages", ({ template }) => ({
  verdict: template === undefined ? "ignore" : "manual",
}));

test("a Request by Message is judged when it arrives, and its answer goes out", async () => {
  const onlyMessages = says("messages", ({ template }) => (template === undefined ? accept : undefined));
  const two = await active({ initiator: { plugins: [ruled(onlyMessages)] } });
  const peer = two.initiator.account.address;
  const draft = await two.templator.account.requests.outgoing.create({ content: ask(), peer });
  await two.templator.account.messages.send({ recipients: [peer], content: draft.content });
  const heard = listen(two.initiator.account);

  await two.initiator.account.sync();
  await two.templator.account.sync();

  const [message] = await two.initiator.account.messages.find();
  expect(heard.data("consumption.messageProcessed")).toEqual([{ message, result: "RequestAutomaticallyDecided" }]);
  expect(await two.templator.account.requests.outgoing.get(draft.id)).toMatchObject({ status: "Completed" });
});

test("several rules of several plugins keep the order in which they were contributed", async () => {
  const asked: string[] = [];
  const named = (name: string) =>
    says(name, () => {
      asked.push(name);
      return undefined;
    });
  const plugins = [ruled(named("a"), named("b")), { ...ruled(named("c")), name: "more-rules" }];
  const two = await couple({
    initiator: { plugins },
    content: structured({ onNewRelationship: ask({ items: [consent] }) }),
  });

  await loadRequest(two.initiator.account, two.template);

  expect(asked).toEqual(["a", "b", "c"]);
});
