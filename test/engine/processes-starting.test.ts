// Processes that start at the same moment on an empty store: one identity, whoever is slow with what.
import type { StorePort, TransportPort } from "rapport/core";
import { createWorld } from "rapport/testkit";
import { expect, test } from "vitest";
import { processesIn, type StepClock } from "./processes.ts";

/** Lets a few things run before each call of the store and of the relay, each time another number of them. */
function dawdling(seed: number) {
  let state = seed;
  const dawdle = async () => {
    state = (state * 48_271) % 2_147_483_647;
    // Every now and then one is far behind.
    const rounds = state % 11 === 0 ? 25 : state % 5;
    for (let round = rounds; round > 0; round -= 1) await new Promise((resolve) => setImmediate(resolve));
  };
  const slow = <A extends unknown[], R>(call: (...given: A) => Promise<R>) => {
    return async (...given: A): Promise<R> => {
      await dawdle();
      return call(...given);
    };
  };
  return {
    store: (store: StorePort): StorePort => ({
      ...store,
      get: async (key) => {
        await dawdle();
        return store.get(key);
      },
      commit: slow(store.commit),
    }),
    transport: (transport: TransportPort): TransportPort => ({ ...transport, call: slow(transport.call) }),
  };
}

// One waits for what the others are at.
async function whileTimePasses<T>(clock: StepClock, work: Promise<T>): Promise<T> {
  let isDone = false;
  const done = () => {
    isDone = true;
  };
  work.then(done, done);
  while (!isDone) await clock.pass(500);
  return work;
}

test("all of them have the one identity, and the relay made no other", async () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    await using world = await createWorld();
    await using processes = await processesIn(world);
    const names: string[] = [];
    const { transport, ...slow } = dawdling(seed * 7_919);
    const watched = (own: TransportPort): TransportPort => {
      const through = transport(own);
      return {
        ...through,
        call: async (call, ...more) => {
          const answer = await through.call(call, ...more);
          if (call.operation === "createIdentity" && answer.ok)
            names.push((answer.result as { address: string }).address);
          return answer;
        },
      };
    };

    const starting = [1, 2, 3].map(() => processes.start({ ...slow, transport: watched }));
    const started = await whileTimePasses(processes.clock, Promise.all(starting));

    const addresses = new Set(started.map(({ account }) => account.address));
    expect([...new Set(names)], `seed ${seed}`).toEqual([...addresses]);
    expect(addresses.size, `seed ${seed}`).toBe(1);
    await whileTimePasses(processes.clock, Promise.all(started.map(({ account }) => account.sync())));
    expect(processes.warnings).toEqual([]);
  }
});
