import { createMemoryDisk, createMemoryStore } from "rapport/plugins/storage-memory";
import { expect, test } from "vitest";
import { faultyStore } from "../../kit/faulty-store.ts";

const put = (n: number) => ({ puts: [{ key: "acme/things/1", document: { n } }] });

test("opening a disk takes it away from the store that had it", async () => {
  const disk = createMemoryDisk();
  const killed = createMemoryStore({ disk });
  await killed.open([]);
  await killed.commit(put(1));

  const heir = createMemoryStore({ disk });
  await heir.open([]);

  await expect(killed.commit(put(2))).rejects.toMatchObject({ code: "store.closed" });
  await killed[Symbol.asyncDispose]();
  expect((await heir.get("acme/things/1"))?.document).toEqual({ n: 1 });
});

test("a copy of a disk goes its own way", async () => {
  const disk = createMemoryDisk();
  const store = createMemoryStore({ disk });
  await store.open([]);
  await store.commit(put(1));
  const old = disk.copy();
  await store.commit(put(2));

  const restored = createMemoryStore({ disk: old });
  await restored.open([]);

  expect((await restored.get("acme/things/1"))?.document).toEqual({ n: 1 });
  await restored.commit(put(3));
  expect((await store.get("acme/things/1"))?.document).toEqual({ n: 2 });
});

test("documents are kept as they were handed in", async () => {
  const store = createMemoryStore();
  await store.open([]);
  const document = { n: 1 };
  await store.commit({ puts: [{ key: "acme/things/1", document }] });

  expect((await store.get("acme/things/1"))?.document).toBe(document);
});

test.for([
  ["before", undefined],
  ["after", { n: 1 }],
] as const)("a store that dies %s its second call stays dead, and the work is done or not", async ([when, left]) => {
  const disk = createMemoryDisk();
  const counter = { calls: 0 };
  const inner = createMemoryStore({ disk });
  const store = faultyStore(inner, { failAt: 2, when, counter });
  await store.open([]);

  await store.get("acme/things/1");
  await expect(store.commit(put(1))).rejects.toThrow(/as planned/);
  await expect(store.get("acme/things/1")).rejects.toThrow(/as planned/);

  expect(counter.calls).toBe(2);
  expect((await inner.get("acme/things/1"))?.document).toEqual(left);
});

test("a listing counts as one call", async () => {
  const counter = { calls: 0 };
  const store = faultyStore(createMemoryStore(), { failAt: 3, when: "before", counter });
  await store.open([]);
  await store.commit(put(1));

  for await (const { key } of store.find({ under: "acme/things" })) expect(key).toBe("acme/things/1");

  expect(counter.calls).toBe(2);
  await expect(store.find({ under: "acme/things" })[Symbol.asyncIterator]().next()).rejects.toThrow(/as planned/);
});
