import { createPostgresBlobs, createPostgresStore } from "rapport/plugins/storage-postgres";
import { expect, test } from "vitest";
import { blobsContract } from "../../kit/contracts/blobs.ts";
import { won } from "../../kit/contracts/store-reading.ts";
import { noKey } from "../storage-files.ts";
import { asked, connectionString, newSchema, placeInProcess, server } from "./places.ts";

const killed = {
  "what a killed writer left is never read, is no obstacle, and goes with a delete":
    "a writer that is killed leaves nothing: its transaction is rolled back",
};

server.describe(() => {
  blobsContract("storage-postgres on a server", {
    place: () => {
      const schema = newSchema();
      return {
        blobs: () => createPostgresBlobs({ connectionString, schema }),
        files: async () =>
          (await asked(`SELECT bytes FROM ${schema}.blobs`)).flatMap(({ bytes }) =>
            bytes instanceof Uint8Array ? [bytes] : [],
          ),
        remove: async () => {
          await asked(`DROP SCHEMA "${schema}" CASCADE`);
        },
      };
    },
    waived: killed,
  });

  test("blobs and documents share a schema, whoever opens it first", async () => {
    const schema = newSchema();
    const blobs = createPostgresBlobs({ connectionString, schema });
    const store = createPostgresStore({ connectionString, schema, environment: noKey });
    await Promise.all([blobs.open(), store.open([])]);

    await blobs.put("one", Uint8Array.of(1, 2, 3));
    await won(store, { puts: [{ key: "acme/files/1", document: { blob: "one" } }] });

    expect(await blobs.get("one")).toEqual(Uint8Array.of(1, 2, 3));
    expect(await store.get("acme/files/1")).toMatchObject({ document: { blob: "one" } });
    await Promise.all([blobs, store].map((part) => part[Symbol.asyncDispose]()));
    await asked(`DROP SCHEMA "${schema}" CASCADE`);
  });
});

blobsContract("storage-postgres on PGlite", {
  place: async () => {
    const { driver, schema, remove } = await placeInProcess();
    return {
      blobs: () => createPostgresBlobs({ open: () => driver, schema }),
      ...(remove === undefined ? {} : { remove }),
    };
  },
  waived: {
    ...killed,
    "deleted bytes are gone from what is kept, and the others stay": "the database is in memory and has no files",
  },
});
