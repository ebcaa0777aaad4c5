import { Blobs, type BlobsPort, createHost, Store, type StorePort } from "rapport/core";
import {
  createMemoryBlobs,
  createMemoryDisk,
  createMemoryStore,
  memoryBlobs,
  memoryStorage,
} from "rapport/plugins/storage-memory";
import { expect, test } from "vitest";
import { blobsContract } from "../../kit/contracts/blobs.ts";

blobsContract("blobs in memory", {
  place: () => {
    const disk = createMemoryDisk();
    return { blobs: () => createMemoryBlobs({ disk }), files: async () => [...disk.blobs().values()] };
  },
  waived: {
    "what a killed writer left is never read, is no obstacle, and goes with a delete":
      "a put in memory is one step, and a killed writer takes the memory along",
  },
});

const bytes = Uint8Array.of(1, 2, 3);

test("a store and blobs live on one disk, and copies of it go separate ways", async () => {
  const disk = createMemoryDisk();
  const [store, blobs] = [createMemoryStore({ disk }), createMemoryBlobs({ disk })];
  await store.open([]);
  await blobs.open();
  await blobs.put("one", bytes);

  const copy = disk.copy();
  await blobs.delete("one");

  expect([...copy.blobs().keys(), ...disk.blobs().keys()]).toEqual(["one"]);
  const again = createMemoryBlobs({ disk: copy });
  await again.open();
  expect(await again.get("one")).toEqual(bytes);
  expect(await store.commit({ puts: [{ key: "acme/things/1", document: {} }] })).toMatchObject({ ok: true });
});

test("opening the blobs of a disk takes them away from whoever had them", async () => {
  const disk = createMemoryDisk();
  const [first, second] = [createMemoryBlobs({ disk }), createMemoryBlobs({ disk })];
  await first.open();
  await second.open();

  await expect(first.put("one", bytes)).rejects.toMatchObject({ code: "store.closed" });
  await first[Symbol.asyncDispose]();
  await second.put("one", bytes);
  expect(await second.get("one")).toEqual(bytes);
});

test("the plugins provide a store and blobs that share the disk they are given", async () => {
  const disk = createMemoryDisk();
  const host = createHost([memoryStorage({ disk }), memoryBlobs({ disk })]);
  const [store, blobs]: [StorePort, BlobsPort] = [host.use(Store), host.use(Blobs)];
  await store.open([]);
  await blobs.open();

  await blobs.put("one", bytes);

  expect(disk.blobs().get("one")).toEqual(bytes);
  await host[Symbol.asyncDispose]();
  await expect(blobs.get("one")).rejects.toMatchObject({ code: "store.closed" });
});
