import type { StorePort } from "rapport/core";
import { expect } from "vitest";
import type { Law } from "./law.ts";
import type { StorePlace, StoreWorld } from "./store.ts";
import { documentAt, keysOf, listed, numbers, put, won } from "./store-reading.ts";

const key32 = (fill: number) => () => new Uint8Array(32).fill(fill);

/** Laws about opening, closing, keys, sizes and what stays behind. */
export const lifeLaws: readonly Law<StoreWorld>[] = [
  {
    law: "a store that is opened again holds everything, at the same versions",
    check: async ({ store, reopen }) => {
      await won(store(), {
        puts: numbers(20).map((n) => ({ key: `acme/things/${n}`, document: { status: `s${n % 3}`, n } })),
        appends: [{ stream: "acme/streams/s", document: { n: 1 } }],
        adds: [{ counter: "acme/counters/c", by: 3 }],
      });
      const state = async () => [
        await listed(store(), { under: "acme/things" }),
        await listed(store(), { under: "acme/things", where: { status: [{ anyOf: ["s1"] }] } }),
        await listed(store(), { under: "acme/streams/s" }),
        await store().get("acme/streams/s"),
        await store().get("acme/counters/c"),
      ];
      const before = await state();

      await reopen();

      expect(await state()).toEqual(before);
    },
  },
  {
    law: "indexes may be declared differently at the next start",
    check: async ({ store, reopen }) => {
      const query = (field: string, value: string) => ({
        under: "acme/things",
        where: { [field]: [{ anyOf: [value] }] },
      });
      await put(store(), "acme/things/1", { status: "a", colour: "red" });

      await reopen([{ kind: "things", indexes: ["colour"] }]);
      await put(store(), "acme/things/2", { status: "a", colour: "red" });
      expect(await keysOf(store(), query("colour", "red"))).toEqual(["acme/things/1", "acme/things/2"]);

      await reopen([]);
      await put(store(), "acme/things/1", { status: "b", colour: "blue" });
      expect(await keysOf(store(), query("status", "b"))).toEqual(["acme/things/1"]);

      await reopen();
      expect(await keysOf(store(), query("status", "a"))).toEqual(["acme/things/2"]);
      expect(await keysOf(store(), query("colour", "blue"))).toEqual(["acme/things/1"]);
    },
  },
  {
    law: "a store that is not open, or closed, answers every verb with the fault store.closed",
    check: async ({ store, place }) => {
      await store()[Symbol.asyncDispose]();
      const unopened = place.store();

      for (const closed of [store(), unopened]) {
        const codes = await codesOf(closed);
        expect(codes).toEqual(codes.map(() => "store.closed"));
      }
      await store()[Symbol.asyncDispose]();
    },
  },
  {
    law: "a listing that outlives its store ends with the fault store.closed",
    check: async ({ store }) => {
      await won(store(), { puts: numbers(3).map((n) => ({ key: `acme/things/${n}`, document: {} })) });
      const listing = store().find({ under: "acme/things" })[Symbol.asyncIterator]();
      await listing.next();

      await store()[Symbol.asyncDispose]();

      await expect(listing.next()).rejects.toMatchObject({ code: "store.closed" });
    },
  },
  {
    law: "commits that wait when a store is closed are finished first",
    check: async ({ store, reopen }) => {
      const waiting = numbers(40).map((n) => store().commit({ puts: [{ key: `acme/things/${n}`, document: {} }] }));

      await reopen();

      expect((await Promise.all(waiting)).every(({ ok }) => ok)).toBe(true);
      expect(await keysOf(store(), { under: "acme/things" })).toHaveLength(40);
    },
  },
  {
    law: "the key for secrets is made once and stays the same",
    check: async ({ store, reopen }) => {
      const first = await store().sealKey?.(key32(7));
      await put(store(), "acme/things/1", {});
      await reopen();

      expect(first).toEqual(key32(7)());
      expect(await store().sealKey?.(key32(8))).toEqual(first);
    },
  },
  {
    law: "a store with documents but without a key says so instead of making a new one",
    check: async ({ store }) => {
      await put(store(), "acme/things/1", {});

      await expect(store().sealKey?.(key32(7))).rejects.toMatchObject({ code: "store.keyMissing" });
    },
  },
  {
    law: "a large document is kept whole",
    check: async ({ store, reopen }) => {
      const document = { status: "s".repeat(100_000), text: "0123456789abcdef".repeat(65_536) };
      await put(store(), "acme/things/large", document);
      await reopen();

      expect(await documentAt(store(), "acme/things/large")).toEqual(document);
      expect(
        await keysOf(store(), { under: "acme/things", where: { status: [{ anyOf: [document.status] }] } }),
      ).toHaveLength(1);
    },
  },
  {
    law: "ten thousand documents are found again, all and by index",
    check: async ({ store, reopen }) => {
      for (const block of numbers(10)) {
        const puts = numbers(1_000).map((n) => ({
          key: `acme/things/${block * 1_000 + n}`,
          document: { rank: n, block },
        }));
        await won(store(), { puts });
      }
      await reopen();

      expect(await keysOf(store(), { under: "acme/things" })).toEqual(numbers(10_000).map((n) => `acme/things/${n}`));
      expect(await listed(store(), { under: "acme/things", where: { rank: [{ below: 10 }] } })).toHaveLength(100);
      expect(await keysOf(store(), { under: "acme/things", after: "acme/things/9998" })).toEqual(["acme/things/9999"]);
    },
  },
  {
    law: "erased content is gone from the raw files after closing",
    needs: ["files"],
    check: async ({ store, place }) => {
      const erased = await writeAndErase(store());
      await put(store(), "acme/things/last", { status: "still-to-be-read" });
      await store()[Symbol.asyncDispose]();
      const raw = await rawText(place);

      expect(raw).toContain("still-to-be-read");
      expect(erased.filter((mark) => raw.includes(mark))).toEqual([]);
    },
  },
  {
    law: "the key for secrets is nowhere in the raw files",
    needs: ["files"],
    check: async ({ store, place }) => {
      const made = Uint8Array.from(numbers(32), (n) => (n * 37 + 11) % 256);
      await store().sealKey?.(() => made);
      await put(store(), "acme/things/1", { status: "still-to-be-read" });
      await store()[Symbol.asyncDispose]();
      const raw = await rawText(place);

      expect(raw).toContain("still-to-be-read");
      for (const encoding of ["latin1", "hex", "base64", "base64url"] as const) {
        expect(raw.includes(Buffer.from(made).toString(encoding))).toBe(false);
      }
    },
  },
];

