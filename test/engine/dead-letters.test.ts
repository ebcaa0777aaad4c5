// What could not be delivered or processed: listed, replayed, discarded (docs/decisions/0012-deliveries-and-leases.md).
import type { TransportPort } from "rapport/core";
import { describe, expect, test } from "vitest";
import { active, couple } from "../services/scenes.ts";
import { collector, createNames, lettersOf } from "./collector.ts";

describe("an event that a subscriber did not take", () => {
  /** Somebody with a dead letter, and a receiver that works again when told so. */
  async function withLetter() {
    let isBroken = true;
    const hook = collector("hook", { refuse: () => isBroken, attemptsMax: 3 });
    const two = await couple({ initiator: { plugins: [hook.plugin] } });
    const { account } = two.initiator;
    const [attribute = ""] = await createNames(account.withCorrelationId("call 1"), 1);
    const [letter] = await lettersOf(account, 1);
    const repair = () => {
      isBroken = false;
    };
    return { two, account, hook, attribute, id: letter?.id ?? "", repair };
  }

  test("are read by their id", async () => {
    const { account, id, attribute } = await withLetter();

    expect(await account.deadLetters.get(id)).toMatchObject({
      id,
      code: "limit.reached",
      what: "event consumption.attributeCreated for hook",
      payload: { id: attribute },
      delivery: { publisher: "hook", subscriber: "hook", attempts: 3, entity: attribute },
    });
  });

  test("replayed, the same event comes with the same id, and the letter goes when it is taken", async () => {
    const { account, hook, id, repair } = await withLetter();
    repair();

    await account.deadLetters.replay(id);
    await hook.until(() => hook.taken.length === 1);

    expect(hook.taken[0]).toMatchObject({ id: [...hook.tries.keys()][0], attempt: 1, correlationId: "call 1" });
    expect(await lettersOf(account, 0)).toEqual([]);
    await expect(account.deadLetters.replay(id)).rejects.toMatchObject({ code: "deadLetter.notFound" });
  });

  test("replayed and refused again, there is one letter as before", async () => {
    const { account, hook, id } = await withLetter();

    await account.deadLetters.replay(id);
    await account.deadLetters.replay(id);
    await hook.until(() => Math.max(...hook.tries.values()) === 6);
    while ((await account.deadLetters.get(id)).replayedAt !== undefined) await new Promise((go) => setImmediate(go));

    expect(await account.deadLetters.list()).toMatchObject([{ id, delivery: { attempts: 3 } }]);
    expect(Math.max(...hook.tries.values())).toBe(6);
  });

  test("survive a restart on their way", async () => {
    const { two, account, id } = await withLetter();
    await account.deadLetters.replay(id);
    const repaired = collector("hook");

    const again = await two.initiator.restart({ plugins: [repaired.plugin] });
    await repaired.until(() => repaired.taken.length === 1);

    expect(await lettersOf(again, 0)).toEqual([]);
  });

  test("discarded, they are gone, and so is a replay that was not taken", async () => {
    const { account, id } = await withLetter();

    await account.deadLetters.replay(id);
    await account.deadLetters.discard(id);

    expect(await account.deadLetters.list()).toEqual([]);
    await expect(account.deadLetters.discard(id)).rejects.toMatchObject({ code: "deadLetter.notFound" });
    await expect(account.deadLetters.get(id)).rejects.toMatchObject({ code: "deadLetter.notFound" });
  });

  test("for a publisher that the engine does not have are not replayable", async () => {
    const { two, id } = await withLetter();

    const again = await two.initiator.restart({ plugins: [] });

    await expect(again.deadLetters.replay(id)).rejects.toMatchObject({ code: "deadLetter.notReplayable" });
  });
});

describe("an external event that could not be processed", () => {
  /** Somebody whose relay refuses to give a message as long as it is told to. */
  async function withUnreadMessage() {
    let isRefusing = true;
    const transport = (inner: TransportPort): TransportPort => ({
      ...inner,
      call: async (call, session) => {
        if (!isRefusing || call.operation !== "getMessage") return inner.call(call, session);
        const error = { code: "error.platform.forbidden", message: "not now" };
        return { ok: false, status: 403, error, rapport: true };
      },
    });
    const two = await active({ initiator: { transport } });
    const content = { "@type": "ArbitraryMessageContent", value: { text: "hello" } };
    await two.templator.account.messages.send({ recipients: [two.initiator.account.address], content });
    await two.initiator.account.sync();
    const [letter] = await two.initiator.account.deadLetters.list();
    const allow = () => {
      isRefusing = false;
    };
    return { two, account: two.initiator.account, id: letter?.id ?? "", allow };
  }

  test("is processed when it is replayed, and its letter goes", async () => {
    const { account, id, allow } = await withUnreadMessage();
    allow();

    await account.deadLetters.replay(id);

    expect(await account.messages.find()).toMatchObject([{ content: { value: { text: "hello" } } }]);
    expect(await account.deadLetters.list()).toEqual([]);
    await account.sync();
    expect(await account.messages.find()).toHaveLength(1);
  });

  test("refused again, it stays and the caller hears why", async () => {
    const { account, id } = await withUnreadMessage();

    await expect(account.deadLetters.replay(id)).rejects.toMatchObject({ code: "error.platform.forbidden" });

    expect(await account.deadLetters.list()).toMatchObject([{ id, external: { type: "MessageReceived" } }]);
    expect(await account.messages.find()).toEqual([]);
  });
});
