import { expect } from "vitest";
import type { Law } from "./law.ts";
import type { StoreWorld } from "./store.ts";
import { documentAt, keysOf, listed, numbers, put, won } from "./store-reading.ts";

const entry = (index: number) => `acme/streams/s/${String(index).padStart(12, "0")}`;

/** Laws about streams and counters. */
export const streamLaws: readonly Law<StoreWorld>[] = [
  {
    law: "appends get the next index and are documents under it, and the head knows the next one",
    check: async ({ store, reopen }) => {
      const first = await won(store(), { appends: [{ stream: "acme/streams/s", document: { n: 0 } }] });
      const more = await won(store(), {
        appends: [1, 2].map((n) => ({ stream: "acme/streams/s", document: { n } })),
      });
      await reopen();
      const last = await won(store(), { appends: [{ stream: "acme/streams/s", document: { n: 3 } }] });

      expect([...first.indexes, ...more.indexes, ...last.indexes]).toEqual([0, 1, 2, 3]);
      expect(await documentAt(store(), "acme/streams/s")).toEqual({ next: 4 });
      const entries = await listed(store(), { under: "acme/streams/s" });
      expect(entries.map(({ key, document }) => [key, document])).toEqual(numbers(4).map((n) => [entry(n), { n }]));
    },
  },
  {
    law: "appends at the same time are dense and never conflict",
    check: async ({ store }) => {
      const results = await Promise.all(
        numbers(64).map((n) =>
          store().commit({
            puts: [{ key: `acme/things/${n}`, document: {} }],
            appends: [{ stream: "acme/streams/s", document: { n } }],
          }),
        ),
      );

      const indexes = results.flatMap((result) => (result.ok ? result.indexes : []));
      expect(indexes.toSorted((left, right) => left - right)).toEqual(numbers(64));
      for (const [n, index] of indexes.entries()) expect(await documentAt(store(), entry(index))).toEqual({ n });
      expect(await keysOf(store(), { under: "acme/streams/s" })).toEqual(numbers(64).map(entry));
    },
  },
  {
    law: "an append loses when another index than the expected one is next",
    check: async ({ store }) => {
      const append = (expectNext: number) =>
        store().commit({ appends: [{ stream: "acme/streams/s", document: {}, expectNext }] });

      expect(await append(1)).toEqual({ ok: false, conflict: "acme/streams/s" });
      expect(await append(0)).toMatchObject({ ok: true, indexes: [0] });
      expect(await append(0)).toEqual({ ok: false, conflict: "acme/streams/s" });
      expect(await append(1)).toMatchObject({ ok: true, indexes: [1] });
    },
  },
  {
    law: "streams with similar names do not mix",
    check: async ({ store }) => {
      await won(store(), {
        appends: ["acme/streams/s", "acme/streams/ss", "acme/streams/s/s", "acm/streams/s"].map((stream) => ({
          stream,
          document: { stream },
        })),
      });

      expect(await documentAt(store(), entry(0))).toEqual({ stream: "acme/streams/s" });
      expect(await keysOf(store(), { under: "acme/streams/ss" })).toHaveLength(1);
      expect(await keysOf(store(), { under: "acme/streams/s/s" })).toHaveLength(1);
      expect(await keysOf(store(), { under: "acme/streams" })).toEqual(["acme/streams/s", "acme/streams/ss"]);
    },
  },
  {
    law: "a head can be checked like any document",
    check: async ({ store }) => {
      await won(store(), { appends: [{ stream: "acme/streams/s", document: {} }] });
      const head = await store().get("acme/streams/s");
      await won(store(), { appends: [{ stream: "acme/streams/s", document: {} }] });

      const result = await store().commit({ checks: [{ key: "acme/streams/s", expect: head?.version ?? "absent" }] });

      expect(result).toEqual({ ok: false, conflict: "acme/streams/s" });
    },
  },
  {
    law: "additions sum up, also within a batch, and give their totals",
    check: async ({ store, reopen }) => {
      const counter = "acme/counters/c";

      expect((await won(store(), { adds: [{ counter, by: 2 }] })).totals).toEqual([2]);
      await reopen();
      const adds = [3, -1].map((by) => ({ counter, by }));
      expect((await won(store(), { adds })).totals).toEqual([5, 4]);
      expect(await documentAt(store(), counter)).toEqual({ n: 4 });
    },
  },
  {
    law: "additions at the same time never pass their limit, and all that fits wins",
    check: async ({ store }) => {
      const results = await Promise.all(
        numbers(32).map(() => store().commit({ adds: [{ counter: "acme/counters/c", by: 1, atMost: 10 }] })),
      );

      expect(results.flatMap((result) => (result.ok ? result.totals : []))).toEqual(numbers(10).map((n) => n + 1));
      expect(results.filter(({ ok }) => !ok)).toEqual(Array(22).fill({ ok: false, exhausted: "acme/counters/c" }));
      expect(await documentAt(store(), "acme/counters/c")).toEqual({ n: 10 });
    },
  },
  {
    law: "what is given back to a full counter can be taken again",
    check: async ({ store }) => {
      const add = (by: number) => store().commit({ adds: [{ counter: "acme/counters/c", by, atMost: 1 }] });

      expect((await add(1)).ok).toBe(true);
      expect((await add(1)).ok).toBe(false);
      expect((await add(-1)).ok).toBe(true);
      expect((await add(1)).ok).toBe(true);
    },
  },
  {
    law: "a conflict is named before a full counter, for it alone can be retried",
    check: async ({ store }) => {
      const result = await store().commit({
        adds: [{ counter: "acme/counters/c", by: 2, atMost: 1 }],
        checks: [{ key: "acme/things/1", expect: 1 }],
      });

      expect(result).toEqual({ ok: false, conflict: "acme/things/1" });
    },
  },
  {
    law: "a key that holds something else is neither a stream nor a counter",
    check: async ({ store }) => {
      await put(store(), "acme/things/text", { next: "?", n: "?" });

      const append = await store().commit({ appends: [{ stream: "acme/things/text", document: {} }] });
      const add = await store().commit({ adds: [{ counter: "acme/things/text", by: 1 }] });

      expect([append, add]).toEqual(Array(2).fill({ ok: false, conflict: "acme/things/text" }));
    },
  },
];
