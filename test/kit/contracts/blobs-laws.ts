import { Bug } from "rapport/core";
import { expect } from "vitest";
import type { BlobsPlace, BlobsWorld } from "./blobs.ts";
import type { Law } from "./law.ts";

const largest = 10 * 1024 * 1024;
const textBytes = (text: string) => new TextEncoder().encode(text);

/** Bytes that repeat only after a long time. */
function bytesOf(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed;
  for (let at = 0; at < length; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

/** Compares as a whole: a matcher that walks through 10 MiB takes minutes. */
function isSame(one: Uint8Array | undefined, other: Uint8Array): boolean {
  return one !== undefined && one.length === other.length && one.every((byte, at) => byte === other[at]);
}

/** What every adapter keeps. */
export const lawsOfBlobs: readonly Law<BlobsWorld>[] = [
  {
    law: "what was put is there under its name, and nothing under others",
    check: async ({ blobs }) => {
      await blobs().put("one", textBytes("the first"));
      await blobs().put("two", textBytes("the second"));

      expect(await blobs().get("one")).toEqual(textBytes("the first"));
      expect(await blobs().get("two")).toEqual(textBytes("the second"));
      expect(await blobs().get("three")).toBeUndefined();
    },
  },
  {
    law: "what was deleted is gone and can be put again",
    check: async ({ blobs, reopen }) => {
      await blobs().put("one", textBytes("the first"));
      await blobs().put("two", textBytes("the second"));
      await blobs().delete("one");

      expect(await blobs().get("one")).toBeUndefined();
      expect(await (await reopen()).get("one")).toBeUndefined();
      expect(await blobs().get("two")).toEqual(textBytes("the second"));
      await blobs().put("one", textBytes("the first"));
      expect(await blobs().get("one")).toEqual(textBytes("the first"));
    },
  },
  {
    law: "deleting what is not there changes nothing",
    check: async ({ blobs }) => {
      await blobs().delete("one");
      await blobs().put("two", textBytes("the second"));
      await blobs().delete("two");
      await blobs().delete("two");

      expect(await blobs().get("two")).toBeUndefined();
    },
  },
  {
    law: "the same name again changes nothing",
    check: async ({ blobs, reopen }) => {
      await blobs().put("one", textBytes("the first"));
      await blobs().put("one", textBytes("the first"));
      expect(await blobs().get("one")).toEqual(textBytes("the first"));
      await (await reopen()).put("one", textBytes("the first"));

      expect(await blobs().get("one")).toEqual(textBytes("the first"));
      await blobs().delete("one");
      expect(await blobs().get("one")).toBeUndefined();
    },
  },
  {
    law: "no bytes at all are not the same as nothing",
    check: async ({ blobs, reopen }) => {
      await blobs().put("empty", new Uint8Array(0));

      expect(await blobs().get("empty")).toEqual(new Uint8Array(0));
      expect(await (await reopen()).get("empty")).toEqual(new Uint8Array(0));
    },
  },
  {
    law: "10 MiB are kept whole",
    check: async ({ blobs, reopen }) => {
      const bytes = bytesOf(largest);
      await blobs().put("large", bytes);

      expect(isSame(await blobs().get("large"), bytes)).toBe(true);
      expect(isSame(await (await reopen()).get("large"), bytes)).toBe(true);
    },
  },
  {
    law: "every byte value is kept",
    check: async ({ blobs }) => {
      const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
      await blobs().put("all", bytes);

      expect(await blobs().get("all")).toEqual(bytes);
    },
  },
  {
    law: "opening again finds everything",
    check: async ({ blobs, reopen }) => {
      const names = Array.from({ length: 50 }, (_, at) => `blob-${at}`);
      await Promise.all(names.map((name) => blobs().put(name, textBytes(name))));

      await reopen();

      const found = await Promise.all(names.map((name) => blobs().get(name)));
      expect(found).toEqual(names.map(textBytes));
    },
  },
  {
    law: "concurrent puts of one name leave it whole",
    check: async ({ blobs, reopen }) => {
      const bytes = bytesOf(200_000);
      const seen: (Uint8Array | undefined)[] = [];
      const reading = async () => {
        for (let times = 0; times < 20; times += 1) seen.push(await blobs().get("one"));
      };

      await Promise.all([...Array.from({ length: 16 }, () => blobs().put("one", bytes)), reading()]);

      expect(seen.filter((found) => found !== undefined && !isSame(found, bytes))).toEqual([]);
      expect(isSame(await (await reopen()).get("one"), bytes)).toBe(true);
      await blobs().delete("one");
      expect(await blobs().get("one")).toBeUndefined();
    },
  },
  {
    law: "names that differ in case alone, and the longest ones, stay apart",
    check: async ({ blobs }) => {
      const names = ["a", "A", "aB", "Ab", "-", "_", "x".repeat(128), `${"x".repeat(127)}X`];
      for (const name of names) await blobs().put(name, textBytes(name));

      for (const name of names) expect(await blobs().get(name)).toEqual(textBytes(name));
    },
  },
  {
    law: "names that are not 1 to 128 letters, digits, _ or - are refused as a bug",
    check: async ({ blobs }) => {
      const bad = [
        "",
        ".",
        "..",
        "../one",
        "a/b",
        "a\\b",
        "/etc/one",
        "a.b",
        "a b",
        "a\0b",
        "a\n",
        "ä",
        "x".repeat(129),
      ];

      for (const name of bad) {
        const calls = [blobs().put(name, textBytes("x")), blobs().get(name), blobs().delete(name)];
        for (const outcome of await Promise.allSettled(calls)) {
          expect(outcome.status === "rejected" && outcome.reason instanceof Bug, JSON.stringify(name)).toBe(true);
        }
      }
    },
  },
  {
    law: "what the caller does with its bytes afterwards changes nothing",
    check: async ({ blobs }) => {
      const bytes = textBytes("the first");
      await blobs().put("one", bytes);
      bytes.fill(0);
      (await blobs().get("one"))?.fill(0);

      expect(await blobs().get("one")).toEqual(textBytes("the first"));
    },
  },
  {
    law: "blobs that are not open, or closed, answer every verb with the fault store.closed",
    check: async ({ blobs, place }) => {
      await blobs()[Symbol.asyncDispose]();

      for (const closed of [blobs(), place.blobs()]) {
        const calls = [closed.put("one", textBytes("x")), closed.get("one"), closed.delete("one")];
        for (const outcome of await Promise.allSettled(calls)) {
          expect(outcome).toMatchObject({ status: "rejected", reason: { code: "store.closed" } });
        }
      }
      await blobs()[Symbol.asyncDispose]();
    },
  },
  {
    law: "puts that wait when blobs are closed are finished first",
    check: async ({ blobs, reopen }) => {
      const names = Array.from({ length: 20 }, (_, at) => `blob-${at}`);
      const waiting = names.map((name) => blobs().put(name, textBytes(name)));

      await reopen();

      await Promise.all(waiting);
      for (const name of names) expect(await blobs().get(name)).toEqual(textBytes(name));
    },
  },
  {
    law: "what a killed writer left is never read, is no obstacle, and goes with a delete",
    needs: ["leaveHalf", "files"],
    check: async ({ blobs, place, reopen }) => {
      const left = textBytes("half of what was meant");
      await place.leaveHalf?.("one", left);
      await place.leaveHalf?.("two", left);
      expect(await holds(place, left)).toBe(true);

      expect(await blobs().get("one")).toBeUndefined();
      expect(await (await reopen()).get("one")).toBeUndefined();
      await blobs().put("one", textBytes("all of it"));
      expect(await blobs().get("one")).toEqual(textBytes("all of it"));
      await blobs().delete("one");
      await blobs().delete("two");
      expect(await holds(place, left)).toBe(false);
    },
  },
  {
    law: "deleted bytes are gone from what is kept, and the others stay",
    needs: ["files"],
    check: async ({ blobs, place }) => {
      const [deleted, kept] = [textBytes("deleted-content"), textBytes("content-that-stays")];
      await blobs().put("one", deleted);
      await blobs().put("two", kept);
      expect(await holds(place, deleted)).toBe(true);

      await blobs().delete("one");
      await blobs()[Symbol.asyncDispose]();

      expect([await holds(place, deleted), await holds(place, kept)]).toEqual([false, true]);
    },
  },
];

/** True when these bytes are anywhere in what is kept. */
async function holds(place: BlobsPlace, bytes: Uint8Array): Promise<boolean> {
  const decoder = new TextDecoder("latin1");
  const wanted = decoder.decode(bytes);
  return ((await place.files?.()) ?? []).some((file) => decoder.decode(file).includes(wanted));
}
