import type { Batch, StorePort } from "rapport/core";
import { expect } from "vitest";
import type { Law } from "./law.ts";
import type { StoreWorld } from "./store.ts";
import { documentAt, keysOf, numbers, put, won } from "./store-reading.ts";

/** Laws about puts, deletes and checks. */
export const batchLaws: readonly Law<StoreWorld>[] = [
  {
    law: "what was committed is read back as it was",
    check: async ({ store }) => {
      const document = {
        text: "ä\u{1F600}\u0000\"'",
        list: [1, [null, true, {}]],
        number: -0.5e-7,
        deep: { a: { b: "" } },
      };

      const version = await put(store(), "acme/things/1", document);

      expect(await store().get("acme/things/1")).toEqual({ key: "acme/things/1", version, document });
      expect(await store().get("acme/things/2")).toBeUndefined();
    },
  },
  {
    law: "a put wins at the version it expects, once",
    check: async ({ store }) => {
      const first = await put(store(), "acme/things/1", { n: 1 });

      const { versions } = await won(store(), { puts: [{ key: "acme/things/1", document: { n: 2 }, expect: first }] });
      const late = await store().commit({ puts: [{ key: "acme/things/1", document: { n: 3 }, expect: first }] });

      expect(versions[0]).toBeGreaterThan(first);
      expect(late).toEqual({ ok: false, conflict: "acme/things/1" });
      expect(await documentAt(store(), "acme/things/1")).toEqual({ n: 2 });
    },
  },
  {
    law: "a put that expects an absent key wins only where there is none",
    check: async ({ store }) => {
      const creation: Batch = { puts: [{ key: "acme/things/1", document: {}, expect: "absent" }] };

      expect(await store().commit(creation)).toMatchObject({ ok: true });
      expect(await store().commit(creation)).toEqual({ ok: false, conflict: "acme/things/1" });
      await won(store(), { deletes: [{ key: "acme/things/1" }] });
      expect(await store().commit(creation)).toMatchObject({ ok: true });
    },
  },
  {
    law: "a put that expects a version loses where there is no document",
    check: async ({ store }) => {
      const version = await put(store(), "acme/things/other", {});

      const result = await store().commit({ puts: [{ key: "acme/things/1", document: {}, expect: version }] });

      expect(result).toEqual({ ok: false, conflict: "acme/things/1" });
    },
  },
  {
    law: "a delete wins at the version it expects, and deleting what is not there is no conflict",
    check: async ({ store }) => {
      const version = await put(store(), "acme/things/1", {});
      const key = "acme/things/1";

      expect(await store().commit({ deletes: [{ key, expect: version + 1_000 }] })).toEqual({
        ok: false,
        conflict: key,
      });
      expect(await store().commit({ deletes: [{ key, expect: version }] })).toMatchObject({ ok: true });
      expect(await store().get(key)).toBeUndefined();
      expect(await store().commit({ deletes: [{ key, expect: version }] })).toEqual({ ok: false, conflict: key });
      expect(await store().commit({ deletes: [{ key }] })).toMatchObject({ ok: true });
    },
  },
  {
    law: "a check guards a document it does not write",
    check: async ({ store }) => {
      const version = await put(store(), "acme/things/read", {});
      const guarded = (expect: number | "absent"): Batch => ({
        checks: [{ key: "acme/things/read", expect }],
        puts: [{ key: "acme/things/written", document: { expect } }],
      });

      expect(await store().commit(guarded("absent"))).toEqual({ ok: false, conflict: "acme/things/read" });
      expect(await store().get("acme/things/written")).toBeUndefined();
      expect(await store().commit(guarded(version))).toMatchObject({ ok: true });
      expect((await store().get("acme/things/read"))?.version).toBe(version);
    },
  },
  {
    law: "a batch is judged against the state before it, not against its own writes",
    check: async ({ store }) => {
      const result = await store().commit({
        checks: [{ key: "acme/things/1", expect: "absent" }],
        puts: [{ key: "acme/things/1", document: {}, expect: "absent" }],
      });

      expect(result).toMatchObject({ ok: true });
    },
  },
  {
    law: "a batch that loses by a conflict leaves nothing of itself",
    check: ({ store }) => proveAllOrNothing(store(), "conflict"),
  },
  {
    law: "a batch that loses by a full counter leaves nothing of itself",
    check: ({ store }) => proveAllOrNothing(store(), "exhausted"),
  },
  {
    law: "of many commits on one key at the same time exactly one wins",
    check: async ({ store }) => {
      const expect0 = await put(store(), "acme/things/1", { by: -1 });

      const results = await Promise.all(
        numbers(32).map((by) =>
          store().commit({ puts: [{ key: "acme/things/1", document: { by }, expect: expect0 }] }),
        ),
      );

      const winners = numbers(32).filter((by) => results[by]?.ok);
      expect(winners).toHaveLength(1);
      expect(await documentAt(store(), "acme/things/1")).toEqual({ by: winners[0] });
      expect(results.filter(({ ok }) => !ok)).toEqual(Array(31).fill({ ok: false, conflict: "acme/things/1" }));
    },
  },
  {
    law: "commits on different keys at the same time all win",
    check: async ({ store }) => {
      const results = await Promise.all(
        numbers(64).map((n) =>
          store().commit({ puts: [{ key: `acme/things/${n}`, document: { n }, expect: "absent" }] }),
        ),
      );

      expect(results.every(({ ok }) => ok)).toBe(true);
      expect(await keysOf(store(), { under: "acme/things" })).toEqual(numbers(64).map((n) => `acme/things/${n}`));
    },
  },
  {
    law: "batches are judged in the order of arrival, each against what the winners before it left",
    check: async ({ store }) => {
      const create: Batch = { puts: [{ key: "acme/things/1", document: {}, expect: "absent" }] };

      const results = await Promise.all(
        [create, create, { deletes: [{ key: "acme/things/1" }] }, create].map((batch) => store().commit(batch)),
      );

      expect(results.map(({ ok }) => ok)).toEqual([true, false, true, true]);
    },
  },
  {
    law: "a batch that makes no sense fails alone",
    check: async ({ store }) => {
      const senseless: Batch[] = [
        { puts: [{ key: "too/short", document: {} }] },
        { puts: [{ key: "acme//1", document: {} }] },
        { puts: [{ key: "acme/things/1", document: {} }], deletes: [{ key: "acme/things/1" }] },
        { puts: numbers(2).map(() => ({ key: "acme/things/1", document: {} })) },
      ];

      const good = store().commit({ puts: [{ key: "acme/things/good", document: {} }] });
      const bad = await Promise.allSettled(senseless.map((batch) => store().commit(batch)));

      expect(bad.map(({ status }) => status)).toEqual(Array(4).fill("rejected"));
      expect(await good).toMatchObject({ ok: true });
      expect(await keysOf(store(), { under: "acme/things" })).toEqual(["acme/things/good"]);
    },
  },
  {
    law: "an empty batch wins and writes nothing",
    check: async ({ store }) => {
      expect(await store().commit({})).toEqual({ ok: true, versions: [], indexes: [], totals: [] });
    },
  },
  {
    law: "a version never comes back for a key, not even after a delete",
    check: async ({ store, reopen }) => {
      const seen: number[] = [];
      for (const round of numbers(6)) {
        seen.push(await put(store(), "acme/things/1", { round }));
        seen.push(await put(store(), "acme/things/1", { round, again: true }));
        await won(store(), { deletes: [{ key: "acme/things/1" }] });
        if (round % 2 === 1) await reopen();
      }

      expect(seen).toEqual([...new Set(seen)].sort((left, right) => left - right));
    },
  },
  {
    law: "money that writers move between accounts at the same time, retrying, arrives exactly once",
    check: async ({ store }) => {
      const accounts = numbers(4).map((n) => `acme/things/account${n}`);
      for (const key of accounts) await put(store(), key, { balance: 100 });
      const transfers = numbers(80).map((n) => ({ from: n % 4, to: (n * n + 1) % 4, amount: n + 1 }));

      await Promise.all(
        numbers(8).map(async (writer) => {
          for (const n of numbers(10)) await transfer(store(), accounts, transfers[writer * 10 + n]);
        }),
      );

      const balances = await Promise.all(accounts.map(async (key) => (await documentAt(store(), key))?.["balance"]));
      const expected = numbers(4).map((account) =>
        transfers.reduce(
          (sum, { from, to, amount }) => sum + (to === account ? amount : 0) - (from === account ? amount : 0),
          100,
        ),
      );
      expect(balances).toEqual(expected);
    },
  },
];

