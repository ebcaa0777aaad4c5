import fc from "fast-check";
import type { MemoryDisk } from "rapport/plugins/storage-memory";
import { beforeAll, expect, test } from "vitest";
import { createStage, relayName, type Snapshot, type Stage } from "./crash-stage.ts";
import { accountOf, library, reader } from "./crash-story.ts";
import { acquainted, received, restore, takenByRelay, write, writeIntoSilence } from "./old-copy-stage.ts";

const behind = expect.stringContaining("The store is behind the relay");
const tooMany = "error.platform.validation.message.maxNumberOfUnreceivedMessagesReached";

let begun: Snapshot;
beforeAll(async () => {
  begun = await acquainted();
});

async function writeAll(stage: Stage, values: readonly string[]) {
  for (const value of values) expect(await write(stage, value)).toBeUndefined();
}

test("a store restored from before the first message says so, and repeats no counter", async () => {
  await using stage = await createStage(begun, 2);
  const copy = stage.disk(library).copy();
  await writeAll(stage, ["one", "two"]);

  await restore(stage, copy);
  await writeAll(stage, ["three"]);

  expect(stage.nonces.repeats).toEqual([]);
  expect(stage.warnings).toEqual([behind]);
  expect(await received(stage)).toEqual(["one", "two", "three"]);
});

test("a store restored twice from the same copy repeats nothing either time", async () => {
  await using stage = await createStage(begun, 3);
  await writeAll(stage, ["one"]);
  const copy = stage.disk(library).copy();
  await writeAll(stage, ["two"]);

  for (const value of ["three", "four"]) {
    await restore(stage, copy);
    await writeAll(stage, [value]);
  }

  expect(stage.nonces.repeats).toEqual([]);
  expect(stage.warnings).toEqual([behind, behind]);
  expect(await received(stage)).toEqual(["one", "two", "three", "four"]);
});

test("a message that the relay refused after the copy was taken counts as sent: its counter is not used again", async () => {
  await using stage = await createStage(begun, 4);
  const twenty = Array.from({ length: 20 }, (_, index) => `message ${index}`);
  await writeAll(stage, twenty);
  const copy = stage.disk(library).copy();
  expect(await write(stage, "refused")).toBe(tooMany);

  await restore(stage, copy);
  expect(await received(stage)).toEqual(twenty);
  await writeAll(stage, ["after"]);

  expect(stage.nonces.repeats).toEqual([]);
  expect(await received(stage)).toEqual([...twenty, "after"]);
});

test.for(["before", "after"] as const)(
  "nor that of a message whose answer never came (%s the relay had it)",
  async (when) => {
    await using stage = await createStage(begun, 5);
    await writeAll(stage, ["one"]);
    const copy = stage.disk(library).copy();
    await writeIntoSilence(stage, "two", when);

    await restore(stage, copy);
    await writeAll(stage, ["three"]);

    expect(stage.nonces.repeats).toEqual([]);
    expect(await received(stage)).toEqual(when === "before" ? ["one", "three"] : ["one", "two", "three"]);
  },
);

test("a copy with a message under way sends that one with its old bytes, so nobody gets it twice", async () => {
  await using stage = await createStage(begun, 6);
  await writeIntoSilence(stage, "one", "before");
  const copy = stage.disk(library).copy();
  await (await accountOf(stage, library)).sync();

  await restore(stage, copy);
  await (await accountOf(stage, library)).sync();
  await writeAll(stage, ["two"]);

  expect(stage.nonces.repeats).toEqual([]);
  expect(await received(stage)).toEqual(["one", "two"]);
});

test("a crash after the relay took a message is not mistaken for an old copy, and an old copy after it is noticed", async () => {
  await using stage = await createStage(begun, 7);
  await writeIntoSilence(stage, "one", "after");
  await stage.restart(library);
  const opened = await stage.engine(library);
  stage.points(library).watch({ at: 1, when: "before", how: "silence", operation: "createMessage" });
  const account = await opened.accounts.get(library);
  stage.points(library).heal();
  expect(await account.intents.list()).toHaveLength(1);
  await writeAll(stage, ["two"]);
  await account.sync();
  expect(stage.warnings).toEqual([]);
  const copy = stage.disk(library).copy();
  await writeAll(stage, ["three"]);

  await restore(stage, copy);
  await writeAll(stage, ["four"]);

  expect(stage.warnings).toEqual([behind]);
  expect(stage.nonces.repeats).toEqual([]);
  expect(await received(stage)).toEqual(["one", "two", "three", "four"]);
});

test("a relay restored from an old copy gives out no epoch again", async () => {
  await using stage = await createStage(begun, 8);
  const old = stage.disk(relayName).copy();
  await writeAll(stage, ["one"]);
  await stage.restart(library);
  await writeAll(stage, ["two"]);

  await stage.restart(relayName, old);
  await stage.restart(library);
  await writeAll(stage, ["three"]);

  expect(stage.nonces.repeats).toEqual([]);
  expect(await received(stage)).toEqual(["three"]);
});

test("a Relationship that uses up the counters of one epoch goes on with the next", async () => {
  await using stage = await createStage(begun, 9);
  const guest = await accountOf(stage, reader);
  const values = Array.from({ length: 1_100 }, (_, index) => `message ${index}`);

  for (const [index, value] of values.entries()) {
    expect(await write(stage, value)).toBeUndefined();
    if (index % 20 === 19) await guest.sync();
  }

  expect(stage.nonces.repeats).toEqual([]);
  expect(await received(stage)).toEqual(values);
  expect(stage.warnings).toEqual([]);
}, 120_000);

type Move =
  | { readonly do: "write" | "copy" | "restart" | "read" }
  | { readonly do: "silence"; readonly when: "before" | "after" }
  | { readonly do: "restore"; readonly which: number };

const plain = fc.constantFrom<Move>({ do: "copy" }, { do: "read" }, { do: "restart" });
const silence = fc.constantFrom<Move>({ do: "silence", when: "before" }, { do: "silence", when: "after" });
const restored = fc.nat(5).map((which): Move => ({ do: "restore", which }));
const move = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Move>({ do: "write" }) },
  { weight: 2, arbitrary: plain },
  { weight: 1, arbitrary: silence },
  { weight: 2, arbitrary: restored },
);

test("whatever happens between copies and restores, no counter is used twice and every message the relay took opens", async () => {
  let seed = 1_000;
  const history = fc.asyncProperty(fc.array(move, { maxLength: 30 }), async (moves) => {
    await using stage = await createStage(begun, seed++);
    const copies: MemoryDisk[] = [stage.disk(library).copy()];
    for (const [index, next] of moves.entries()) {
      if (next.do === "restore") await restore(stage, copies[next.which % copies.length] ?? stage.disk(library));
      else if (next.do === "write") await write(stage, `message ${index}`);
      else if (next.do === "silence") await writeIntoSilence(stage, `message ${index}`, next.when);
      else if (next.do === "copy") copies.push(stage.disk(library).copy());
      else if (next.do === "read") await received(stage);
      else await stage.restart(library);
    }

    expect(stage.nonces.repeats).toEqual([]);
    const read = await received(stage);
    expect(read).toHaveLength(takenByRelay(stage));
    expect(new Set(read).size).toBe(read.length);
  });

  await fc.assert(history, { numRuns: 150 });
}, 120_000);
