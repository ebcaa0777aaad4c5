// Several stores over one schema are one store.
import type { StorePort } from "rapport/core";
import { createPostgresStore } from "rapport/plugins/storage-postgres";
import { expect, test } from "vitest";
import { keysOf, numbers, won } from "../../kit/contracts/store-reading.ts";
import { noKey } from "../storage-files.ts";
import { startStoreProcess } from "../storage-processes.ts";
import { asked, connectionString, newSchema, placeOnServer, server } from "./places.ts";
import { pool, watched } from "./watched.ts";

const things = [{ kind: "things", indexes: ["status"] }];

/** Stores with connections of their own over one new schema, opened at the same time. */
async function openedTogether(count: number, schema = newSchema()) {
  const stores = numbers(count).map(() => createPostgresStore({ connectionString, schema, environment: noKey }));
  await Promise.all(stores.map((store) => store.open(things)));
  return {
    schema,
    stores,
    end: async () => {
      await Promise.all(stores.map((store) => store[Symbol.asyncDispose]()));
      await asked(`DROP SCHEMA "${schema}" CASCADE`);
    },
  };
}

/** The work for every store at the same time, some rounds each. */
async function everywhere<T>(
  stores: readonly StorePort[],
  rounds: number,
  work: (store: StorePort, n: number) => Promise<T>,
): Promise<T[]> {
  const all = stores.map((store, at) => Promise.all(numbers(rounds).map((round) => work(store, at * rounds + round))));
  return (await Promise.all(all)).flat();
}

