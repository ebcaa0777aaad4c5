// Lists that are longer than what anybody looks at: documents stay text until then.
import Database from "libsql";
import type { Query, Stored, StorePort } from "rapport/core";
import { createSqliteStore } from "rapport/plugins/storage-sqlite";
import { expect, test } from "vitest";
import { noKey, placeInFolder } from "../storage-files.ts";

const collections = [{ kind: "things", indexes: ["status", "isOwn", "createdAt"] }];
const under = "acme/things";

async function filled(count: number) {
  const place = await placeInFolder((file) => createSqliteStore({ file, environment: noKey }));
  let store = place.store();
  await store.open(collections);
  const puts = Array.from({ length: count }, (_, at) => ({
    key: `${under}/${at}`,
    document: { id: String(at), status: at % 2 === 0 ? "Even" : "Odd", isOwn: at % 3 === 0 },
  }));
  await store.commit({ puts });
  return {
    store: () => store,
    /** Closes the file, lets the work change it by other means, and opens it again with an empty cache. */
    async meanwhile(work: (db: InstanceType<typeof Database>) => void) {
      await store[Symbol.asyncDispose]();
      const db = new Database(place.file);
      work(db);
      db.close();
      store = place.store();
      await store.open(collections);
    },
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      await place.remove?.();
    },
  };
}

async function listed(store: StorePort, query: Omit<Query, "under">): Promise<Stored[]> {
  const found: Stored[] = [];
  for await (const stored of store.find({ under, ...query })) found.push(stored);
  return found;
}

const names = (found: readonly Stored[]) => found.map(({ key }) => key.slice(under.length + 1));
const even = { status: [{ anyOf: ["Even"] }] };

test("what indexes answer is listed without a look at the documents", async () => {
  await using of = await filled(40);
  await of.meanwhile((db) => db.exec("UPDATE documents SET body = 'no JSON'"));
  const where = { ...even, isOwn: [{ noneOf: [true] }] };

  const found = await listed(of.store(), { where, after: `${under}/9`, limit: 4 });

  expect(names(found)).toEqual(["10", "14", "16", "20"]);
  expect(found.every(({ version }) => version > 0)).toBe(true);
  expect(() => found[0]?.document).toThrow(expect.objectContaining({ code: "store.corrupted" }));
  await expect(listed(of.store(), { where: { free: [{ exists: true }] } })).rejects.toMatchObject({
    code: "store.corrupted",
  });
});

test("a document that is looked at late is as it was when the list came to it, and nobody else gets it", async () => {
  await using of = await filled(3);
  await of.meanwhile(() => undefined);
  const [zero, , two] = await listed(of.store(), {});
  await of.store().commit({
    puts: [{ key: `${under}/0`, document: { id: "0", status: "New" } }],
    deletes: [{ key: `${under}/2` }],
  });

  expect(zero?.document).toMatchObject({ status: "Even" });
  expect(two?.document).toMatchObject({ status: "Even" });
  expect((await of.store().get(`${under}/0`))?.document).toEqual({ id: "0", status: "New" });
  expect(await of.store().get(`${under}/2`)).toBeUndefined();
  expect(names(await listed(of.store(), { where: even }))).toEqual([]);
});

test("entries in the form of an older version are built anew", async () => {
  await using of = await filled(6);
  await of.meanwhile((db) => {
    db.exec("DELETE FROM entries");
    db.exec(`UPDATE meta SET value = '["things createdAt","things isOwn","things status"]' WHERE name = 'indexes'`);
  });

  expect(names(await listed(of.store(), { where: even }))).toEqual(["0", "2", "4"]);
});

test("many values of one field, and wide ranges, come in order and once each", async () => {
  await using of = await filled(5);
  const puts = Array.from({ length: 300 }, (_, at) => ({
    key: `${under}/more${at}`,
    document: { status: [`s${at % 40}`, `s${(at + 1) % 40}`], createdAt: new Date(at * 1000).toISOString() },
  }));
  await of.store().commit({ puts });
  const all = puts.map(({ key }) => key.slice(under.length + 1));
  const some = Array.from({ length: 40 }, (_, at) => `s${at}`);

  expect(names(await listed(of.store(), { where: { status: [{ anyOf: some }] } }))).toEqual(all);
  expect(names(await listed(of.store(), { where: { status: [{ anyOf: ["s1", "s2"] }] }, limit: 3 }))).toEqual(
    all.slice(0, 3),
  );
  expect(names(await listed(of.store(), { where: { createdAt: [{ above: "1970" }] } }))).toEqual(all);
  expect(names(await listed(of.store(), { where: { status: [{ startsWith: "S3" }] }, limit: 2 }))).toEqual([
    "more2",
    "more3",
  ]);
});
