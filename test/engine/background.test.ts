// An engine that works by itself: deadlines and unfinished calls, without anybody asking (src/services/engine.ts).
import { createRapport } from "rapport";
import { Clock, type ClockPort, Crypto, Entropy, Log, type Plugin, Transport } from "rapport/core";
import { createSodium } from "rapport/plugins/crypto-sodium";
import { createMemoryStore } from "rapport/plugins/storage-memory";
import { createLoopbackTransport } from "rapport/plugins/transport-loopback";
import { createRelay } from "rapport/relay";
import { createHandClock, createSeededEntropy, unreliable } from "rapport/testkit";
import { expect, test } from "vitest";
import { arbitrary, onDay } from "../services/scenes.ts";

/** A clock whose long sleeps last until somebody wakes the sleeper. */
function sleepyClock(shorterThanMs: number) {
  const hand = createHandClock();
  const sleepers: (() => void)[] = [];
  let noticed = () => {};
  const clock: ClockPort = {
    now: hand.now,
    sleep: (ms, stop) => {
      if (ms < shorterThanMs) return hand.sleep(ms, stop);
      return new Promise((resolve) => {
        stop?.addEventListener("abort", () => resolve());
        sleepers.push(resolve);
        noticed();
      });
    },
  };
  /** Wakes the engine, and waits until it sleeps again. */
  const round = async () => {
    const asleep = new Promise<void>((resolve) => {
      noticed = resolve;
    });
    sleepers.shift()?.();
    await asleep;
  };
  return { clock, round };
}

test("what got no answer is finished in the background, and closing ends the work", async () => {
  const { clock, round } = sleepyClock(30_000);
  const entropy = createSeededEntropy(5);
  const crypto = createSodium();
  await crypto.open();
  const log = { write: () => undefined };
  await using relay = createRelay({ store: createMemoryStore(), clock, entropy, crypto, log });
  await relay.open();
  let isDown = false;
  const ground: Plugin = {
    name: "ground",
    register: ({ provide }) => {
      provide(Clock, () => clock);
      provide(Entropy, () => entropy);
      provide(Crypto, () => crypto);
      provide(Log, () => log);
      provide(Transport, () => unreliable(createLoopbackTransport(relay), () => (isDown ? "after" : undefined)));
    },
  };
  const rapport = await createRapport({ plugins: [ground] });
  const account = await rapport.accounts.create({ name: "acme" });
  isDown = true;
  const created = account.templates.create({ content: arbitrary, expiresAt: onDay(9) });
  await expect(created).rejects.toMatchObject({ code: "relay.unreachable" });
  await round();
  expect(await account.intents.list()).toMatchObject([{ operation: "createTemplate", attempts: 6 }]);

  isDown = false;
  await round();

  expect(await account.intents.list()).toEqual([]);
  expect(await account.templates.find()).toHaveLength(1);
  await rapport.close();
  await expect(rapport.accounts.list()).rejects.toMatchObject({ code: "engine.closed" });
});
