// Deliveries: lanes, back-off, restarts, dead letters (docs/decisions/0012-deliveries-and-leases.md).
import type { OfferedEvent, StorePort } from "rapport/core";
import { faultyStore } from "rapport/testkit";
import { describe, expect, test } from "vitest";
import { active, arbitrary, couple, loadRequest, onDay, yes } from "../services/scenes.ts";
import { byThing, collector, createNames, lettersOf } from "./collector.ts";

const hourMs = 60 * 60 * 1000;

describe("lanes", () => {
  test("one entity that fails holds up nobody else", async () => {
    const hook = collector("hook", { refuse: ({ data }) => String(data["id"]).startsWith("REQ"), attemptsMax: 30 });
    const two = await couple({ initiator: { plugins: [hook.plugin] } });

    await loadRequest(two.initiator.account, two.template);
    await hook.until(() => hook.taken.length === 2);

    expect(hook.names()).toEqual([
      "transport.peerRelationshipTemplateLoaded",
      "consumption.relationshipTemplateProcessed",
    ]);
  });

  test("a subscriber is handed at most sixteen events at a time, of different entities", async () => {
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const hook = collector("hook", { until: () => gate });
    const two = await couple({ initiator: { plugins: [hook.plugin] } });

    const ids = await createNames(two.initiator.account, 40);
    await hook.until(() => hook.most.atOnce === 16);
    open();
    await hook.until(() => hook.taken.length === 40);

    expect(hook.most.atOnce).toBe(16);
    expect(hook.taken.map(({ data }) => data["id"]).toSorted()).toEqual(ids.toSorted());
  });

  test("more entities than lanes: all are delivered, each once", async () => {
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const hook = collector("hook", { until: () => gate });
    const two = await couple({ initiator: { plugins: [hook.plugin] } });

    const ids = await createNames(two.initiator.account, 1_100);
    open();
    await hook.until(() => hook.taken.length >= 1_100);

    expect(hook.taken.map(({ data }) => data["id"]).toSorted()).toEqual(ids.toSorted());
    expect(new Set(hook.taken.map(({ id }) => id)).size).toBe(1_100);
  });
});

describe("a publisher that hangs", () => {
  test("is not waited for: what it was given is tried again, and others have their turn", async () => {
    const hook = collector("hook", {
      publishMaxMs: 60_000,
      until: ({ attempt, data }) => (attempt === 1 && isFirst(data) ? new Promise(() => {}) : undefined),
    });
    const two = await couple({ initiator: { plugins: [hook.plugin] } });
    const before = two.world.clock.now();
    const isFirst = (data: { readonly [name: string]: unknown }) => hung.size < 16 && hung.add(String(data["id"]));
    const hung = new Set<string>();

    const ids = await createNames(two.initiator.account, 20);
    await hook.until(() => hook.taken.length === 20);

    expect(hung.size).toBe(16);
    expect(hook.taken.map(({ data }) => data["id"]).toSorted()).toEqual(ids.toSorted());
    expect(hook.taken.filter(({ attempt }) => attempt === 2).map(({ data }) => data["id"])).toEqual(
      expect.arrayContaining([...hung]),
    );
    expect(two.world.clock.now() - before).toBeGreaterThanOrEqual(60_000);
  });

  test("for ever makes a dead letter that says so", async () => {
    const hook = collector("hook", { publishMaxMs: 1_000, attemptsMax: 3, until: () => new Promise(() => {}) });
    const two = await couple({ initiator: { plugins: [hook.plugin] } });

    await createNames(two.initiator.account, 1);
    const [letter] = await lettersOf(two.initiator.account, 1);

    expect(JSON.stringify(letter)).toContain("did not say within 1000 ms");
  });
});

