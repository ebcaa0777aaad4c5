// Events for publishers: at least once, in order for each entity, whoever else fails (design.md 3 and 7).
import { faultyStore } from "rapport/testkit";
import { describe, expect, test } from "vitest";
import { active, arbitrary, couple, loadRequest, onDay, yes } from "../services/scenes.ts";
import { byThing, collector, lettersOf } from "./collector.ts";

/** What loading a template tells, of the Request and of the template. */
const loadingByThing = [
  [
    "consumption.incomingRequestReceived",
    "consumption.incomingRequestStatusChanged",
    "consumption.incomingRequestStatusChanged",
  ],
  ["transport.peerRelationshipTemplateLoaded", "consumption.relationshipTemplateProcessed"],
];

const loading = [
  "transport.peerRelationshipTemplateLoaded",
  "consumption.incomingRequestReceived",
  "consumption.incomingRequestStatusChanged",
  "consumption.incomingRequestStatusChanged",
  "consumption.relationshipTemplateProcessed",
];

test("every publisher gets every event, in the order of the commits for each entity, with its own id", async () => {
  const one = collector("one");
  const other = collector("other");
  const two = await couple({ initiator: { plugins: [one.plugin, other.plugin] } });
  const request = await loadRequest(two.initiator.account, two.template);
  await two.initiator.account.requests.incoming.accept(request.id, yes);

  await one.until(() => one.taken.length === 8);
  await other.until(() => other.taken.length === 8);

  const [ofRequest = [], ofTemplate = []] = loadingByThing;
  expect(byThing(one.taken)).toEqual([
    [...ofRequest, "consumption.incomingRequestStatusChanged", "consumption.incomingRequestStatusChanged"],
    ofTemplate,
    ["transport.relationshipChanged"],
  ]);
  expect(byThing(other.taken)).toEqual(byThing(one.taken));
  expect(new Set(one.taken.map(({ id }) => id)).size).toBe(8);
  expect(one.taken.find(({ name }) => name === loading[0])).toMatchObject({
    account: two.initiator.account.address,
    accountName: "initiator",
    attempt: 1,
    data: { id: two.template.id },
  });
});

test("killed between the commit and the publishing: published after the start", async () => {
  const dead = collector("webhook", { refuse: () => true });
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
  expect(byThing(alive.taken)).toEqual(loadingByThing);
});

describe("a publisher that fails", () => {
  test("is tried again with the same id, and nothing about the same entity overtakes", async () => {
    const flaky = collector("flaky", {
      refuse: (event, tries) => event.name.endsWith("Received") && tries < 4,
    });
    const two = await couple({ initiator: { plugins: [flaky.plugin] } });
    const before = two.world.clock.now();

    await loadRequest(two.initiator.account, two.template);
    await flaky.until(() => flaky.taken.length === 5);

    expect(byThing(flaky.taken)).toEqual(loadingByThing);
    expect([...flaky.tries.values()].toSorted()).toEqual([1, 1, 1, 1, 4]);
    expect(flaky.taken.find(({ name }) => name.endsWith("Received"))).toMatchObject({ attempt: 4 });
    expect(two.world.clock.now()).toBeGreaterThan(before);
  });

  test("gets dead letters after its last try; what follows goes on, and others never notice", async () => {
    const broken = collector("broken", { refuse: (event) => event.name.endsWith("Received"), attemptsMax: 10 });
    const healthy = collector("healthy");
    const two = await couple({ initiator: { plugins: [broken.plugin, healthy.plugin] } });

    await loadRequest(two.initiator.account, two.template);
    await healthy.until(() => healthy.taken.length === 5);
    const triesSoFar = Math.max(...broken.tries.values());
    await broken.until(() => broken.taken.length === 4);

    expect(triesSoFar).toBeLessThan(10);
    expect(byThing(healthy.taken)).toEqual(loadingByThing);
    expect(broken.names().toSorted()).toEqual(loading.filter((name) => !name.endsWith("Received")).toSorted());
    expect(Math.max(...broken.tries.values())).toBe(10);
    expect(await lettersOf(two.initiator.account, 1)).toMatchObject([
      {
        what: "event consumption.incomingRequestReceived for broken",
        code: "limit.reached",
        payload: { status: "Open" },
      },
    ]);
  });

  test("no key of a template lies in the outbox or with the dead letters; what leaves has its reference", async () => {
    const broken = collector("broken", { refuse: (event) => event.name.includes("Template"), attemptsMax: 3 });
    const slow = collector("slow", { refuse: () => true });
    const healthy = collector("healthy");
    const two = await couple({ initiator: { plugins: [broken.plugin, slow.plugin, healthy.plugin] } });
    const { secretKey, reference } = two.template;

    await loadRequest(two.initiator.account, two.template);
    await lettersOf(two.initiator.account, 2);
    await healthy.until(() => healthy.taken.length === 5);

    const stored = JSON.stringify([...two.initiator.disk.documents()]);
    expect(stored).toContain("event transport.peerRelationshipTemplateLoaded for broken");
    expect(stored).toContain("/outbox/events/");
    expect(stored).not.toContain(secretKey);
    expect(stored).not.toContain(reference.truncated);
    const told = two.initiator.account.templates.get(two.template.id);
    const takenAs = (name: string) => healthy.taken.find((event) => event.name.endsWith(name))?.data;
    expect(takenAs("TemplateLoaded")).toEqual(await told);
    expect(takenAs("TemplateProcessed")).toMatchObject({
      template: await told,
      result: "ManualRequestDecisionRequired",
    });
  });

  test("what it did not take waits for the next start", async () => {
    const broken = collector("hook", { refuse: () => true });
    const two = await couple({ initiator: { plugins: [broken.plugin] } });
    await loadRequest(two.initiator.account, two.template);
    await broken.until(() => broken.tries.size > 0);
    const repaired = collector("hook");

    await two.initiator.restart({ plugins: [repaired.plugin] });
    await two.initiator.account.templates.create({ content: arbitrary, expiresAt: onDay(9) });
    await repaired.until(() => repaired.taken.length >= 5);

    expect(byThing(repaired.taken)).toEqual(loadingByThing);
  });
});

test("what every publisher took is not kept", async () => {
  const one = collector("one");
  const two = await active({ initiator: { plugins: [one.plugin] } });
  await one.until(() => one.taken.length === 9);
  await two.initiator.account.relationships.terminate(two.id);
  await one.until(() => one.taken.length === 10);
  await two.templator.account.sync();
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
