import type { StorePort } from "rapport/core";
import { createMemoryDisk, createMemoryStore } from "rapport/plugins/storage-memory";
import { expect, test } from "vitest";
import { sweepEveryMs } from "../../src/limits.ts";
import { createCrashPoints } from "../kit/crash-points.ts";
import { almostOver, leftIn, many, nothing } from "./leaving.ts";
import { bring, openRelay, send } from "./parties.ts";

const body = {};

test("wherever a relay is killed while two leave, nothing is left once it was opened and they are done", async () => {
  const full = createMemoryDisk();
  const before = await openRelay({ store: createMemoryStore({ disk: full }) });
  const { to, id, kept } = await almostOver(before, many);
  const run = async (at: number, when: "before" | "after") => {
    const disk = full.copy();
    const points = createCrashPoints();
    const world = await openRelay({ seed: 2, store: points.store(createMemoryStore({ disk })) });
    points.watch({ at, when, how: "kill" });
    await world.as(to.caller).call("decomposeRelationship", { id, body });
    const store = createMemoryStore({ disk });
    const reopened = await openRelay({ seed: 3, store });
    const hasLeft = (await reopened.as(to.caller).call("getRelationship", { id })).ok === false;
    if (hasLeft) expect(await leftIn(store, { id, to }), `${when} ${at}`).toEqual({ ...nothing, messages: [kept] });
    else await reopened.as(to.caller).ok("decomposeRelationship", { id, body });
    expect(await leftIn(store, { id, to }), `${when} ${at}`).toEqual({ ...nothing, messages: [kept] });
    return { hasStruck: points.hasStruck, hasLeft };
  };

  let [left, points] = [0, 0];
  for (let at = 1; ; at += 1) {
    const [one, other] = [await run(at, "before"), await run(at, "after")];
    if (!one.hasStruck) break;
    points += 1;
    left += Number(one.hasLeft) + Number(other.hasLeft);
  }

  expect(points).toBeGreaterThan(15);
  expect(left).toBeGreaterThan(10);
});

test("a failure while erasing is nothing to the caller, and it goes on with a later call (W2)", async () => {
  const logged: string[] = [];
  const memory = createMemoryStore();
  let isBroken = false;
  let commits = 0;
  const commit: StorePort["commit"] = (batch) => {
    commits += 1;
    return isBroken && commits > 1 ? Promise.reject(new Error("The disk is full.")) : memory.commit(batch);
  };
  const log = { write: (level: string, message: string) => logged.push(`${level}: ${message}`) };
  const world = await openRelay({ store: { ...memory, commit }, log });
  const { to, id, kept } = await almostOver(world, many);
  isBroken = true;
  commits = 0;

  await to.ok("decomposeRelationship", { id, body });

  expect(logged).toEqual(["error: Erasing failed. It is tried again later."]);
  isBroken = false;
  await world.anonymous.ok("getVersion");
  expect((await leftIn(memory, { id, to })).marks).toHaveLength(1);
  world.clock.advance(sweepEveryMs);
  await world.anonymous.ok("getVersion");
  expect(await leftIn(memory, { id, to })).toEqual({ ...nothing, messages: [kept] });
});

test.for([
  ["getMessage", "the only recipient"],
  ["getMessage", "one of two"],
  ["listMessages", "the only recipient"],
  ["listMessages", "one of two"],
] as const)(
  "%s by %s, wherever it meets the end of the Relationship, brings nothing back (E3)",
  async ([operation, who]) => {
    for (let at = 1; ; at += 1) {
      const store = createMemoryStore();
      const points = createCrashPoints();
      const world = await openRelay({ store: points.store(store) });
      const [from, to, other] = [await world.party(), await world.party(), await world.party()];
      const id = await bring(from, to, "Active");
      await bring(from, other, "Active");
      const message = who === "one of two" ? await send(from, to, other) : await send(from, to);
      await from.ok("terminateRelationship", { id, body });
      await from.ok("decomposeRelationship", { id, body });
      const meanwhile = () => to.ok("decomposeRelationship", { id, body });
      points.watch({ at, when: "before", how: "wait", meanwhile });

      await to.call(operation, operation === "getMessage" ? { id: message } : {});

      if (!points.hasStruck) break;
      const messages = who === "one of two" ? [message] : [];
      expect(await leftIn(store, { id, to }), `${at}`).toEqual({ ...nothing, messages });
    }
  },
);
