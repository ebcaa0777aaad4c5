// The first start on stores in files, where the key is a file of its own beside the documents.
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasCode, type StorePort } from "rapport/core";
import { createLowdbStore } from "rapport/plugins/storage-lowdb";
import { createSqliteStore } from "rapport/plugins/storage-sqlite";
import { type CrashPoint, PlannedCrash } from "rapport/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createStage, emptySnapshot, relayName, type Stage } from "./crash-stage.ts";
import { accountOf, library } from "./crash-story.ts";
import { problemOf } from "./crash-sweep.ts";

const kinds = ["lowdb", "sqlite"] as const;
const makers = { lowdb: createLowdbStore, sqlite: createSqliteStore };

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "rapport-start-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** A stage whose library keeps its documents in a folder that can be exchanged for what a kill leaves of it. */
async function createPlace(kind: (typeof kinds)[number]) {
  const made: StorePort[] = [];
  let folder = await mkdtemp(join(root, `${kind}-`));
  const storeOf = (name: string) => {
    if (name !== library) return undefined;
    const store = makers[kind]({ file: join(folder, "store"), environment: {} });
    made.push(store);
    return store;
  };
  const stage = await createStage(await emptySnapshot(), 1, { storeOf });
  return {
    stage,
    file: (name: string) => join(folder, name),
    names: () => readdir(folder),
    /** Goes on with the files alone, as they are; the lock of a dead process counts for nothing. */
    leave: async () => {
      const next = await mkdtemp(join(root, `${kind}-left-`));
      for (const name of await readdir(folder)) {
        if (!name.endsWith(".lock")) await copyFile(join(folder, name), join(next, name));
      }
      folder = next;
    },
    [Symbol.asyncDispose]: async () => {
      await stage[Symbol.asyncDispose]();
      for (const store of made) await store[Symbol.asyncDispose]();
    },
  };
}

type Place = Awaited<ReturnType<typeof createPlace>>;

const textOf = (file: string) => readFile(file, "utf8").catch(() => undefined);

// An account is made and found again, once, and no file is left over.
async function expectWhole({ stage, file, names }: Place, kept: string | undefined): Promise<void> {
  await stage.engine(library);
  const key = await textOf(file("store.key"));
  expect(key).toMatch(/^[\w-]{43}\n$/);
  if (kept !== undefined) expect(key).toBe(kept);
  const { address } = await (await stage.engine(library)).accounts.create({ name: library });
  await stage.close(library);
  expect((await accountOf(stage, library)).address).toBe(address);
  expect(identitiesAt(stage)).toEqual([`relay/identity/${address}`]);
  await stage.close(library);
  expect((await names()).toSorted()).toEqual(["store", "store.key"]);
  expect(await textOf(file("store.key"))).toBe(key);
  expect(stage.nonces.repeats).toEqual([]);
}

const identitiesAt = (stage: Stage) =>
  [...stage.disk(relayName).documents().keys()].filter((key) => key.startsWith("relay/identity/"));

/** Opening, the key, its proof read and its proof written; and the key being made. */
const places: Pick<CrashPoint, "at" | "operation">[] = [
  ...[1, 2, 3, 4].map((at) => ({ at })),
  { at: 1, operation: "makeKey" },
];
const bothSides = (["before", "after"] as const).flatMap((when) => places.map((place) => ({ ...place, when })));

test.for(kinds)("a first start killed at any call leaves %s files that the next start opens", async (kind) => {
  for (const point of bothSides) {
    await using place = await createPlace(kind);
    place.stage.plan(library, { ...point, how: "kill" });
    expect(await problemOf(() => place.stage.engine(library))).toBeInstanceOf(PlannedCrash);
    const kept = await textOf(place.file("store.key"));

    await place.leave();

    await expectWhole(place, kept);
  }
});

test.for(kinds)(
  "a first start that fails at any call gives its %s files back, and the next one opens them",
  async (kind) => {
    for (const point of bothSides) {
      await using place = await createPlace(kind);
      place.stage.plan(library, { ...point, how: "fail" });
      const problem = await problemOf(() => place.stage.engine(library));
      expect(hasCode(problem, "store.unavailable"), JSON.stringify(point)).toBe(true);

      const kept = await textOf(place.file("store.key"));

      await expectWhole(place, kept);
    }
  },
);

test.for(kinds)(
  "while a first start is under way a second one on its %s files is refused, and harms nothing",
  async (kind) => {
    for (const point of bothSides.filter(({ operation }) => operation === undefined)) {
      await using place = await createPlace(kind);
      const { stage } = place;
      const second: unknown[] = [];
      const meanwhile = async () => second.push(await problemOf(() => stage.restart(library)));
      stage.plan(library, { ...point, how: "wait", meanwhile });

      const first = await problemOf(() => stage.engine(library));

      // Who waits before it opens the files comes second.
      const codes = [first, ...second].map((problem) => hasCode(problem, "store.inUse"));
      expect(codes, JSON.stringify(point)).toEqual(
        point.at === 1 && point.when === "before" ? [true, false] : [false, true],
      );
      await expectWhole(place, await textOf(place.file("store.key")));
    }
  },
);

test.for(kinds)("a key that a kill left half written beside a %s store is not taken for its key", async (kind) => {
  await using place = await createPlace(kind);
  const half = "A".repeat(20);
  await writeFile(place.file("store.key.0123456789ab"), half);

  await place.stage.engine(library);

  const key = await textOf(place.file("store.key"));
  expect(key).toMatch(/^[\w-]{43}\n$/);
  expect(key).not.toContain(half);
});
