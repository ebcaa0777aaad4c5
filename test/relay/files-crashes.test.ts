import type { StorePort } from "rapport/core";
import {
  createMemoryBlobs,
  createMemoryDisk,
  createMemoryStore,
  type MemoryDisk,
} from "rapport/plugins/storage-memory";
import { expect, test } from "vitest";
import { sweepEveryMs, sweptBlobsMax, uploadLifeMs } from "../../src/limits.ts";
import { type CrashPoints, createCrashPoints } from "../kit/crash-points.ts";
import { openRelay } from "./parties.ts";
import { download, keptOn, upload, uploadOf } from "./uploads.ts";

const ask = { ...uploadOf("new bytes"), key: "key-1" };

const openOn = (disk: MemoryDisk, seed: number, points?: CrashPoints) => {
  const [store, blobs] = [createMemoryStore({ disk }), createMemoryBlobs({ disk })];
  return openRelay({ seed, store: points?.store(store) ?? store, blobs: points?.blobs(blobs) ?? blobs });
};

/** A disk with one File, and who made it. */
async function diskWithFile() {
  const disk = createMemoryDisk();
  const world = await openOn(disk, 1);
  const owner = await world.party();
  return { disk, caller: owner.caller, ...(await upload(owner, "old bytes")) };
}

test("wherever a relay is killed during an upload: no File without bytes, and no bytes without a File for ever", async () => {
  const full = await diskWithFile();
  const run = async (at: number, when: "before" | "after", isRepeated: boolean) => {
    const disk = full.disk.copy();
    const points = createCrashPoints();
    const dying = await openOn(disk, 2, points);
    points.watch({ at, when, how: "kill" });
    await dying.as(full.caller).call("createFile", ask);
    const reopened = await openOn(disk, 3);
    const owner = reopened.as(full.caller);
    const where = `${when} ${at}${isRepeated ? ", repeated" : ""}`;
    for (const { id } of await owner.ok("listFiles")) expect(await download(owner, id), where).toMatch(/bytes$/);
    const isThere = keptOn(disk).files.includes("new bytes");
    if (isRepeated) await owner.ok("createFile", ask);
    reopened.clock.advance(uploadLifeMs + sweepEveryMs);
    await reopened.anonymous.ok("getVersion");
    const expected = isThere || isRepeated ? ["old bytes", "new bytes"] : ["old bytes"];
    expect(keptOn(disk), where).toEqual({ files: expected, bytes: expected, marks: [] });
    return { hasStruck: points.hasStruck, isThere };
  };

  let [points, there] = [0, 0];
  for (let at = 1; ; at += 1) {
    const runs = [await run(at, "before", false), await run(at, "after", false)];
    await run(at, "before", true);
    await run(at, "after", true);
    if (!runs[0]?.hasStruck) break;
    points += 1;
    there += runs.filter(({ isThere }) => isThere).length;
  }

  expect(points).toBeGreaterThanOrEqual(4);
  expect(there).toBeGreaterThan(0);
  expect(there).toBeLessThan(2 * points);
});

test("wherever a relay is killed while a File is deleted, its bytes are gone once it was opened again (B4)", async () => {
  const full = await diskWithFile();
  const { id } = full;
  const run = async (at: number, when: "before" | "after") => {
    const disk = full.disk.copy();
    const points = createCrashPoints();
    const dying = await openOn(disk, 2, points);
    points.watch({ at, when, how: "kill" });
    await dying.as(full.caller).call("deleteFile", { id });
    const reopened = await openOn(disk, 3);
    const owner = reopened.as(full.caller);
    const { files, bytes, marks } = keptOn(disk);
    const isDeleted = files.length === 0;
    expect({ bytes, marks }, `${when} ${at}`).toEqual({ bytes: isDeleted ? [] : ["old bytes"], marks: [] });
    if (!isDeleted) expect(await download(owner, id)).toBe("old bytes");
    expect((await owner.call("deleteFile", { id })).ok).toBe(!isDeleted);
    expect(keptOn(disk)).toEqual({ files: [], bytes: [], marks: [] });
    return { hasStruck: points.hasStruck, isDeleted };
  };

  let [points, deleted] = [0, 0];
  for (let at = 1; ; at += 1) {
    const runs = [await run(at, "before"), await run(at, "after")];
    if (!runs[0]?.hasStruck) break;
    points += 1;
    deleted += runs.filter(({ isDeleted }) => isDeleted).length;
  }

  expect(points).toBeGreaterThanOrEqual(4);
  expect(deleted).toBeGreaterThan(3);
});

test.for(["before", "after"] as const)(
  "an upload that takes longer than its mark lives begins again, wherever it waited (B3): %s",
  async (when) => {
    const full = await diskWithFile();
    let points = 0;
    for (let at = 1; ; at += 1) {
      const disk = full.disk.copy();
      const slow = createCrashPoints();
      const world = await openOn(disk, 2, slow);
      const owner = world.as(full.caller);
      const sweep = async () => {
        world.clock.advance(uploadLifeMs + sweepEveryMs);
        await world.anonymous.ok("getVersion");
      };
      slow.watch({ at, when, how: "wait", meanwhile: sweep });

      const { id } = await owner.ok("createFile", ask);

      if (!slow.hasStruck) break;
      points += 1;
      expect(await download(owner, id), `${at}`).toBe("new bytes");
      slow.watch();
      await sweep();
      const expected = ["old bytes", "new bytes"];
      expect(keptOn(disk), `${at}`).toEqual({ files: expected, bytes: expected, marks: [] });
    }
    expect(points).toBeGreaterThanOrEqual(4);
  },
);

