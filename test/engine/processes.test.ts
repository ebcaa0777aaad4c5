// Several processes on one store (docs/decisions/0012-deliveries-and-leases.md).
import { type Plugin, Rule, type TransportPort } from "rapport/core";
import { createWorld, unreliable } from "rapport/testkit";
import { describe, expect, test } from "vitest";
import { arbitrary, onDay, structured } from "../services/scenes.ts";
import { collector, createNames } from "./collector.ts";
import { processesIn, settled } from "./processes.ts";

describe("deliveries", () => {
  test("are made by one process, whoever committed the events", async () => {
    await using world = await createWorld();
    await using processes = await processesIn(world);
    const [a, b] = [collector("hook"), collector("hook")];
    const one = await processes.start({ plugins: [a.plugin] });
    const other = await processes.start({ plugins: [b.plugin] });

    const ids = await createNames(one.account, 3);
    const [theirs = ""] = await createNames(other.account.withCorrelationId("from the other"), 1, "other");
    await processes.clock.pass(2_000);

    expect(a.taken.map(({ data }) => data["id"]).toSorted()).toEqual([...ids, theirs].toSorted());
    expect(a.taken.find(({ data }) => data["id"] === theirs)).toMatchObject({ correlationId: "from the other" });
    expect(b.tries.size).toBe(0);
  });

  test("go to another process when the first is killed, and not before it is taken for dead", async () => {
    await using world = await createWorld();
    await using processes = await processesIn(world);
    const [a, b] = [collector("hook"), collector("hook")];
    const one = await processes.start({ plugins: [a.plugin] });
    const other = await processes.start({ plugins: [b.plugin] });
    await processes.clock.pass(2_000);
    one.kill();
    await createNames(other.account, 2);

    await processes.clock.pass(8_000);
    const before = b.tries.size;
    await processes.clock.pass(10_000);

    expect(before).toBe(0);
    expect(b.taken).toHaveLength(2);
    expect(a.tries.size).toBe(0);
  });

  test("go to another process at once when the first is closed", async () => {
    await using world = await createWorld();
    await using processes = await processesIn(world);
    const [a, b] = [collector("hook"), collector("hook")];
    const one = await processes.start({ plugins: [a.plugin] });
    const other = await processes.start({ plugins: [b.plugin] });
    await createNames(other.account, 2);
    await one.rapport.close();

    await processes.clock.pass(2_000);

    expect(a.tries.size).toBe(0);
    expect(b.taken).toHaveLength(2);
  });

  test("that fail go on where the first process left them: tries are kept", async () => {
    await using world = await createWorld();
    await using processes = await processesIn(world);
    const [a, b] = [collector("hook", { refuse: () => true }), collector("hook")];
    const one = await processes.start({ plugins: [a.plugin] });
    await createNames(one.account, 1);
    await processes.clock.pass(2_000);
    one.kill();
    await processes.start({ plugins: [b.plugin] });

    await processes.clock.pass(60_000);

    expect(b.taken).toMatchObject([{ id: [...a.tries.keys()][0] }]);
    expect(b.taken[0]?.attempt).toBeGreaterThan(1);
  });
});

describe("intents", () => {
  test("are replayed by the process that opened them, and by another one only after its end", async () => {
    await using world = await createWorld();
    await using processes = await processesIn(world);
    let isDown = false;
    const broken = (inner: TransportPort) => unreliable(inner, () => (isDown ? "before" : undefined));
    const sent: string[] = [];
    const one = await processes.start({ transport: broken });
    const other = await processes.start({ transport: (inner) => counting(inner, sent) });
    isDown = true;
    const created = one.account.templates.create({ content: arbitrary, expiresAt: onDay(9) });
    const failing = expect(created).rejects.toMatchObject({ code: "relay.unreachable" });
    await processes.clock.pass(5_000);
    await failing;

    await other.account.intents.resume();
    const callsWhileItLived = sent.filter((operation) => operation === "createTemplate").length;
    one.kill();
    // Its end is noticed, long before the next look at what is unfinished.
    await processes.clock.pass(22_000);

    expect(callsWhileItLived).toBe(0);
    expect(sent.filter((operation) => operation === "createTemplate")).toHaveLength(1);
    expect(await other.account.intents.list()).toEqual([]);
    expect(await other.account.templates.find()).toHaveLength(1);
  });
});