server.describe(() => {
  test("stores that open an empty database at the same time all find it made", async () => {
    const { stores, end } = await openedTogether(8);

    const versions = await everywhere(stores, 1, (store, n) =>
      won(store, { puts: [{ key: `acme/things/${n}`, document: {} }] }),
    );

    expect(new Set(versions.flatMap((result) => result.versions)).size).toBe(8);
    await end();
  });

  test("a counter never passes its limit, and all that fits wins", async () => {
    const { stores, end } = await openedTogether(4);

    const results = await everywhere(stores, 30, (store) =>
      store.commit({ adds: [{ counter: "acme/counters/c", by: 1, atMost: 50 }] }),
    );

    const totals = results.flatMap((result) => (result.ok ? result.totals : []));
    expect(totals.toSorted((left, right) => left - right)).toEqual(numbers(50).map((n) => n + 1));
    expect(await stores[0]?.get("acme/counters/c")).toMatchObject({ document: { n: 50 } });
    await end();
  });

  test("appends are dense, none is lost, and the order of insertion is that of the indexes", async () => {
    const { stores, end } = await openedTogether(4);

    const results = await everywhere(stores, 50, async (store, n) => {
      const { indexes } = await won(store, { appends: [{ stream: "acme/things/s", document: { n } }] });
      return { n, index: indexes[0] };
    });

    expect(results.map(({ index }) => index ?? -1).toSorted((a, b) => a - b)).toEqual(numbers(200));
    const reader = stores[1];
    const keys = reader === undefined ? [] : await keysOf(reader, { under: "acme/things/s" });
    expect(keys).toEqual(numbers(200).map((index) => `acme/things/s/${String(index).padStart(12, "0")}`));
    for (const { n, index } of results.slice(0, 20)) {
      expect(await reader?.get(`acme/things/s/${String(index).padStart(12, "0")}`)).toMatchObject({ document: { n } });
    }
    await end();
  });

  test("of many puts that expect an absent key exactly one wins, and the others hear of a conflict", async () => {
    const { stores, end } = await openedTogether(4);

    for (const round of numbers(20)) {
      const key = `acme/things/${round}`;
      const results = await everywhere(stores, 3, (store, n) =>
        store.commit({ puts: [{ key, document: { n }, expect: "absent" }] }),
      );

      expect(results.filter(({ ok }) => ok)).toHaveLength(1);
      expect(results.filter(({ ok }) => !ok)).toEqual(Array(11).fill({ ok: false, conflict: key }));
    }
    await end();
  });

  test("a key that a batch has found absent stays absent until it is committed", async () => {
    const { stores, end } = await openedTogether(2);

    for (const round of numbers(40)) {
      const [left = "", right = ""] = ["left", "right"].map((side) => `acme/things/${side}${round}`);
      const results = await Promise.all(
        [
          { checks: [{ key: left, expect: "absent" as const }], puts: [{ key: right, document: {} }] },
          { checks: [{ key: right, expect: "absent" as const }], puts: [{ key: left, document: {} }] },
        ].map((batch, at) => stores[at]?.commit(batch)),
      );

      expect(results.filter((result) => result?.ok)).toHaveLength(1);
    }
    expect(await stores[0]?.get("acme/things/left0")).not.toEqual(await stores[0]?.get("acme/things/right0"));
    await end();
  });

  test("a batch that loses to its double hears of a conflict, also when the double has filled a counter", async () => {
    const { stores, end } = await openedTogether(4);
    const heard: string[][] = [];

    for (const n of numbers(20)) {
      const [key, counter] = [`acme/things/${n}`, `acme/counters/${n}`];
      await won(stores[0] as StorePort, { adds: [{ counter, by: 0 }] });
      const batch = { puts: [{ key, document: {}, expect: "absent" as const }], adds: [{ counter, by: 1, atMost: 1 }] };
      const results = await Promise.all(stores.map((store) => store.commit(batch)));
      heard.push(results.map((result) => Object.keys(result).join(" ")).toSorted());
    }

    const losers = Array.from({ length: 3 }, () => "ok conflict");
    expect(heard).toEqual(numbers(20).map(() => [...losers, "ok versions indexes totals"]));
    await end();
  });

  test("a store sees at once what another one has committed, whatever it remembers", async () => {
    const { stores, end } = await openedTogether(2);
    const [writer, reader] = stores;
    const seen: unknown[] = [];

    for (const n of numbers(20)) {
      await writer?.commit(
        n % 5 === 4 ? { deletes: [{ key: "acme/things/1" }] } : { puts: [{ key: "acme/things/1", document: { n } }] },
      );
      seen.push((await reader?.get("acme/things/1"))?.document["n"]);
    }

    expect(seen).toEqual(numbers(20).map((n) => (n % 5 === 4 ? undefined : n)));
    await end();
  });

  test("batches that touch the same keys in different orders do not wait for each other in a circle", async () => {
    const place = await placeOnServer();
    const deadlocks: unknown[] = [];
    const stores = numbers(4).map(() => {
      const inner = pool();
      const driver = watched(inner, {});
      const connect = async () => {
        const connection = await driver.connect();
        const query: typeof connection.query = async (text, values) => {
          try {
            return await connection.query(text, values);
          } catch (problem) {
            if (problem instanceof Error && "code" in problem && problem.code === "40P01") deadlocks.push(problem);
            throw problem;
          }
        };
        return { query, release: connection.release };
      };
      return createPostgresStore({
        open: () => ({ connect, end: () => inner.end() }),
        schema: place.schema,
        environment: noKey,
      });
    });
    await Promise.all(stores.map((store) => store.open(things)));

    const results = await everywhere(stores, 40, (store, n) => {
      const keys = numbers(6).map((at) => `acme/things/${(n * 7 + (n % 2 === 0 ? at : 6 - at) * 5) % 12}`);
      return store.commit({ puts: [...new Set(keys)].map((key) => ({ key, document: { status: `s${n}` } })) });
    });

    expect(results.every(({ ok }) => ok)).toBe(true);
    expect(deadlocks).toEqual([]);
    await Promise.all(stores.map((store) => store[Symbol.asyncDispose]()));
    await place.remove?.();
  });

  test("a process that declares other indexes is served by those that were there before", async () => {
    const { schema, stores, end } = await openedTogether(1);
    const older = stores[0];
    const newer = createPostgresStore({ connectionString, schema, environment: noKey });
    await newer.open([{ kind: "things", indexes: ["colour"] }]);

    await older?.commit({ puts: [{ key: "acme/things/1", document: { status: "a", colour: "red" } }] });
    await newer.commit({ puts: [{ key: "acme/things/2", document: { status: "a", colour: "red" } }] });

    const both = ["acme/things/1", "acme/things/2"];
    expect(await keysOf(newer, { under: "acme/things", where: { colour: [{ anyOf: ["red"] }] } })).toEqual(both);
    expect(older && (await keysOf(older, { under: "acme/things", where: { status: [{ anyOf: ["a"] }] } }))).toEqual(
      both,
    );
    await newer[Symbol.asyncDispose]();
    await end();
  });

  test("indexes that are declared already are not built again", async () => {
    const { schema, end } = await openedTogether(1);
    const asks: string[] = [];
    const driver = watched(pool(), { before: (text) => asks.push(text) });
    const second = createPostgresStore({ open: () => driver, schema, environment: noKey });

    await second.open(things);

    expect(asks.filter((text) => /LOCK TABLE|INSERT/.test(text))).toEqual([]);
    expect(asks.filter((text) => /pg_advisory_xact_lock/.test(text))).toHaveLength(1);
    await second[Symbol.asyncDispose]();
    await end();
  });

  test("writers that are killed in the middle of their commits have lost none that they were told is durable", async () => {
    const schema = newSchema();
    const writers = numbers(2).map(() => startStoreProcess("postgres", "write", `${connectionString} ${schema}`));
    await Promise.all(writers.map((writer) => writer.said(80)));
    await Promise.all(writers.map((writer) => writer.kill()));
    const store = createPostgresStore({ connectionString, schema, environment: noKey });
    await store.open(things);

    const indexes = (await keysOf(store, { under: "acme/things/s" })).map((key) => Number(key.slice(-12)));
    const told = writers
      .flatMap(({ lines }) => lines.flatMap((line) => /^wrote (\d+)$/.exec(line)?.[1] ?? []))
      .map(Number);

    expect(told.length).toBeGreaterThan(150);
    expect(new Set(told).size).toBe(told.length);
    expect(told.filter((index) => !indexes.includes(index))).toEqual([]);
    expect(indexes).toEqual(numbers(indexes.length));
    expect(await store.get("acme/things/written")).toMatchObject({ document: { n: indexes.length } });
    await store[Symbol.asyncDispose]();
    await asked(`DROP SCHEMA "${schema}" CASCADE`);
  });
});