test("ten uploads under one key at the same time leave one File, and no other bytes in the end", async () => {
  const disk = createMemoryDisk();
  const world = await openOn(disk, 1);
  const owner = await world.party();

  const answers = await Promise.all(Array.from({ length: 10 }, () => owner.call("createFile", ask)));

  expect(new Set(answers.map((answer) => JSON.stringify(answer.ok && answer.result)))).toHaveLength(1);
  expect(keptOn(disk).files).toEqual(["new bytes"]);
  world.clock.advance(uploadLifeMs);
  await world.anonymous.ok("getVersion");
  expect(keptOn(disk)).toEqual({ files: ["new bytes"], bytes: ["new bytes"], marks: [] });
});

test("bytes that cannot be written are no File; the caller may repeat", async () => {
  const disk = createMemoryDisk();
  const blobs = createMemoryBlobs({ disk });
  let isFull = true;
  const put: typeof blobs.put = (name, bytes) => (isFull ? Promise.reject(new Error("full")) : blobs.put(name, bytes));
  const world = await openRelay({ store: createMemoryStore({ disk }), blobs: { ...blobs, put } });
  const owner = await world.party();

  expect(await owner.no("createFile", ask)).toBe("unexpected");
  expect(await owner.ok("listFiles")).toEqual([]);
  isFull = false;
  const { id } = await owner.ok("createFile", ask);

  expect(await download(owner, id)).toBe("new bytes");
  world.clock.advance(uploadLifeMs);
  await world.anonymous.ok("getVersion");
  expect(keptOn(disk)).toEqual({ files: ["new bytes"], bytes: ["new bytes"], marks: [] });
});

test("a failure to delete bytes is nothing to the caller, and they go with a later call (W3)", async () => {
  const logged: string[] = [];
  const log = { write: (level: string, message: string) => logged.push(`${level}: ${message}`) };
  const disk = createMemoryDisk();
  const blobs = createMemoryBlobs({ disk });
  let isBroken = true;
  const gone: typeof blobs.delete = (name) => (isBroken ? Promise.reject(new Error("broken")) : blobs.delete(name));
  const world = await openRelay({ store: createMemoryStore({ disk }), blobs: { ...blobs, delete: gone }, log });
  const owner = await world.party();
  const { id } = await upload(owner);

  await owner.ok("deleteFile", { id });

  expect(logged).toEqual(["error: Erasing failed. It is tried again later."]);
  expect(keptOn(disk)).toMatchObject({ files: [], bytes: ["some bytes"], marks: [{ isDoomed: true }] });
  isBroken = false;
  world.clock.advance(sweepEveryMs);
  await world.anonymous.ok("getVersion");
  expect(keptOn(disk)).toEqual({ files: [], bytes: [], marks: [] });
});

test("many leftovers go some at a time", async () => {
  const disk = createMemoryDisk();
  const [store, blobs] = [createMemoryStore({ disk }), createMemoryBlobs({ disk })];
  await store.open([]);
  await blobs.open();
  await store.sealKey?.(() => new Uint8Array(32));
  const names = Array.from({ length: sweptBlobsMax + 5 }, (_, at) => `name-${at}`);
  const puts: NonNullable<Parameters<StorePort["commit"]>[0]["puts"]>[number][] = [];
  for (const name of names) {
    await blobs.put(name, new Uint8Array(1));
    puts.push({ key: `relay/doomed-blob/${name}`, document: { name, isDoomed: true, forgetAtMs: 0 } });
  }
  await store.commit({ puts });

  const world = await openOn(disk, 1);

  expect(disk.blobs().size).toBe(5);
  world.clock.advance(sweepEveryMs);
  await world.anonymous.ok("getVersion");
  expect(keptOn(disk)).toEqual({ files: [], bytes: [], marks: [] });
});

test("a sweep that takes an upload for dead, wherever it meets its end, takes no bytes from a File (B3)", async () => {
  for (let at = 1; ; at += 1) {
    const disk = createMemoryDisk();
    const [store, blobs] = [createMemoryStore({ disk }), createMemoryBlobs({ disk })];
    const { held, arrived, release } = holdingBack(store, "relay/file/");
    const slow = await openRelay({ seed: 1, store: held, blobs });
    const points = createCrashPoints();
    const sweeping = await openRelay({ seed: 2, store: points.store(store), blobs: points.blobs(blobs), shared: true });
    const owner = await slow.party();
    const uploading = owner.ok("createFile", ask);
    await arrived;
    const meanwhile = () => {
      release();
      return uploading;
    };
    sweeping.clock.advance(uploadLifeMs);
    points.watch({ at, when: "before", how: "wait", meanwhile });

    await sweeping.anonymous.ok("getVersion");
    const { hasStruck } = points;
    const { id } = await meanwhile();

    expect(await download(owner, id), `${at}`).toBe("new bytes");
    points.watch();
    sweeping.clock.advance(uploadLifeMs + sweepEveryMs);
    await sweeping.anonymous.ok("getVersion");
    expect(keptOn(disk), `${at}`).toEqual({ files: ["new bytes"], bytes: ["new bytes"], marks: [] });
    if (!hasStruck) break;
  }
});

/** A store that holds back the first commit that puts something there. */
function holdingBack(store: StorePort, path: string) {
  let [arrive, release] = [() => {}, () => {}];
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const commit: StorePort["commit"] = async (batch) => {
    if (batch.puts?.some(({ key }) => key.startsWith(path))) {
      arrive();
      await released;
    }
    return store.commit(batch);
  };
  return { held: { ...store, commit }, arrived, release };
}
