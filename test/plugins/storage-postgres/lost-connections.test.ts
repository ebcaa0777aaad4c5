// What becomes of commits whose connection dies.
import { createPostgresStore, type PostgresConnection } from "rapport/plugins/storage-postgres";
import { expect, test } from "vitest";
import { won } from "../../kit/contracts/store-reading.ts";
import { noKey } from "../storage-files.ts";
import { asked, connectionString, newSchema, server } from "./places.ts";
import { connectionLost, pool, saidByPostgres, type Watch, watched } from "./watched.ts";

const key = "acme/things/1";

/** A store in a new schema with something watching its statements. */
async function watchedStore(watch: Watch) {
  const schema = newSchema();
  const store = createPostgresStore({ open: () => watched(pool(), watch), schema, environment: noKey });
  await store.open([{ kind: "things", indexes: ["status"] }]);
  return {
    store,
    schema,
    end: async () => {
      await store[Symbol.asyncDispose]();
      await asked(`DROP SCHEMA "${schema}" CASCADE`);
    },
  };
}

/** Does it for the first statement that fits, once told to. */
function onceFor(pattern: RegExp) {
  let isArmed = false;
  return {
    arm: () => {
      isArmed = true;
    },
    hits: (text: string) => {
      if (!isArmed || !pattern.test(text)) return false;
      isArmed = false;
      return true;
    },
  };
}

server.describe(() => {
  test.for([/BEGIN/, /FOR UPDATE/, /INSERT INTO .*documents/s, /INSERT INTO .*entries/s])(
    "a connection that dies at %s is replaced, and the commit is made once",
    async (pattern) => {
      const { hits, arm } = onceFor(pattern);
      const { store, end } = await watchedStore({
        before: (text) => {
          if (hits(text)) throw connectionLost();
        },
      });
      arm();

      const result = await store.commit({
        puts: [{ key, document: { status: "a" } }],
        adds: [{ counter: "acme/counters/c", by: 1 }],
      });

      expect(result).toMatchObject({ ok: true, totals: [1] });
      expect(await store.get("acme/counters/c")).toMatchObject({ document: { n: 1 } });
      await end();
    },
  );

  test("a commit whose answer is lost is found to be made, and is not made again", async () => {
    const { hits, arm } = onceFor(/^COMMIT/);
    const { store, end } = await watchedStore({
      after: (text) => {
        if (hits(text)) throw connectionLost();
      },
    });
    arm();

    const result = await won(store, { adds: [{ counter: "acme/counters/c", by: 1 }], puts: [{ key, document: {} }] });

    expect(result.totals).toEqual([1]);
    expect(await store.get("acme/counters/c")).toMatchObject({ document: { n: 1 } });
    expect((await store.get(key))?.version).toBe(result.versions[0]);
    await end();
  });

  test("a commit that never arrived is made after all", async () => {
    const { hits, arm } = onceFor(/^COMMIT/);
    const { store, end } = await watchedStore({
      before: (text) => {
        if (hits(text)) throw connectionLost();
      },
    });
    arm();

    expect(await won(store, { adds: [{ counter: "acme/counters/c", by: 1 }] })).toMatchObject({ totals: [1] });

    expect(await store.get("acme/counters/c")).toMatchObject({ document: { n: 1 } });
    await end();
  });

  test("a server that ends the connection in the middle of a flush costs nothing but time", async () => {
    const { hits, arm } = onceFor(/FOR UPDATE/);
    const terminate = async (connection: PostgresConnection) => {
      const { rows } = await connection.query("SELECT pg_backend_pid()::text AS pid", []);
      await asked(`SELECT pg_terminate_backend(${JSON.parse(JSON.stringify(rows[0])).pid})`);
    };
    const { store, end } = await watchedStore({
      before: (text, connection) => (hits(text) ? terminate(connection) : undefined),
    });
    arm();

    expect(await won(store, { adds: [{ counter: "acme/counters/c", by: 1 }] })).toMatchObject({ totals: [1] });

    await end();
  });

  test("a connection of our own pool that dies while it waits for a lock costs nothing but time", async () => {
    const schema = newSchema();
    const store = createPostgresStore({ connectionString, schema, environment: noKey });
    await store.open([]);
    await won(store, { adds: [{ counter: "acme/counters/c", by: 1 }] });
    const holder = pool(1);
    const holding = await holder.connect();
    await holding.query("BEGIN");
    await holding.query(`SELECT 1 FROM ${schema}.documents FOR UPDATE`);

    const committing = won(store, { adds: [{ counter: "acme/counters/c", by: 1 }] });
    const waits = `wait_event_type = 'Lock' AND query LIKE '%${schema}%FOR UPDATE%'`;
    let ended = 0;
    while (ended === 0)
      ended = (await asked(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${waits}`)).length;
    await holding.query("ROLLBACK");

    expect(await committing).toMatchObject({ totals: [2] });
    holding.release();
    await holder.end();
    await store[Symbol.asyncDispose]();
    await asked(`DROP SCHEMA "${schema}" CASCADE`);
  });

  test.for(["40001", "40P01"])("a flush that PostgreSQL gives up with %s is taken again", async (code) => {
    const { hits, arm } = onceFor(/UPDATE .*documents/s);
    const { store, end } = await watchedStore({
      before: (text) => {
        if (hits(text)) throw saidByPostgres(code);
      },
    });
    await won(store, { puts: [{ key, document: { n: 1 } }] });
    arm();

    await won(store, { puts: [{ key, document: { n: 2 } }] });

    expect(await store.get(key)).toMatchObject({ document: { n: 2 } });
    await end();
  });

  test("what PostgreSQL says for good fails all commits of the flush and changes nothing, and the store goes on", async () => {
    const { hits, arm } = onceFor(/INSERT INTO .*documents/s);
    const { store, end } = await watchedStore({
      before: (text) => {
        if (hits(text)) throw saidByPostgres("53100");
      },
    });
    await won(store, { puts: [{ key, document: { n: 1 } }] });
    arm();

    const results = await Promise.allSettled([
      store.commit({ puts: [{ key, document: { n: 2 } }] }),
      store.commit({ puts: [{ key: "acme/things/2", document: {} }] }),
    ]);

    expect(results.map((result) => (result.status === "rejected" ? result.reason.code : "kept"))).toEqual([
      "store.full",
      "store.full",
    ]);
    expect(await store.get(key)).toMatchObject({ document: { n: 1 } });
    expect(await store.get("acme/things/2")).toBeUndefined();
    await won(store, { puts: [{ key, document: { n: 3 } }] });
    await end();
  });

  test("a read on a connection that has died is asked again on another one", async () => {
    const { hits, arm } = onceFor(/^SELECT d.key/);
    const { store, end } = await watchedStore({
      before: (text) => {
        if (hits(text)) throw connectionLost();
      },
    });
    await won(store, { puts: [{ key, document: { n: 1 } }] });
    arm();

    expect(await store.get(key)).toMatchObject({ document: { n: 1 } });

    await end();
  });
});