describe("a receiver that is down", () => {
  test.for([1, 24])("for %i hours loses nothing, and gets everything in order and once", async (hours) => {
    let backAt = Number.POSITIVE_INFINITY;
    const hook = collector("hook", { refuse: () => two.world.clock.now() < backAt });
    const two = await couple({ initiator: { plugins: [hook.plugin] } });
    backAt = two.world.clock.now() + hours * hourMs;

    const request = await loadRequest(two.initiator.account, two.template);
    await two.initiator.account.requests.incoming.accept(request.id, yes);
    await hook.until(() => hook.taken.length === 8);

    expect(byThing(hook.taken)[0]?.at(0)).toBe("consumption.incomingRequestReceived");
    expect(byThing(hook.taken)[1]).toEqual([
      "transport.peerRelationshipTemplateLoaded",
      "consumption.relationshipTemplateProcessed",
    ]);
    expect(new Set(hook.taken.map(({ id }) => id)).size).toBe(8);
    expect(await two.initiator.account.deadLetters.list()).toEqual([]);
  });

  test("is not hurried by a restart: tries and their times are kept", async () => {
    const down = collector("hook", { refuse: () => true, waitMs: hourMs, waitMaxMs: hourMs });
    const two = await couple({ initiator: { plugins: [down.plugin] } });
    await createNames(two.initiator.account, 1);
    await down.until(() => down.tries.size > 0);
    await two.templator.account.sync();
    const before = two.world.clock.now();
    const back = collector("hook");

    await two.initiator.restart({ plugins: [back.plugin] });
    await back.until(() => back.taken.length === 1);

    expect(back.taken[0]).toMatchObject({ id: [...down.tries.keys()][0] });
    expect(back.taken[0]?.attempt).toBeGreaterThan(1);
    expect(two.world.clock.now() - before).toBeGreaterThanOrEqual(hourMs / 2);
  });
});

test("what an earlier version left in the outbox is for every publisher", async () => {
  const disks: StorePort[] = [];
  const keep = (store: StorePort) => {
    disks.push(store);
    return store;
  };
  const two = await couple({ initiator: { store: keep } });
  const [key = ""] = [...two.initiator.disk.documents().keys()].filter((one) => one.startsWith("engine/accounts/"));
  const stream = `${key.slice("engine/accounts/".length)}/outbox/events`;
  const entry = (n: number) => ({ name: `old.${n}`, at: onDay(0), data: { id: "REL1" } });
  await disks[0]?.commit({ appends: [1, 2].map((n) => ({ stream, document: entry(n) })) });
  const hooks = [collector("one"), collector("two")];

  await two.initiator.restart({ plugins: hooks.map(({ plugin }) => plugin) });
  for (const hook of hooks) await hook.until(() => hook.taken.length === 2);

  expect(hooks.map((hook) => hook.names())).toEqual(Array(2).fill(["old.1", "old.2"]));
});

test("killed at any call of the store while it delivers: everything arrives after the start, in order, under the same ids", async () => {
  const expected = await deliveredWith(Number.POSITIVE_INFINITY);
  for (let failAt = 1; failAt <= 30; failAt += 1) {
    for (const when of ["before", "after"] as const) {
      const { taken, things } = await deliveredWith(failAt, when);

      expect(things, `killed ${when} call ${failAt}`).toEqual(expected.things);
      expect(taken, `killed ${when} call ${failAt}`).toEqual(expected.taken);
    }
  }
});

/** Names two things and deletes one, dies with a call after that, starts again; gives what arrived, without repeats. */
async function deliveredWith(failAt: number, when: "before" | "after" = "after") {
  let mayPass = false;
  const first = collector("hook", { refuse: () => !mayPass });
  const plan = { failAt: Number.POSITIVE_INFINITY, when, counter: { calls: 0 } };
  const two = await couple({
    initiator: { plugins: [first.plugin], store: (store) => faultyStore(store, plan) },
  });
  const { account } = two.initiator;
  const [id = ""] = await createNames(account, 2);
  await account.attributes.delete(id);
  mayPass = true;
  Object.assign(plan, { failAt: plan.counter.calls + failAt });
  // One that dies early takes nothing, so there is nothing to be waited for.
  for (let round = 0; round < 200 && first.taken.length < 3; round += 1) await new Promise((go) => setImmediate(go));
  const second = collector("hook");
  await two.initiator.restart({ plugins: [second.plugin], store: (store) => store });
  const all = () => new Map([...first.taken, ...second.taken].map((event) => [event.id, event]));
  while (all().size < 3) await new Promise((resolve) => setImmediate(resolve));
  return { taken: [...all().keys()].toSorted(), things: byThing([...all().values()]) };
}

