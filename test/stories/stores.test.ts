import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RapportError, type StorePort } from "rapport/core";
import { createLowdbStore } from "rapport/plugins/storage-lowdb";
import { createSqliteStore } from "rapport/plugins/storage-sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createStage, emptySnapshot, relayName } from "./crash-stage.ts";
import { accountOf, library, paths, reader, type Step } from "./crash-story.ts";
import { unkeyed, viewsOf } from "./story-views.ts";

type Kind = "memory" | "sqlite" | "lowdb";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rapport-stores-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

// No store means a disk in memory.
function storeIn(kind: Kind, place: string): StorePort | undefined {
  const file = join(folder, place, "store");
  if (kind === "sqlite") return createSqliteStore({ file, environment: {} });
  return kind === "lowdb" ? createLowdbStore({ file, environment: {} }) : undefined;
}

/** Tells the path; with `reopen`, everybody ends and starts again after every command. What each door shows at the end. */
async function told(steps: readonly Step[], kinds: { engine: Kind; relay: Kind; reopen: boolean }): Promise<unknown[]> {
  const place = await mkdtemp(join(folder, "run-"));
  const storeOf = (name: string) =>
    storeIn(name === relayName ? kinds.relay : kinds.engine, join(place.slice(folder.length), name));
  await using stage = await createStage(await emptySnapshot(), 1, { storeOf });
  const people = new Set<string>();
  for (const [index, { who, find, run }] of steps.entries()) {
    people.add(who);
    const found = (await find?.(stage)) ?? "";
    await run(await stage.engine(who), found, `command-${index}`);
    if (!kinds.reopen) continue;
    for (const name of [...people, relayName]) await stage.close(name);
    await stage.restart(relayName);
  }
  const views = [];
  for (const name of people) views.push(await viewsOf(stage, name));
  expect(stage.nonces.repeats).toEqual([]);
  return views;
}

const pairs = [
  { engine: "sqlite", relay: "sqlite" },
  { engine: "lowdb", relay: "lowdb" },
  { engine: "lowdb", relay: "sqlite" },
  { engine: "sqlite", relay: "memory" },
] as const;

test.for(pairs)(
  "the story on engines with $engine and a relay with $relay is, byte for byte, the one in memory",
  async (pair) => {
    for (const [title, steps] of Object.entries(paths)) {
      const inMemory = await told(steps, { engine: "memory", relay: "memory", reopen: false });

      expect(await told(steps, { ...pair, reopen: false }), title).toEqual(inMemory);
    }
  },
);

test.for([{ engine: "memory", relay: "memory" } as const, ...pairs])(
  "everybody may end and start again after every command, on $engine with a relay on $relay",
  async (pair) => {
    const [title, steps] = longest();
    const atOnce = await told(steps, { engine: "memory", relay: "memory", reopen: false });

    expect(unkeyed(await told(steps, { ...pair, reopen: true })), title).toEqual(unkeyed(atOnce));
  },
);

function longest(): [string, readonly Step[]] {
  const [first] = Object.entries(paths).toSorted(([, one], [, other]) => other.length - one.length);
  if (first === undefined) throw new Error("The story has no paths.");
  return [first[0], first[1]];
}

test.for(["sqlite", "lowdb"] as const)("a wrong store key is refused by %s and changes nothing", async (kind) => {
  const storeOf = (name: string) => (name === reader ? storeIn(kind, name) : undefined);
  await using stage = await createStage(await emptySnapshot(), 1, { storeOf });
  await (await stage.engine(library)).accounts.create({ name: library });
  const { address } = await (await stage.engine(reader)).accounts.create({ name: reader });
  await stage.close(reader);
  const keyFile = join(folder, reader, "store.key");
  const key = (await readFile(keyFile, "utf8")).trim();
  const wrong = `${key.startsWith("A") ? "B" : "A"}${key.slice(1)}`;
  await writeFile(keyFile, wrong);
  const documents = async () => {
    const store = storeIn(kind, reader);
    await store?.open([]);
    const id = (await store?.get(`engine/names/${reader}`))?.document["account"];
    const found = [];
    for (const under of ["engine/accounts", "engine/names", "engine/proofs", `${id}/secrets`]) {
      for await (const { key: at, version, document } of store?.find({ under }) ?? [])
        found.push([at, version, document]);
    }
    await store?.[Symbol.asyncDispose]();
    return found;
  };
  const before = await documents();
  expect(before).toHaveLength(4);

  const refusal = await stage.engine(reader).then(
    () => undefined,
    (problem: unknown) => problem,
  );

  expect(refusal).toBeInstanceOf(RapportError);
  expect(refusal).toMatchObject({ code: "store.keyWrong" });
  expect(await documents()).toEqual(before);
  expect(await readFile(keyFile, "utf8")).toBe(wrong);
  await writeFile(keyFile, key);
  await stage.restart(reader);
  expect((await accountOf(stage, reader)).address).toBe(address);
});
