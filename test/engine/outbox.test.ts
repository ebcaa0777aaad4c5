// Events for publishers: at least once, in order, whoever else fails (design.md 3 and 7).
import { type Plugin, type PublishedEvent, Publisher, type PublisherPort } from "rapport/core";
import { faultyStore } from "rapport/testkit";
import { describe, expect, test } from "vitest";
import { active, arbitrary, couple, loadRequest, onDay, yes } from "../services/scenes.ts";

/** A publisher that keeps what it is given, says no as often as it is told to, and can be waited for. */
function collector(name: string, refuse: (event: PublishedEvent, tries: number) => boolean = () => false) {
  const taken: PublishedEvent[] = [];
  const tries = new Map<string, number>();
  let arrived = () => {};
  const publisher: PublisherPort = {
    name,
    async publish(event) {
      const count = (tries.get(event.id) ?? 0) + 1;
      tries.set(event.id, count);
      arrived();
      if (refuse(event, count)) throw new Error("not now");
      taken.push(event);
      arrived();
    },
  };
  const until = async (isDone: () => boolean) => {
    while (!isDone()) {
      await new Promise<void>((resolve) => {
        arrived = resolve;
      });
    }
  };
  const plugin: Plugin = {
    name: `publisher-${name}`,
    register: ({ contribute }) => contribute(Publisher, () => publisher),
  };
  return { plugin, taken, tries, until, names: () => taken.map((event) => event.name) };
}

const loading = [
  "transport.peerRelationshipTemplateLoaded",
  "consumption.incomingRequestReceived",
  "consumption.incomingRequestStatusChanged",
  "consumption.incomingRequestStatusChanged",
  "consumption.relationshipTemplateProcessed",
];

test("every publisher gets every event, in the order of the commits, with its own id", async () => {
  const one = collector("one");
  const other = collector("other");
  const two = await couple({ initiator: { plugins: [one.plugin, other.plugin] } });
  const request = await loadRequest(two.initiator.account, two.template);
  await two.initiator.account.requests.incoming.accept(request.id, yes);

  await one.until(() => one.taken.length === 8);
  await other.until(() => other.taken.length === 8);

  expect(one.names()).toEqual([
    ...loading,
    "consumption.incomingRequestStatusChanged",
    "transport.relationshipChanged",
    "consumption.incomingRequestStatusChanged",
  ]);
  expect(other.taken).toEqual(one.taken);
  expect(new Set(one.taken.map(({ id }) => id)).size).toBe(8);
  expect(one.taken[0]).toMatchObject({ account: two.initiator.account.address, data: { id: two.template.id } });
});

test("killed between the commit and the publishing: published after the start", async () => {
  const dead = collector("webhook", () => true);
  const plan = { failAt: Number.POSITIVE_INFINITY, when: "before" as const, counter: { calls: 0 } };
  const options = {
    plugins: [dead.plugin],
    store: (store: Parameters<typeof faultyStore>[0]) => faultyStore(store, plan),
  };
  const two = await couple({ initiator: options });
  // Dies with the first call after the commit, whatever that is.
  two.initiator.account.events.on("consumption.relationshipTemplateProcessed", () => {
    Object.assign(plan, { failAt: plan.counter.calls + 1 });
  });
  await two.initiator.account.templates.load({ reference: two.template.reference.truncated }).catch(() => undefined);
  const alive = collector("webhook");

  await two.initiator.restart({ plugins: [alive.plugin], store: (store) => store });
  await alive.until(() => alive.taken.length === 5);

  expect(dead.taken).toEqual([]);
  expect(alive.names()).toEqual(loading);
});

