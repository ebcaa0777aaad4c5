import { readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { StorePort } from "rapport/core";
import { createSqliteStore, type SqliteLike } from "rapport/plugins/storage-sqlite";
import { describe, expect, test, vi } from "vitest";
import { erasedContentStaysMs } from "../../../plugins/storage-sqlite/limits.ts";
import { keysOf, numbers, won } from "../../kit/contracts/store-reading.ts";
import { noKey, placeInFolder } from "../storage-files.ts";
import { keyLaws } from "../storage-keys.ts";
import { processLaws } from "../storage-killed.ts";
import { drivers } from "./drivers.ts";

const storeAt = (file: string) => createSqliteStore({ file, environment: noKey });

processLaws("sqlite", storeAt);
keyLaws((file, environment) => createSqliteStore({ file, environment }));

describe.for(drivers)("on $driver", ({ open }) => {
  const storeOn = (file: string) => createSqliteStore({ file, open, environment: noKey });

  test("a closed store is one file", async () => {
    const place = await placeInFolder(storeOn);
    const store = place.store();
    await store.open([]);
    await won(store, { puts: [{ key: "acme/things/1", document: {} }] });
    await store[Symbol.asyncDispose]();

    expect(await readdir(dirname(place.file))).toEqual(["store"]);
    await place.remove?.();
  });

  test("a file that is no database is refused and left alone", async () => {
    const place = await placeInFolder(storeOn);
    const content = "This is a letter and no database. ".repeat(500);
    await writeFile(place.file, content);

    await expect(place.store().open([])).rejects.toMatchObject({ code: "store.corrupted" });

    expect(await readFile(place.file, "utf8")).toBe(content);
    await place.remove?.();
  });

  test("a database of another program is refused and left alone", async () => {
    const place = await placeInFolder(storeOn);
    const db = open(place.file);
    db.exec("CREATE TABLE documents (id INTEGER)");
    db.close();
    const before = await readFile(place.file);

    await expect(place.store().open([])).rejects.toMatchObject({ code: "store.corrupted" });

    expect(await readFile(place.file)).toEqual(before);
    await place.remove?.();
  });

  test("a layout of a newer version is refused, with both numbers", async () => {
    const place = await placeInFolder(storeOn);
    const store = place.store();
    await store.open([]);
    await store[Symbol.asyncDispose]();
    const db = open(place.file);
    db.exec("PRAGMA user_version = 7");
    db.close();

    const opening = place.store().open([]);

    await expect(opening).rejects.toMatchObject({ code: "store.newerVersion", details: { found: 7, known: 1 } });
    await expect(opening).rejects.toThrow(/7.*1/);
    await place.remove?.();
  });

  test("damage that shows only while reading is a fault of its own", async () => {
    const place = await placeInFolder(storeOn);
    const store = place.store();
    await store.open([]);
    await won(store, {
      puts: numbers(500).map((n) => ({ key: `acme/things/${n}`, document: { text: "x".repeat(900) } })),
    });
    await store[Symbol.asyncDispose]();
    const bytes = await readFile(place.file);
    bytes.fill(0xa5, 4 * 4_096);
    await writeFile(place.file, bytes);
    const damaged = place.store();

    const reading = async () => {
      await damaged.open([]);
      await keysOf(damaged, { under: "acme/things" });
    };

    await expect(reading()).rejects.toMatchObject({ code: "store.corrupted" });
    await damaged[Symbol.asyncDispose]();
    await place.remove?.();
  });

  test("a file that was cut off is a fault and not an empty store", async () => {
    const place = await placeInFolder(storeOn);
    const store = place.store();
    await store.open([]);
    await won(store, {
      puts: numbers(500).map((n) => ({ key: `acme/things/${n}`, document: { text: "x".repeat(900) } })),
    });
    await store[Symbol.asyncDispose]();
    await truncate(place.file, 5 * 4_096);
    const damaged = place.store();

    const reading = async () => {
      await damaged.open([]);
      await keysOf(damaged, { under: "acme/things" });
    };

    await expect(reading()).rejects.toMatchObject({ code: "store.corrupted" });
    await damaged[Symbol.asyncDispose]();
    await place.remove?.();
  });

  test("a body that is no JSON is damage", async () => {
    const place = await placeInFolder(storeOn);
    const store = place.store();
    await store.open([]);
    await won(store, { puts: [{ key: "acme/things/1", document: {} }] });
    await store[Symbol.asyncDispose]();
    const db = open(place.file);
    db.exec("UPDATE documents SET body = '{'");
    db.close();
    const damaged = place.store();
    await damaged.open([]);

    await expect(damaged.get("acme/things/1")).rejects.toMatchObject({ code: "store.corrupted" });

    await damaged[Symbol.asyncDispose]();
    await place.remove?.();
  });

  test("a full disk fails all commits of the flush and changes nothing, and the store goes on once there is room", async () => {
    const place = await placeInFolder(storeOn);
    let opened: SqliteLike | undefined;
    const store = createSqliteStore({
      file: place.file,
      environment: noKey,
      open: (file) => {
        opened = open(file);
        return opened;
      },
    });
    await store.open([{ kind: "things", indexes: ["n"] }]);
    await won(store, { puts: [{ key: "acme/things/1", document: { n: 1 } }] });
    opened?.exec("PRAGMA max_page_count = 20");

    const results = await Promise.allSettled([
      store.commit({ puts: [{ key: "acme/things/1", document: { n: 2 } }] }),
      store.commit({ puts: [{ key: "acme/things/2", document: { n: 2, text: "x".repeat(200_000) } }] }),
    ]);

    const reasons = results.map((result) => (result.status === "rejected" ? result.reason.code : "kept"));
    expect(reasons).toEqual(["store.full", "store.full"]);
    expect((await store.get("acme/things/1"))?.document).toEqual({ n: 1 });
    expect(await keysOf(store, { under: "acme/things", where: { n: [{ anyOf: [1, 2] }] } })).toEqual(["acme/things/1"]);
    opened?.exec("PRAGMA max_page_count = 100000");
    await won(store, { puts: [{ key: "acme/things/1", document: { n: 3 } }] });
    expect(await keysOf(store, { under: "acme/things", where: { n: [{ anyOf: [3] }] } })).toEqual(["acme/things/1"]);
    await store[Symbol.asyncDispose]();
    await place.remove?.();
  });

  test("a document is not seen before it is durable", async () => {
    const place = await placeInFolder(storeOn);
    const store = place.store();
    await store.open([]);

    const committing = store.commit({ puts: [{ key: "acme/things/1", document: {} }] });

    expect(await store.get("acme/things/1")).toBeUndefined();
    await committing;
    expect(await store.get("acme/things/1")).toBeDefined();
    await store[Symbol.asyncDispose]();
    await place.remove?.();
  });
});

test("what SQLite moved between pages before it was erased is gone too", async () => {
  const place = await placeInFolder(storeAt);
  const store = place.store();
  await store.open([{ kind: "things", indexes: ["mark"] }]);

  const { erased, kept } = await writeAndEraseAtRandom(store, 5);
  await store[Symbol.asyncDispose]();

  const [bytes] = (await place.files?.()) ?? [];
  const raw = Buffer.from(bytes ?? []).toString("latin1");
  expect(kept.filter((mark) => !raw.includes(mark))).toEqual([]);
  expect(erased.filter((mark) => raw.includes(mark))).toEqual([]);
  await place.remove?.();
});

/** Inserts, replaces and deletes in turns of 20, so that pages split and merge. The seed is one that leaves traces without a rebuild. */
async function writeAndEraseAtRandom(store: StorePort, seed: number): Promise<{ erased: string[]; kept: string[] }> {
  let state = seed;
  const below = (bound: number) => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
    return (state >>> 8) % bound;
  };
  const markByKey = new Map<string, string>();
  const erased: string[] = [];
  for (const turn of numbers(300)) {
    const commits = numbers(20).map((n) => {
      const mark = `mark-${turn}-${n}-end`;
      const old = below(5) < 2 ? undefined : [...markByKey.keys()][below(markByKey.size + 1)];
      const key = old ?? `acme/things/name-${turn}-${n}-end`;
      const before = markByKey.get(key);
      if (before !== undefined) erased.push(before);
      if (old !== undefined && below(3) === 0) {
        markByKey.delete(key);
        erased.push(key);
        return store.commit({ deletes: [{ key }] });
      }
      markByKey.set(key, mark);
      const text = "y".repeat(below(8) === 0 ? below(9_000) : below(400));
      return store.commit({ puts: [{ key, document: { mark, text, again: mark } }] });
    });
    await Promise.all(commits);
  }
  return { erased, kept: [...markByKey.values()] };
}

test("while the store is open, erased content leaves the log within its time", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const place = await placeInFolder(storeAt);
  const store = place.store();
  await store.open([]);
  await won(store, { puts: [{ key: "acme/things/1", document: { text: "erased-content" } }] });
  await won(store, { deletes: [{ key: "acme/things/1" }] });
  const log = () => readFile(`${place.file}-wal`, "latin1");
  const before = await log();

  vi.advanceTimersByTime(erasedContentStaysMs);

  expect(before).toContain("erased-content");
  expect(await log()).toBe("");
  vi.useRealTimers();
  await store[Symbol.asyncDispose]();
  await place.remove?.();
});

test("without a driver named, an installed one opens the file", async () => {
  const place = await placeInFolder(storeAt);
  const store = place.store();

  await store.open([]);

  expect(await store.commit({})).toMatchObject({ ok: true });
  await store[Symbol.asyncDispose]();
  await place.remove?.();
});
