import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { createLowdbStore } from "rapport/plugins/storage-lowdb";
import { expect, test } from "vitest";
import { noKey, placeInFolder } from "../storage-files.ts";
import { keyLaws } from "../storage-keys.ts";
import { processLaws } from "../storage-killed.ts";

const storeAt = (file: string) => createLowdbStore({ file, environment: noKey });

processLaws("lowdb", storeAt);
keyLaws((file, environment) => createLowdbStore({ file, environment }));

test("the file can be read by people", async () => {
  const place = await placeInFolder(storeAt);
  const store = place.store();
  await store.open([]);
  await store.commit({ puts: [{ key: "acme/things/1", document: { name: "Ada" } }] });

  expect(await readFile(place.file, "utf8")).toBe(`{
  "rapport": 1,
  "version": 1,
  "documents": [
    {
      "key": "acme/things/1",
      "version": 1,
      "document": {
        "name": "Ada"
      }
    }
  ]
}
`);
  await store[Symbol.asyncDispose]();
  expect(await readdir(dirname(place.file))).toEqual(["store"]);
  await place.remove?.();
});

test("a document is not seen before it is in the file", async () => {
  const place = await placeInFolder(storeAt);
  const store = place.store();
  await store.open([]);

  const committing = store.commit({ puts: [{ key: "acme/things/1", document: {} }] });

  expect(await store.get("acme/things/1")).toBeUndefined();
  await committing;
  expect(await store.get("acme/things/1")).toBeDefined();
  await store[Symbol.asyncDispose]();
  await place.remove?.();
});

test.for(["", "{", "[]", '{"rapport":1}', '{"rapport":1,"version":1,"documents":[{"key":1}]}', "null"])(
  "a damaged file is refused: %s",
  async (content) => {
    const place = await placeInFolder(storeAt);
    await writeFile(place.file, content);

    await expect(place.store().open([])).rejects.toMatchObject({ code: "store.corrupted" });

    expect(await readFile(place.file, "utf8")).toBe(content);
    await place.remove?.();
  },
);

test("a file of a newer version is refused, with both numbers", async () => {
  const place = await placeInFolder(storeAt);
  await writeFile(place.file, JSON.stringify({ rapport: 9, version: 1, documents: [] }));

  const opening = place.store().open([]);

  await expect(opening).rejects.toMatchObject({ code: "store.newerVersion", details: { found: 9, known: 1 } });
  await expect(opening).rejects.toThrow(/9.*1/);
  await place.remove?.();
});

test("what a dead process left unfinished is removed at the next start", async () => {
  const place = await placeInFolder(storeAt);
  await writeFile(`${place.file}.new`, "erased-content");
  const store = place.store();

  await store.open([]);

  expect(await readdir(dirname(place.file))).toEqual(["store.lock"]);
  await store[Symbol.asyncDispose]();
  await place.remove?.();
});

test.for([
  ["of a process that is gone", { pid: 2 ** 22 + 1, started: "1" }],
  ["of an earlier process with our own id", { pid: process.pid, started: "1" }],
  ["that makes no sense", "?"],
] as const)("a lock %s is taken over", async ([, lock]) => {
  const place = await placeInFolder(storeAt);
  await writeFile(`${place.file}.lock`, JSON.stringify(lock));
  const store = place.store();

  await store.open([]);

  expect(await store.commit({ puts: [{ key: "acme/things/1", document: {} }] })).toMatchObject({ ok: true });
  await store[Symbol.asyncDispose]();
  expect(await readdir(dirname(place.file))).toEqual(["store"]);
  await place.remove?.();
});

test("a file that cannot be replaced fails all commits of the flush, and the store shows what the file holds", async () => {
  const place = await placeInFolder(storeAt);
  const store = place.store();
  await store.open([]);
  await store.commit({ puts: [{ key: "acme/things/1", document: { n: 1 } }] });
  // A folder in the place of the draft makes writing it fail, for every user and file system.
  await mkdir(`${place.file}.new`);

  const results = await Promise.allSettled([
    store.commit({ puts: [{ key: "acme/things/1", document: { n: 2 } }] }),
    store.commit({ appends: [{ stream: "acme/things/s", document: {} }] }),
  ]);

  const reasons = results.map((result) => (result.status === "rejected" ? result.reason.code : "kept"));
  expect(reasons).toEqual(["store.unavailable", "store.unavailable"]);
  await rm(`${place.file}.new`, { recursive: true });
  expect((await store.get("acme/things/1"))?.document).toEqual({ n: 1 });
  expect(await store.get("acme/things/s")).toBeUndefined();
  expect(await store.commit({ appends: [{ stream: "acme/things/s", document: {} }] })).toMatchObject({ indexes: [0] });
  await store[Symbol.asyncDispose]();
  await place.remove?.();
});