describe("a publisher that fails", () => {
  test("is tried again with the same id, and nothing overtakes", async () => {
    const flaky = collector("flaky", (event, tries) => event.name.endsWith("Received") && tries < 4);
    const two = await couple({ initiator: { plugins: [flaky.plugin] } });
    const before = two.world.clock.now();

    await loadRequest(two.initiator.account, two.template);
    await flaky.until(() => flaky.taken.length === 5);

    expect(flaky.names()).toEqual(loading);
    expect([...flaky.tries.values()]).toEqual([1, 4, 1, 1, 1]);
    expect(two.world.clock.now()).toBeGreaterThan(before);
  });

  test("gets dead letters after ten tries; what follows goes on, and others never notice", async () => {
    const broken = collector("broken", (event) => event.name.endsWith("Received"));
    const healthy = collector("healthy");
    const two = await couple({ initiator: { plugins: [broken.plugin, healthy.plugin] } });

    await loadRequest(two.initiator.account, two.template);
    await healthy.until(() => healthy.taken.length === 5);
    const triesSoFar = Math.max(...broken.tries.values());
    await broken.until(() => broken.taken.length === 4);

    expect(triesSoFar).toBeLessThan(10);
    expect(healthy.names()).toEqual(loading);
    expect(broken.names()).toEqual(loading.filter((name) => !name.endsWith("Received")));
    expect(Math.max(...broken.tries.values())).toBe(10);
    expect(await two.initiator.account.deadLetters.list()).toMatchObject([
      {
        what: "event consumption.incomingRequestReceived for broken",
        code: "limit.reached",
        payload: { status: "Open" },
      },
    ]);
  });

  test("no key of a template lies in the outbox or with the dead letters; what leaves has its reference", async () => {
    const broken = collector("broken", (event) => event.name.includes("Template"));
    const slow = collector("slow", () => true);
    const healthy = collector("healthy");
    const two = await couple({ initiator: { plugins: [broken.plugin, slow.plugin, healthy.plugin] } });
    const { secretKey, reference } = two.template;

    await loadRequest(two.initiator.account, two.template);
    await broken.until(() => broken.taken.length === 3);
    await healthy.until(() => healthy.taken.length === 5);

    const stored = JSON.stringify([...two.initiator.disk.documents()]);
    expect(stored).toContain("event transport.peerRelationshipTemplateLoaded for broken");
    expect(stored).toContain("/outbox/events/");
    expect(stored).not.toContain(secretKey);
    expect(stored).not.toContain(reference.truncated);
    const told = two.initiator.account.templates.get(two.template.id);
    expect(healthy.taken[0]?.data).toEqual(await told);
    expect(healthy.taken[4]?.data).toMatchObject({ template: await told, result: "ManualRequestDecisionRequired" });
  });

  test("what it did not take waits for the next start", async () => {
    const broken = collector("hook", () => true);
    const two = await couple({ initiator: { plugins: [broken.plugin] } });
    await loadRequest(two.initiator.account, two.template);
    await broken.until(() => broken.tries.size > 0);
    const repaired = collector("hook");

    await two.initiator.restart({ plugins: [repaired.plugin] });
    await two.initiator.account.templates.create({ content: arbitrary, expiresAt: onDay(9) });
    await repaired.until(() => repaired.taken.length >= 5);

    expect(repaired.names()).toEqual(loading);
  });
});

test("what every publisher took is not kept", async () => {
  const one = collector("one");
  const two = await active({ initiator: { plugins: [one.plugin] } });
  await one.until(() => one.taken.length === 9);
  await two.initiator.account.relationships.terminate(two.id);
  await one.until(() => one.taken.length === 10);
  const next = collector("one");
  await two.initiator.restart({ plugins: [next.plugin] });
  await two.templator.account.sync();

  expect([...two.initiator.disk.documents()].filter(([key]) => key.includes("/outbox/events/"))).toEqual([]);
  expect(next.taken).toEqual([]);
});

test("a handler that throws is logged, and harms nobody", async () => {
  const two = await couple();
  const heard: string[] = [];
  two.initiator.account.events.on("*", () => {
    throw new Error("broken handler");
  });
  const stop = two.initiator.account.events.on("*", ({ namespace }) => heard.push(namespace));

  const request = await loadRequest(two.initiator.account, two.template);
  stop();
  await two.initiator.account.requests.incoming.accept(request.id, yes);

  expect(heard).toEqual(loading);
  expect(new Set(two.world.warnings)).toEqual(new Set(["An event handler threw."]));
  expect(await two.initiator.account.relationships.find()).toHaveLength(1);
});
