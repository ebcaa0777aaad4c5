import { createMemoryDisk, createMemoryStore } from "rapport/plugins/storage-memory";
import { expect, test } from "vitest";
import { type CrashPoint, createCrashPoints } from "./crash-points.ts";

const put = { puts: [{ key: "acme/things/1", document: {} }] };
const make = () => new Uint8Array(32).fill(7);

/** A store behind its points, and what a process does with it: five calls. */
function begin(point?: CrashPoint) {
  const disk = createMemoryDisk();
  const points = createCrashPoints();
  const store = points.store(createMemoryStore({ disk }));
  points.watch(point);
  const live = async () => {
    await store.open([]);
    await store.sealKey?.(make);
    await store.commit(put);
    await store.get("acme/things/1");
    for await (const _ of store.find({ under: "acme/things" }));
  };
  return { disk, points, store, live };
}

/** The first byte of the key that is kept on the disk, if one is. */
async function keyOn(disk: ReturnType<typeof createMemoryDisk>): Promise<number | undefined> {
  const store = createMemoryStore({ disk: disk.copy() });
  await store.open([]);
  return (await store.sealKey?.(() => new Uint8Array(32)))?.[0] || undefined;
}

test("opening, the key, get, find and commit are the calls; making the key is none of its own", async () => {
  const { points, live } = begin();

  await live();

  expect(points.calls).toBe(5);
});

test.for([
  [{ at: 2, when: "before" }, undefined],
  [{ at: 1, when: "before", operation: "makeKey" }, undefined],
  [{ at: 1, when: "after", operation: "makeKey" }, undefined],
  [{ at: 2, when: "after" }, 7],
] as const)("a process killed at %o has left the key behind or not", async ([point, kept]) => {
  const { disk, points, store, live } = begin({ ...point, how: "kill" });

  await expect(live()).rejects.toThrow(/killed the process/);

  expect(await keyOn(disk)).toBe(kept);
  expect([points.isDead, points.hasStruck]).toEqual([true, true]);
  await expect(store.get("acme/things/1")).rejects.toThrow(/dead/);
});

test("a call that fails fails once, as a store that is not available", async () => {
  const { points, store, live } = begin({ at: 1, when: "after", how: "fail", operation: "makeKey" });

  await expect(live()).rejects.toMatchObject({ code: "store.unavailable" });

  await live();
  expect(points.isDead).toBe(false);
  expect(await store.sealKey?.(() => new Uint8Array(32))).toEqual(make());
});

test.for([
  ["before", 0],
  ["after", 1],
] as const)("a call that waits %s the store did it goes on when the other thing has happened", async ([when, seen]) => {
  let found: number | undefined;
  const meanwhile = async () => {
    found = at.disk.documents().size;
  };
  const at = begin({ at: 3, when, how: "wait", meanwhile });

  await at.live();

  expect(found).toBe(seen);
  expect(at.points.hasStruck).toBe(true);
});

test("a dead process does not close its store, a living one does", async () => {
  const points = createCrashPoints();
  const inner = createMemoryStore();
  const store = points.store(inner);
  await store.open([]);
  points.watch({ at: 1, when: "after", how: "kill" });
  await expect(store.commit(put)).rejects.toThrow(/killed/);

  await store[Symbol.asyncDispose]();
  expect(await inner.get("acme/things/1")).toBeDefined();

  const other = createCrashPoints().store(inner);
  await other[Symbol.asyncDispose]();
  await expect(inner.get("acme/things/1")).rejects.toMatchObject({ code: "store.closed" });
});
