import { stat } from "node:fs/promises";
import { createPostgresStore, type PostgresLike } from "rapport/plugins/storage-postgres";
import { expect, test, vi } from "vitest";
import { loadPg, openInstalledDriver } from "../../../plugins/storage-postgres/driver.ts";
import { erasedContentStaysMs } from "../../../plugins/storage-postgres/limits.ts";
import { numbers, won } from "../../kit/contracts/store-reading.ts";
import { noKey } from "../storage-files.ts";
import { asked, connectionString, placeInProcess, placeOnServer, server } from "./places.ts";
import { watched } from "./watched.ts";

const key32 = (fill: number) => () => new Uint8Array(32).fill(fill);

test("a document is not seen before it is durable, on a single connection either", async () => {
  const place = await placeInProcess();
  const store = place.store();
  await store.open([]);

  const committing = store.commit({ puts: [{ key: "acme/things/1", document: { n: 1 } }] });
  const reading = store.get("acme/things/1");
  const order: string[] = [];
  await Promise.all([
    committing.then(() => order.push("committed")),
    reading.then((stored) => order.push(stored === undefined ? "nothing" : "seen")),
  ]);

  expect(order).toHaveLength(2);
  expect(order.indexOf("seen") === 0).toBe(false);
  expect(await store.get("acme/things/1")).toBeDefined();
  await store[Symbol.asyncDispose]();
  await place.remove?.();
});

test("gets of one turn share a query, and a document that is known is not sent again", async () => {
  const place = await placeInProcess();
  const answers: (readonly unknown[])[] = [];
  const driver = watched(place.driver, {
    after: (text, rows) => (text.startsWith("SELECT d.key") ? answers.push(rows) : undefined),
  });
  const store = createPostgresStore({ open: () => driver, schema: place.schema, environment: noKey });
  await store.open([]);
  await won(store, { puts: numbers(20).map((n) => ({ key: `acme/things/${n}`, document: { n } })) });

  const read = () => Promise.all(numbers(25).map((n) => store.get(`acme/things/${n % 20}`)));
  const first = await read();
  await read();

  expect(first.map((stored) => stored?.document["n"])).toEqual(numbers(25).map((n) => n % 20));
  expect(answers.map((rows) => rows.length)).toEqual([20, 20]);
  expect(answers[1]).toMatchObject(numbers(20).map(() => ({ body: null })));
  await store[Symbol.asyncDispose]();
  await place.remove?.();
});

test("replaced and deleted rows are cleared away some time later, once", async () => {
  const place = await placeInProcess();
  const vacuums: string[] = [];
  let swept = () => {};
  const sweeping = new Promise<void>((resolve) => {
    swept = resolve;
  });
  const driver = watched(place.driver, {
    after: (text) => {
      if (!text.startsWith("VACUUM")) return;
      vacuums.push(text);
      swept();
    },
  });
  const store = createPostgresStore({ open: () => driver, schema: place.schema, environment: noKey });
  await store.open([]);
  await won(store, { puts: [{ key: "acme/things/1", document: {} }] });
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  await won(store, { puts: [{ key: "acme/things/1", document: { n: 1 } }] });
  await won(store, { deletes: [{ key: "acme/things/1" }] });
  const before = vacuums.length;

  vi.advanceTimersByTime(erasedContentStaysMs);
  vi.useRealTimers();
  await sweeping;

  expect([before, vacuums.length]).toEqual([0, 1]);
  await store[Symbol.asyncDispose]();
  await place.remove?.();
});

test("a key that no index could hold is refused alone", async () => {
  const place = await placeInProcess();
  const store = place.store();
  await store.open([]);

  const long = store.commit({ puts: [{ key: `acme/things/${"ä".repeat(600)}`, document: {} }] });
  const good = store.commit({ puts: [{ key: `acme/things/${"ä".repeat(400)}`, document: {} }] });

  await expect(long).rejects.toMatchObject({ code: "store.documentTooLarge" });
  expect(await good).toMatchObject({ ok: true });
  await store[Symbol.asyncDispose]();
  await place.remove?.();
});

test("a body that is no JSON is damage", async () => {
  const place = await placeInProcess();
  const { schema } = place;
  const store = createPostgresStore({ open: () => place.driver, schema, environment: noKey });
  await store.open([]);
  await won(store, { puts: [{ key: "acme/things/1", document: {} }] });
  await askedOn(place.driver, `UPDATE ${schema}.documents SET body = '{', version = version + 1`);

  await expect(store.get("acme/things/1")).rejects.toMatchObject({ code: "store.corrupted" });

  await store[Symbol.asyncDispose]();
  await place.remove?.();
});