describe("subscribers", () => {
  test("each gets what it wants, and none waits for another", async () => {
    const hook = collector("hooks", {
      subscribers: ({ name }) => (name.endsWith("Changed") ? ["a", "b"] : name.endsWith("Received") ? ["b"] : []),
      refuse: (_event, _tries, subscriber) => subscriber === "a",
      attemptsMax: 50,
    });
    const two = await couple({ initiator: { plugins: [hook.plugin] } });

    await loadRequest(two.initiator.account, two.template);
    await hook.until(() => hook.taken.length === 3);

    expect(hook.taken.map(({ subscriber }) => subscriber)).toEqual(["b", "b", "b"]);
    expect(byThing(hook.taken)).toEqual([
      [
        "consumption.incomingRequestReceived",
        "consumption.incomingRequestStatusChanged",
        "consumption.incomingRequestStatusChanged",
      ],
    ]);
  });

  test("an event that nobody wants is not stored", async () => {
    const hook = collector("hooks", { subscribers: () => [] });
    const two = await couple({ initiator: { plugins: [hook.plugin] } });

    await loadRequest(two.initiator.account, two.template);

    expect([...two.initiator.disk.documents()].filter(([key]) => key.includes("/outbox/"))).toEqual([]);
  });

  test("are offered the event without the keys of templates", async () => {
    const offered: string[] = [];
    const hook = collector("hooks", { subscribers: (event) => keptIn(offered, event) });
    const two = await couple({ initiator: { plugins: [hook.plugin] } });

    await loadRequest(two.initiator.account, two.template);

    expect(offered).toHaveLength(5);
    expect(offered.join()).toContain(two.template.id);
    expect(offered.join()).not.toContain(two.template.secretKey);
  });

  test("a publisher that cannot say who they are fails no command", async () => {
    const hook = collector("hooks", {
      subscribers: () => {
        throw new Error("broken");
      },
    });
    const two = await couple({ initiator: { plugins: [hook.plugin] } });

    await loadRequest(two.initiator.account, two.template);

    expect(new Set(two.world.warnings)).toEqual(
      new Set(["A publisher could not say who wants an event; nobody gets it from there."]),
    );
  });
});

function keptIn(offered: string[], event: OfferedEvent): string[] {
  offered.push(JSON.stringify(event));
  return [];
}

describe("a correlation id", () => {
  test("goes with the events of the call, live and to publishers, also through an intent", async () => {
    const hook = collector("hook");
    const two = await active({ initiator: { plugins: [hook.plugin] } });
    await hook.until(() => hook.taken.length === 9);
    const live: unknown[] = [];
    two.initiator.account.events.on("*", ({ correlationId }) => live.push(correlationId));

    await two.initiator.account.withCorrelationId("call 7").relationships.terminate(two.id);
    await createNames(two.initiator.account, 1);
    await hook.until(() => hook.taken.length === 11);

    expect(hook.taken.map(({ correlationId }) => correlationId).slice(0, 9)).toEqual(Array(9).fill(undefined));
    expect(new Set(hook.taken.slice(9).map(({ correlationId }) => correlationId))).toEqual(
      new Set(["call 7", undefined]),
    );
    expect(live).toEqual(["call 7", undefined]);
  });

  test("that is no text of a sensible length is refused", async () => {
    const two = await couple();

    expect(() => two.initiator.account.withCorrelationId("")).toThrow("correlation id");
    expect(() => two.initiator.account.withCorrelationId("x".repeat(201))).toThrow("correlation id");
    await two.initiator.account.withCorrelationId("x".repeat(200)).templates.create({
      content: arbitrary,
      expiresAt: onDay(9),
    });
  });
});