async function codesOf(store: StorePort): Promise<unknown[]> {
  const calls = [
    store.get("acme/things/1"),
    store.commit({ puts: [{ key: "acme/things/1", document: {} }] }),
    keysOf(store, { under: "acme/things" }),
    ...(store.sealKey === undefined ? [] : [store.sealKey(key32(1))]),
  ];
  const settled = await Promise.allSettled(calls);
  return settled.map((outcome) => (outcome.status === "rejected" ? outcome.reason.code : "answered"));
}

/** Writes, replaces and deletes texts of many lengths in many turns, and gives those that must be gone. */
async function writeAndErase(store: StorePort): Promise<string[]> {
  const erased: string[] = [];
  const mark = (n: number, round: number) => `erased-${round}-${n}-content`;
  const rounds = 8;
  for (const round of numbers(rounds)) {
    const puts = numbers(150).map((n) => {
      erased.push(mark(n, round));
      const length = (n * 7919 + round * 104_729) % (n % 11 === 0 ? 9_000 : 500);
      return {
        key: `acme/things/${n}`,
        document: { status: mark(n, round), text: "y".repeat(length), end: mark(n, round) },
      };
    });
    for (const part of numbers(15)) await won(store, { puts: puts.slice(part * 10, part * 10 + 10) });
  }
  for (const n of numbers(150)) {
    const key = `acme/things/${n}`;
    await won(store, n % 2 === 0 ? { deletes: [{ key }] } : { puts: [{ key, document: { status: "kept" } }] });
  }
  return erased;
}

async function rawText(place: StorePlace): Promise<string> {
  const files = (await place.files?.()) ?? [];
  return files.map((bytes) => Buffer.from(bytes).toString("latin1")).join("\n");
}