test("a layout of a newer version is refused, with both numbers", async () => {
  const place = await placeInProcess();
  const { schema } = place;
  const storeIn = () => createPostgresStore({ open: () => place.driver, schema, environment: noKey });
  const store = storeIn();
  await store.open([]);
  await store[Symbol.asyncDispose]();
  await askedOn(place.driver, `UPDATE ${schema}.rapport_meta SET value = '7' WHERE name = 'layout'`);

  const opening = storeIn().open([]);

  await expect(opening).rejects.toMatchObject({ code: "store.newerVersion", details: { found: 7, known: 1 } });
  await expect(opening).rejects.toThrow(/7.*1/);
  await place.remove?.();
});

test("a schema of another program is refused and left alone", async () => {
  const place = await placeInProcess();
  const { schema } = place;
  await askedOn(place.driver, `CREATE SCHEMA ${schema}`);
  await askedOn(place.driver, `CREATE TABLE ${schema}.documents (id int)`);

  const opening = createPostgresStore({ open: () => place.driver, schema, environment: noKey }).open([]);

  await expect(opening).rejects.toMatchObject({ code: "store.corrupted" });
  expect(
    await askedOn(place.driver, `SELECT relname FROM pg_class WHERE relnamespace = '${schema}'::regnamespace`),
  ).toEqual([{ relname: "documents" }]);
  await place.remove?.();
});

test("an empty schema that an administrator has made is used", async () => {
  const place = await placeInProcess();
  const { schema } = place;
  await askedOn(place.driver, `CREATE SCHEMA ${schema}`);
  const store = createPostgresStore({ open: () => place.driver, schema, environment: noKey });

  await store.open([]);

  expect(await store.commit({})).toMatchObject({ ok: true });
  await store[Symbol.asyncDispose]();
  await place.remove?.();
});

test("a database that does not answer is a fault that says to repeat later", async () => {
  const store = createPostgresStore({ connectionString: "postgres://nobody@127.0.0.1:1/none", environment: noKey });

  await expect(store.open([])).rejects.toMatchObject({ code: "store.unavailable", retry: true });
});

test("without the package pg the fault says how to install it", async () => {
  const missing = () =>
    Promise.reject(Object.assign(new Error("Cannot find package"), { code: "ERR_MODULE_NOT_FOUND" }));

  await expect(openInstalledDriver(connectionString, () => loadPg(missing))).rejects.toMatchObject({
    code: "plugin.failed",
    message: expect.stringContaining("npm install pg"),
  });
});

test("a name that is no plain identifier is no schema", () => {
  expect(() => createPostgresStore({ connectionString, schema: 'a"; DROP SCHEMA public' })).toThrow(/schema/);
});

test("without a key file and without RAPPORT_STORE_KEY there is no key", async () => {
  const place = await placeInProcess();
  const store = createPostgresStore({ open: () => place.driver, schema: place.schema, environment: noKey });
  await store.open([]);

  await expect(store.sealKey?.(key32(1))).rejects.toMatchObject({ code: "store.keyMissing" });

  await store[Symbol.asyncDispose]();
  await place.remove?.();
});

test("a key in the environment goes before the file, and a malformed one is refused", async () => {
  const place = await placeInProcess();
  const storeWith = async (RAPPORT_STORE_KEY: string) => {
    const store = createPostgresStore({
      open: () => place.driver,
      schema: place.schema,
      environment: { RAPPORT_STORE_KEY },
    });
    await store.open([]);
    return store;
  };
  const [good, bad] = [await storeWith("fb".repeat(32)), await storeWith("secret")];

  expect(await good.sealKey?.(key32(1))).toEqual(key32(0xfb)());
  await expect(bad.sealKey?.(key32(1))).rejects.toMatchObject({ code: "store.keyWrong" });

  await Promise.all([good, bad].map((store) => store[Symbol.asyncDispose]()));
  await place.remove?.();
});

server.describe(() => {
  test("processes that make the key file at the same time get the same key, for its owner's eyes only", async () => {
    const place = await placeOnServer();
    const stores = numbers(4).map(() => place.store());
    await Promise.all(stores.map((store) => store.open([])));

    const keys = await Promise.all(stores.map((store, n) => store.sealKey?.(key32(n))));

    expect(new Set(keys.map(String)).size).toBe(1);
    expect((await stat(place.keyFile)).mode & 0o777).toBe(0o600);
    await Promise.all(stores.map((store) => store[Symbol.asyncDispose]()));
    await place.remove?.();
  });

  test("nothing of a store is left on the server when it is closed", async () => {
    const place = await placeOnServer();
    const store = place.store();
    await store.open([]);
    await won(store, { puts: [{ key: "acme/things/1", document: {} }] });

    await store[Symbol.asyncDispose]();

    expect(
      await asked(
        `SELECT query FROM pg_stat_activity WHERE query LIKE '%${place.schema}%' AND pid <> pg_backend_pid()`,
      ),
    ).toEqual([]);
    await place.remove?.();
  });
});

async function askedOn(driver: PostgresLike, text: string): Promise<readonly unknown[]> {
  const connection = await driver.connect();
  try {
    return (await connection.query(text, [])).rows;
  } finally {
    connection.release();
  }
}