describe("requests", () => {
  /** A rule that takes a while, and says what it was asked about. */
  function slowRule(asked: string[], until: Promise<void>): Plugin {
    return {
      name: "rules-slow",
      register: ({ contribute }) =>
        contribute(Rule, () => ({
          name: "slow",
          async judgeRequest(facts) {
            asked.push(String(facts.request.id));
            await until;
            return { verdict: "accept", items: [{ accept: true }] };
          },
        })),
    };
  }

  test("that two processes fetch at the same time are judged once", async () => {
    await using world = await createWorld();
    await using processes = await processesIn(world);
    let decide = () => {};
    const thought = new Promise<void>((resolve) => {
      decide = resolve;
    });
    const asked: string[] = [];
    const plugins = [slowRule(asked, thought)];
    const one = await processes.start({ plugins });
    const other = await processes.start({ plugins });
    const peer = await world.person("peer");
    const template = await peer.account.templates.create({ content: structured(), expiresAt: onDay(9) });

    const loading = one.account.templates.load({ reference: template.reference.truncated });
    await settled();
    const syncing = other.account.sync();
    await processes.clock.pass(1_000);
    decide();
    await processes.clock.pass(2_000);
    await Promise.all([loading, syncing]);

    expect(asked).toHaveLength(1);
    expect(await other.account.relationships.find()).toMatchObject([{ status: "Pending" }]);
    expect(processes.warnings).toEqual([]);
  });

  test("that a killed process was judging hold up no start, and are judged when it is taken for dead", async () => {
    await using world = await createWorld();
    await using processes = await processesIn(world);
    const asked: string[] = [];
    const askedAgain: string[] = [];
    const one = await processes.start({ plugins: [slowRule(asked, new Promise(() => {}))] });
    const peer = await world.person("peer");
    const template = await peer.account.templates.create({ content: structured(), expiresAt: onDay(9) });
    one.account.templates.load({ reference: template.reference.truncated }).catch(() => undefined);
    await settled();
    one.kill();

    const other = await processes.start({ plugins: [slowRule(askedAgain, Promise.resolve())] });
    const before = askedAgain.length;
    await processes.clock.pass(22_000);

    expect([asked.length, before]).toEqual([1, 0]);
    expect(askedAgain).toEqual(asked);
    expect(await other.account.relationships.find()).toMatchObject([{ status: "Pending" }]);
  });

  test("a sync that another process is at is waited for, and nothing is fetched twice", async () => {
    await using world = await createWorld();
    await using processes = await processesIn(world);
    const fetched: string[] = [];
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const transport = (inner: TransportPort) =>
      counting(inner, fetched, (operation) => (operation === "getMessage" ? gate : undefined));
    const one = await processes.start({ transport });
    const other = await processes.start({ transport });
    const peer = await world.person("peer");
    const template = await one.account.templates.create({ content: arbitrary, expiresAt: onDay(9) });
    await peer.account.templates.load({ reference: template.reference.truncated });
    const creationContent = { "@type": "ArbitraryRelationshipCreationContent", value: {} };
    const made = await peer.account.relationships.create({ templateId: template.id, creationContent });
    await one.account.sync();
    await one.account.relationships.accept(made.id);
    await peer.account.sync();
    const content = { "@type": "ArbitraryMessageContent", value: {} };
    for (let n = 0; n < 3; n += 1) {
      await peer.account.messages.send({ recipients: [one.account.address], content });
    }

    const first = one.account.sync();
    await settled();
    const second = other.account.sync();
    await processes.clock.pass(3_000);
    open();
    await processes.clock.pass(10_000);
    const [broughtFirst, broughtSecond] = await Promise.all([first, second]);

    expect(broughtFirst.messages).toHaveLength(3);
    expect(broughtSecond.messages).toEqual([]);
    expect(fetched.filter((operation) => operation === "getMessage")).toHaveLength(3);
  });
});

test("an account that another process erased is noticed, and nothing of it is written again", async () => {
  await using world = await createWorld();
  await using processes = await processesIn(world);
  const hook = collector("hook");
  const one = await processes.start({ plugins: [hook.plugin] });
  const other = await processes.start({ plugins: [hook.plugin] });
  await createNames(other.account, 1);

  await one.rapport.accounts.erase("acme", { force: true });
  const late = createNames(other.account, 1, "late");

  await expect(late).rejects.toMatchObject({ code: "account.notFound" });
  await expect(other.account.sync()).rejects.toMatchObject({ code: "account.notFound" });
  await expect(other.rapport.accounts.get("acme")).rejects.toMatchObject({ code: "account.notFound" });
  await processes.clock.pass(60_000);
  const left = [...processes.disk.documents().keys()].filter((key) => !key.startsWith("engine/p"));
  expect(left).toEqual([]);
});

test("a turn that was planned before the erasure and commits after it writes nothing", async () => {
  await using world = await createWorld();
  await using processes = await processesIn(world);
  const one = await processes.start();
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const slow = (inner: TransportPort) =>
    counting(inner, [], (operation) => (operation === "createTemplate" ? gate : undefined));
  const other = await processes.start({ transport: slow });
  const creating = other.account.templates.create({ content: arbitrary, expiresAt: onDay(9) });
  const failing = expect(creating).rejects.toMatchObject({ code: "account.notFound" });
  await settled();

  await one.rapport.accounts.erase("acme", { force: true });
  open();
  await failing;

  const left = [...processes.disk.documents().keys()].filter((key) => !key.startsWith("engine/p"));
  expect(left).toEqual([]);
});

function counting(
  inner: TransportPort,
  called: string[],
  until: (operation: string) => Promise<void> | undefined = () => undefined,
): TransportPort {
  return {
    ...inner,
    call: async (call, session) => {
      called.push(call.operation);
      await until(call.operation);
      return inner.call(call, session);
    },
  };
}
