import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Blobs, createHost } from "rapport/core";
import { createFolderBlobs, folderBlobs } from "rapport/plugins/blobs-folder";
import { expect, test } from "vitest";
import { startProcess } from "../storage-processes.ts";
import { blobsInFolder, filesIn } from "./folder.ts";

const bytes = new TextEncoder().encode("some bytes");

test("files are their owner's alone, two folders deep, and the folder is made with all above it", async () => {
  const place = await blobsInFolder();
  const folder = join(place.folder, "not", "yet");
  const blobs = createFolderBlobs({ folder });
  await blobs.open();

  await blobs.put("one", bytes);

  const files = await filesIn(folder);
  expect(files.map((file) => file.slice(folder.length))).toEqual([
    expect.stringMatching(/^\/[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{64}$/),
  ]);
  expect((await stat(files[0] ?? "")).mode & 0o777).toBe(0o600);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  await blobs[Symbol.asyncDispose]();
  await place.remove?.();
});

test("two processes may share a folder: what one put the other reads and deletes", async () => {
  const place = await blobsInFolder();
  const [one, other] = [place.blobs(), place.blobs()];
  await one.open();
  await other.open();
  await Promise.all([one.put("shared", bytes), other.put("shared", bytes), one.put("mine", bytes)]);

  await other.delete("mine");

  expect([await one.get("mine"), await one.get("shared")]).toEqual([undefined, bytes]);
  await one.put("mine", bytes);
  expect(await other.get("mine")).toEqual(bytes);
  for (const blobs of [one, other]) await blobs[Symbol.asyncDispose]();
  await place.remove?.();
});

test("a writer that is killed in the middle of its puts has lost none that it was told is durable (F1)", async () => {
  const place = await blobsInFolder();
  let told: string[] = [];
  for (const wanted of [30, 70]) {
    const writer = startProcess(new URL("blobs-child.ts", import.meta.url), [place.folder]);
    await writer.said(wanted);
    await writer.kill();
    told = [...told, ...writer.lines];
  }

  const blobs = place.blobs();
  await blobs.open();

  expect(told.length).toBeGreaterThanOrEqual(100);
  for (const name of told) {
    const found = await blobs.get(name);
    expect(found && new TextDecoder().decode(found) === name.repeat(5_000), name).toBe(true);
  }
  await blobs[Symbol.asyncDispose]();
  await place.remove?.();
});

test("what stands in the way is a fault that may pass", async () => {
  const place = await blobsInFolder();
  const blobs = place.blobs();
  await blobs.open();
  await blobs.put("one", bytes);
  const [file = ""] = await filesIn(place.folder);
  await rm(dirname(file), { recursive: true });
  await writeFile(dirname(file), "a file where a folder belongs");

  const outcomes = await Promise.allSettled([blobs.put("one", bytes), blobs.get("one"), blobs.delete("one")]);
  const fault = { status: "rejected", reason: { code: "store.unavailable", retry: true } };
  expect(outcomes).toMatchObject([fault, fault, fault]);
  await rm(dirname(file));
  await mkdir(dirname(file));
  await blobs.put("one", bytes);
  expect(await blobs.get("one")).toEqual(bytes);
  await blobs[Symbol.asyncDispose]();
  await place.remove?.();
});

test("a folder that is a file cannot be opened", async () => {
  const place = await blobsInFolder();
  const folder = join(place.folder, "file");
  await writeFile(folder, "");

  await expect(createFolderBlobs({ folder }).open()).rejects.toMatchObject({ code: "store.unavailable" });
  await place.remove?.();
});

test("the plugin provides blobs in its folder", async () => {
  const place = await blobsInFolder();
  const host = createHost([folderBlobs({ folder: place.folder })]);
  const blobs = host.use(Blobs);
  await blobs.open();

  await blobs.put("one", bytes);

  expect(await filesIn(place.folder)).toHaveLength(1);
  await host[Symbol.asyncDispose]();
  await expect(blobs.get("one")).rejects.toMatchObject({ code: "store.closed" });
  await place.remove?.();
});