async function proveAllOrNothing(store: StorePort, reason: "conflict" | "exhausted"): Promise<void> {
  await won(store, {
    puts: [
      { key: "acme/things/kept", document: { n: 1 } },
      { key: "acme/things/doomed", document: { n: 1 } },
    ],
    appends: [{ stream: "acme/streams/s", document: {} }],
    adds: [{ counter: "acme/counters/c", by: 5 }],
  });
  const keys = ["acme/things/kept", "acme/things/doomed", "acme/streams/s", "acme/counters/c", "acme/counters/new"];
  const state = async () => ({
    documents: await Promise.all(keys.map((key) => store.get(key))),
    entries: await keysOf(store, { under: "acme/streams/s" }),
    things: await keysOf(store, { under: "acme/things" }),
  });
  const before = await state();
  const culprit = reason === "conflict" ? "acme/things/missing" : "acme/counters/c";

  const result = await store.commit({
    puts: [
      { key: "acme/things/kept", document: { n: 2 } },
      { key: "acme/things/new", document: {} },
    ],
    deletes: [{ key: "acme/things/doomed" }],
    appends: [{ stream: "acme/streams/s", document: {} }],
    adds: [
      { counter: "acme/counters/new", by: 1 },
      { counter: "acme/counters/c", by: 1, ...(reason === "exhausted" ? { atMost: 5 } : {}) },
    ],
    checks: reason === "conflict" ? [{ key: culprit, expect: 1 }] : [],
  });

  expect(result).toEqual({ ok: false, [reason]: culprit });
  expect(await state()).toEqual(before);
}

interface Transfer {
  readonly from: number;
  readonly to: number;
  readonly amount: number;
}

/** Reads, computes, commits, and begins again when somebody else was faster. */
async function transfer(store: StorePort, accounts: readonly string[], wanted: Transfer | undefined): Promise<void> {
  if (wanted === undefined || wanted.from === wanted.to) return;
  const [from = "", to = ""] = [accounts[wanted.from], accounts[wanted.to]];
  for (;;) {
    const [source, target] = await Promise.all([store.get(from), store.get(to)]);
    if (source === undefined || target === undefined) throw new Error("Both accounts exist.");
    const puts = [
      { key: from, document: { balance: Number(source.document["balance"]) - wanted.amount }, expect: source.version },
      { key: to, document: { balance: Number(target.document["balance"]) + wanted.amount }, expect: target.version },
    ];
    if ((await store.commit({ puts })).ok) return;
  }
}
