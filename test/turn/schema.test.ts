import { type Document, hasCode, type StorePort } from "rapport/core";
import { createMemoryDisk, createMemoryStore } from "rapport/plugins/storage-memory";
import { describe, expect, test } from "vitest";
import { migratedAtOnceMax } from "../../src/limits.ts";
import { assertReadable, type Schema, type SchemaPlace, upgradeCollections } from "../../src/turn/schema.ts";

const key = "engine/schema/versions";
const paths = ["ann/books", "bob/books", "cyd/books"];
const counted: Schema["upgrades"] = {
  1: ({ n, ...kept }) => ({ ...kept, count: Number(n) }),
  2: ({ count, ...kept }) => ({ ...kept, count: Number(count) + 1000 }),
};
const placeOf = (version: number): SchemaPlace => ({
  key,
  schemas: version === 1 ? {} : { books: { version, upgrades: counted } },
  paths: async (kind) => paths.filter((path) => path.endsWith(`/${kind}`)),
});

/** Books of two people in version 1, more than one commit takes; the third has none. */
async function withBooks(): Promise<{ disk: ReturnType<typeof createMemoryDisk>; store: StorePort }> {
  const disk = createMemoryDisk();
  const store = createMemoryStore({ disk });
  await store.open([]);
  for (let n = 0; n < migratedAtOnceMax * 2; n += 1) {
    await store.commit({ puts: [{ key: `${n % 2 === 0 ? "ann" : "bob"}/books/${n}`, document: { n } }] });
  }
  await store.commit({
    puts: [
      { key: "ann/books/last", document: { n: 7 } },
      { key: "ann/others/1", document: { n: 1 } },
    ],
  });
  return { disk, store };
}

const booksIn = (documents: ReadonlyMap<string, Document>) => [...documents].filter(([at]) => at.includes("/books/"));

describe("collections", () => {
  test("of the first version are left alone, and nothing is noted", async () => {
    const { disk, store } = await withBooks();
    const before = [...disk.documents()];

    await upgradeCollections(store, placeOf(1));

    expect([...disk.documents()]).toEqual(before);
  });

  test("are brought through every version, those of other kinds are not, and a second start finds nothing to do", async () => {
    const { disk, store } = await withBooks();

    await upgradeCollections(store, placeOf(3));

    for (const [at, document] of booksIn(disk.documents())) {
      const n = at.endsWith("last") ? 7 : Number(at.split("/")[2]);
      expect(document).toEqual({ count: n + 1000 });
    }
    expect(disk.documents().get("ann/others/1")).toEqual({ n: 1 });
    expect(disk.documents().get(key)).toEqual({ versions: { books: 3 } });
    const after = [...disk.documents()];
    await upgradeCollections(store, placeOf(3));
    await expect(assertReadable(store, placeOf(3))).resolves.toBeUndefined();
    expect([...disk.documents()]).toEqual(after);
  });

  test("are upgraded once each, after whichever commit the process ended", async () => {
    const { disk: first } = await withBooks();
    const whole = first.copy();
    const store = createMemoryStore({ disk: whole });
    await store.open([]);
    let commits = 0;
    const commit: StorePort["commit"] = async (batch) => {
      commits += 1;
      return store.commit(batch);
    };
    await upgradeCollections({ ...store, commit }, placeOf(3));
    expect(commits).toBeGreaterThan(6);

    for (let survived = 0; survived < commits; survived += 1) {
      const disk = first.copy();
      const dying = createMemoryStore({ disk });
      await dying.open([]);
      let left = survived;
      const commit: StorePort["commit"] = async (batch) => {
        if (left === 0) throw new Error("The process ended.");
        left -= 1;
        return dying.commit(batch);
      };
      await expect(upgradeCollections({ ...dying, commit }, placeOf(3))).rejects.toThrow("The process ended.");
      const again = createMemoryStore({ disk });
      await again.open([]);
      await upgradeCollections(again, placeOf(3));

      expect([...disk.documents()].sort(), `after ${survived} commits`).toEqual([...whole.documents()].sort());
    }
  });

  test("are upgraded once each by processes that start together", async () => {
    const { disk, store } = await withBooks();

    await Promise.all([1, 2, 3].map(() => upgradeCollections(store, placeOf(3))));

    expect(disk.documents().get("ann/books/last")).toEqual({ count: 1007 });
    expect(new Set(booksIn(disk.documents()).map(([, document]) => Number(document["count"]) >= 1000))).toEqual(
      new Set([true]),
    );
  });

  test("of a newer version are refused with both numbers before anything is written", async () => {
    const { disk, store } = await withBooks();
    await upgradeCollections(store, placeOf(3));
    const before = [...disk.documents()];

    for (const known of [1, 2]) {
      for (const opening of [upgradeCollections(store, placeOf(known)), assertReadable(store, placeOf(known))]) {
        const problem = await opening.then(
          () => undefined,
          (reason: unknown) => reason,
        );
        expect(hasCode(problem, "store.newerVersion")).toBe(true);
        expect(problem).toMatchObject({ details: { kind: "books", version: 3, known } });
        expect(String(problem)).toMatch(new RegExp(`version 3.*up to ${known}`));
      }
    }
    expect([...disk.documents()]).toEqual(before);
  });

  test("of an older version are not read without an engine", async () => {
    const { store } = await withBooks();

    await expect(assertReadable(store, placeOf(2))).rejects.toMatchObject({ code: "store.readOnly" });
  });
});
