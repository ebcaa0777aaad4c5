import type { StorePort } from "rapport/core";
import { expect, test } from "vitest";
import { keysOf } from "../kit/contracts/store-reading.ts";
import { placeInFolder } from "./storage-files.ts";
import { startStoreProcess } from "./storage-processes.ts";

/** Proves what a killed process and a second process may and may not do to the store's file. */
export function processLaws(kind: "lowdb" | "sqlite", store: (file: string) => StorePort): void {
  test("a writer that is killed in the middle of its commits has lost none that it was told is durable", async () => {
    const place = await placeInFolder(store);

    let told: number[] = [];
    for (const wanted of [40, 170, 90]) {
      const writer = startStoreProcess(kind, "write", place.file);
      await writer.said(wanted);
      await writer.kill();
      told = [...told, ...writer.lines.flatMap((line) => (line.startsWith("wrote ") ? Number(line.slice(6)) : []))];
    }

    const after = place.store();
    await after.open([]);
    const entries = await keysOf(after, { under: "acme/things/s" });
    const indexes = entries.map((key) => Number(key.slice(-12)));
    const head = (await after.get("acme/things/s"))?.document;
    const counter = (await after.get("acme/things/written"))?.document;
    await after[Symbol.asyncDispose]();
    await place.remove?.();
    expect(told.length).toBeGreaterThan(280);
    expect(told.filter((index) => !indexes.includes(index))).toEqual([]);
    expect(indexes).toEqual(indexes.map((_, at) => at));
    expect([head, counter]).toEqual([{ next: indexes.length }, { n: indexes.length }]);
  });

  test("a second process is refused by name, until the first one is dead", async () => {
    const place = await placeInFolder(store);
    const first = startStoreProcess(kind, "stay", place.file);
    await first.said(1);

    const second = startStoreProcess(kind, "stay", place.file);
    await second.said(1);
    await second.kill();
    await expect(place.store().open([])).rejects.toMatchObject({ code: "store.inUse", retry: false });
    await first.kill();
    const heir = place.store();
    await heir.open([]);

    expect([first.lines, second.lines]).toEqual([["opened"], ["store.inUse"]]);
    expect(await heir.commit({ puts: [{ key: "acme/things/1", document: {} }] })).toMatchObject({ ok: true });
    await heir[Symbol.asyncDispose]();
    await place.remove?.();
  });

  test("a store that is open in this process cannot be opened again beside it", async () => {
    const place = await placeInFolder(store);
    const first = place.store();
    await first.open([]);

    await expect(place.store().open([])).rejects.toMatchObject({ code: "store.inUse" });
    await expect(place.store().open([])).rejects.toMatchObject({ code: "store.inUse" });
    expect(await first.commit({ puts: [{ key: "acme/things/1", document: {} }] })).toMatchObject({ ok: true });

    await first[Symbol.asyncDispose]();
    const next = place.store();
    await next.open([]);
    expect(await next.get("acme/things/1")).toBeDefined();
    await next[Symbol.asyncDispose]();
    await place.remove?.();
  });
}
