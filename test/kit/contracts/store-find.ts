import fc from "fast-check";
import { type Document, matches, type Query, type StorePort } from "rapport/core";
import { expect } from "vitest";
import type { Law } from "./law.ts";
import type { StoreWorld } from "./store.ts";
import { anyDocument, anyWhere } from "./store-documents.ts";
import { keysOf, listed, numbers, put, won } from "./store-reading.ts";

const statusIs = (status: string): Query => ({ under: "acme/things", where: { status: [{ anyOf: [status] }] } });

/** Laws about finding. */
export const findLaws: readonly Law<StoreWorld>[] = [
  {
    law: "a collection never shows what belongs to another account, kind or level",
    check: async ({ store }) => {
      const keys = [
        "a/things/1",
        "ab/things/1",
        "a/thing/1",
        "a/things2/1",
        "a/things/1/2",
        "A/things/1",
        "a%/things/1",
        "_/things/1",
      ];
      for (const key of keys) await put(store(), key, { status: "here" });

      for (const key of keys) {
        const under = key.slice(0, key.lastIndexOf("/"));
        expect(await keysOf(store(), { under })).toEqual([key]);
        expect(await keysOf(store(), { under, where: { status: [{ anyOf: ["here"] }] } })).toEqual([key]);
      }
      expect(await keysOf(store(), { under: "a" })).toEqual([]);
      expect(await keysOf(store(), { under: "nobody/things" })).toEqual([]);
    },
  },
  {
    law: "keys may hold any character but the slash",
    check: async ({ store, reopen }) => {
      const names = [
        "%",
        "_",
        "*",
        "?",
        ":",
        ";",
        "'",
        '"',
        "`",
        "\\",
        "--",
        "$1",
        "?1",
        " ",
        "ä",
        "a\u0308",
        "\u{1F600}",
        "[",
        "{}",
        "\t",
      ];
      const keys = names.map((name) => `a${name}/things/${name}x${name}`);
      for (const key of keys) await put(store(), key, { key });
      await reopen();

      for (const key of keys) {
        expect((await store().get(key))?.document).toEqual({ key });
        expect(await keysOf(store(), { under: key.slice(0, key.lastIndexOf("/")) })).toEqual([key]);
      }
    },
  },
  {
    law: "documents come in the order of their creation, and updates do not move them",
    check: async ({ store, reopen }) => {
      for (const n of [3, 1, 2]) await put(store(), `acme/things/${n}`, { status: "old" });
      await put(store(), "acme/things/3", { status: "new" });
      await won(store(), { deletes: [{ key: "acme/things/1" }] });
      await put(store(), "acme/things/0", { status: "new" });
      await put(store(), "acme/things/1", { status: "new" });
      const order = ["acme/things/3", "acme/things/2", "acme/things/0", "acme/things/1"];

      expect(await keysOf(store(), { under: "acme/things" })).toEqual(order);
      expect(await keysOf(store(), statusIs("new"))).toEqual(order.toSpliced(1, 1));
      await reopen();
      expect(await keysOf(store(), { under: "acme/things" })).toEqual(order);
      expect(await keysOf(store(), statusIs("new"))).toEqual(order.toSpliced(1, 1));
    },
  },
  {
    law: "a key that was deleted and put again in one turn comes last",
    check: async ({ store, reopen }) => {
      await Promise.all([1, 2].map((n) => put(store(), `acme/things/${n}`, { status: "here" })));

      await Promise.all([
        store().commit({ deletes: [{ key: "acme/things/1" }] }),
        store().commit({ puts: [{ key: "acme/things/3", document: { status: "here" } }] }),
        store().commit({ puts: [{ key: "acme/things/1", document: { status: "here" } }] }),
      ]);

      const order = [2, 3, 1].map((n) => `acme/things/${n}`);
      expect(await keysOf(store(), statusIs("here"))).toEqual(order);
      await reopen();
      expect(await keysOf(store(), { under: "acme/things" })).toEqual(order);
    },
  },
  {
    law: "one batch inserts its puts in their order and its appends after them",
    check: async ({ store }) => {
      await won(store(), {
        appends: [{ stream: "acme/things/s", document: {} }],
        puts: ["b", "a"].map((name) => ({ key: `acme/things/${name}`, document: {} })),
      });

      expect(await keysOf(store(), { under: "acme/things" })).toEqual(
        ["b", "a", "s"].map((name) => `acme/things/${name}`),
      );
    },
  },
  {
    law: "pages add up to the whole listing, whatever their length",
    check: async ({ store }) => {
      await won(store(), {
        puts: numbers(100).map((n) => ({ key: `acme/things/${n}`, document: { status: n % 3 === 0 ? "a" : "b" } })),
      });

      for (const limit of [1, 7, 33, 100, 1_000]) {
        for (const query of [{ under: "acme/things" }, statusIs("a")]) {
          expect(await inPages(store(), { ...query, limit })).toEqual(await keysOf(store(), query));
        }
      }
    },
  },
  {
    law: "nothing comes after an unknown key or one of another collection, and a limit of 0 gives nothing",
    check: async ({ store }) => {
      await won(store(), {
        puts: ["acme/things/1", "acme/things/2", "other/things/1"].map((key) => ({ key, document: {} })),
      });

      expect(await keysOf(store(), { under: "acme/things", after: "acme/things/9" })).toEqual([]);
      expect(await keysOf(store(), { under: "acme/things", after: "other/things/1" })).toEqual([]);
      expect(await keysOf(store(), { under: "acme/things", limit: 0 })).toEqual([]);
      expect(await keysOf(store(), { under: "acme/things", after: "acme/things/1" })).toEqual(["acme/things/2"]);
    },
  },
  {
    law: "a page may begin after a document that does not answer the question",
    check: async ({ store }) => {
      for (const n of numbers(4)) await put(store(), `acme/things/${n}`, { status: n % 2 === 0 ? "even" : "odd" });

      expect(await keysOf(store(), { ...statusIs("even"), after: "acme/things/1" })).toEqual(["acme/things/2"]);
    },
  },
  {
    law: "every kind of condition, with an index or without, finds exactly what matches",
    check: async ({ store }) => {
      let round = 0;
      const property = async (documents: Parameters<typeof matches>[0][], where: Query["where"], limit: number) => {
        round += 1;
        const under = `round${round}/things`;
        const puts = documents.map((document, n) => ({ key: `${under}/${n}`, document: Object(document) }));
        await won(store(), { puts });

        const expected = puts.filter(({ document }) => matches(document, where ?? {})).map(({ key }) => key);
        expect(await keysOf(store(), where === undefined ? { under } : { under, where })).toEqual(expected);
        expect(await keysOf(store(), { under, limit, ...(where && { where }) })).toEqual(expected.slice(0, limit));
      };
      const documents = fc.array(anyDocument, { maxLength: 12 });

      await fc.assert(fc.asyncProperty(documents, anyWhere, fc.nat({ max: 5 }), property), { numRuns: 300 });
    },
  },
  {
    law: "a document that changes while others are found can be written safely",
    check: async ({ store }) => {
      await won(store(), {
        puts: numbers(300).map((n) => ({ key: `acme/things/${n}`, document: { status: "here", n } })),
      });
      const seen: string[] = [];

      for await (const { key, document } of store().find(statusIs("here"))) {
        seen.push(key);
        const n = Number(document["n"]);
        await won(store(), {
          puts: [
            { key, document: { status: "gone", n } },
            { key: `acme/things/child${n}`, document: { status: "here", n } },
          ],
          deletes: n % 10 === 0 ? [{ key: `acme/things/${n + 1}` }] : [],
        });
      }

      const untouched = numbers(300)
        .filter((n) => n % 10 !== 1)
        .map((n) => `acme/things/${n}`);
      expect(new Set(seen).size).toBe(seen.length);
      expect(untouched.filter((key) => !seen.includes(key))).toEqual([]);
      expect(seen.filter((key) => key.includes("child"))).toEqual([]);
    },
  },
  {
    law: "a listing that is left early does no harm",
    check: async ({ store }) => {
      await won(store(), { puts: numbers(100).map((n) => ({ key: `acme/things/${n}`, document: {} })) });

      for await (const { key } of store().find({ under: "acme/things" })) if (key.endsWith("/50")) break;
      await put(store(), "acme/things/50", { changed: true });

      expect(await listed(store(), { under: "acme/things" })).toHaveLength(100);
    },
  },
  {
    law: "pages hold what comes one by one, and a text is the document without its inner members",
    check: async ({ store }) => {
      const documents = [
        { status: "here", state: { value: 'a\n,"state":1' }, note: "line\nbreak" },
        { state: { value: "b" }, status: "here", role: "guest" },
        { status: "here", rank: 3 },
        { state: {} },
        {},
      ];
      await won(store(), { puts: documents.map((document, n) => ({ key: `acme/parted/${n}`, document })) });

      const entries = store().find({ under: "acme/parted" });
      const seen: { readonly document: Document; readonly text: string | undefined }[] = [];
      if (entries.pages === undefined) for await (const { document, text } of entries) seen.push({ document, text });
      else
        for await (const page of entries.pages()) {
          const texts = page.texts();
          seen.push(...page.entries().map(({ document }, at) => ({ document, text: texts[at] })));
        }

      expect(seen.map(({ document }) => document)).toEqual(documents);
      for (const { document, text } of seen) {
        const { state: _state, role: _role, ...outer } = document;
        if (text !== undefined) expect(JSON.parse(text)).toEqual(outer);
      }
    },
  },
];

async function inPages(store: StorePort, query: Query): Promise<string[]> {
  const keys: string[] = [];
  for (;;) {
    const after = keys.at(-1);
    const page = await keysOf(store, after === undefined ? query : { ...query, after });
    if (page.length === 0) return keys;
    keys.push(...page);
  }
}
