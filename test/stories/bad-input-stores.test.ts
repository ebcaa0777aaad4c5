// Bad input, continued: store files that cannot be used. Each is refused with its code and left as it was.
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRapport, type Rapport } from "rapport";
import type { Plugin } from "rapport/core";
import { lowdbStorage } from "rapport/plugins/storage-lowdb";
import { sqliteStorage } from "rapport/plugins/storage-sqlite";
import { describe, expect, test } from "vitest";

/** A folder that goes when the test is over. */
async function folder() {
  const path = await mkdtemp(join(tmpdir(), "rapport-story-"));
  return { path, file: join(path, "store"), [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** A digest of every file of the folder, without the marks of processes that have it open and SQLite's count of openings. */
async function contents(path: string): Promise<Record<string, string>> {
  const names = (await readdir(path)).filter((name) => !/[.-](lock|wal|shm)$/.test(name));
  const files = names.sort().map(async (name) => {
    const bytes = await readFile(join(path, name));
    if (bytes.toString("latin1", 0, 6) === "SQLite") for (const at of [24, 92]) bytes.fill(0, at, at + 4);
    return [name, createHash("sha256").update(bytes).digest("hex")] as const;
  });
  return Object.fromEntries(await Promise.all(files));
}

const noEnvironment = {};
const storages = [
  ["sqlite", (file: string, environment = noEnvironment) => sqliteStorage({ file, environment })],
  ["lowdb", (file: string, environment = noEnvironment) => lowdbStorage({ file, environment })],
] as const;

const start = (storage: Plugin): Promise<Rapport> => createRapport({ plugins: [storage], background: false });

/** A store with one account in it, closed. */
async function filled(storage: Plugin): Promise<string> {
  await using rapport = await start(storage);
  return (await rapport.accounts.create({ name: "acme" })).address;
}

describe.for(storages)("%s", ([name, storage]) => {
  /** Starting with what is in the folder is refused with this code, and the files stay as they are. */
  const expectRefused = async (place: { path: string; file: string }, code: string, environment = noEnvironment) => {
    const before = await contents(place.path);
    await expect(start(storage(place.file, environment))).rejects.toMatchObject({ name: "RapportError", code });
    expect(await contents(place.path)).toEqual(before);
  };

  test("what was stored is there again after a start", async () => {
    await using place = await folder();
    const address = await filled(storage(place.file));

    await using rapport = await start(storage(place.file));

    expect((await rapport.accounts.list()).map((one) => one.address)).toEqual([address]);
  });

  test.for([
    ["something else altogether", () => Buffer.from("This was a shopping list.\n".repeat(400))],
    [
      "zeros in its first half",
      (whole: Buffer) => Buffer.concat([Buffer.alloc(whole.length >> 1), whole.subarray(whole.length >> 1)]),
    ],
    ["nothing in it", () => Buffer.alloc(0)],
    ["its first half only", (whole: Buffer) => whole.subarray(0, Math.min(whole.length >> 1, 700))],
  ] as const)("a store file with %s", async ([, spoil]) => {
    await using place = await folder();
    await filled(storage(place.file));
    await writeFile(place.file, spoil(await readFile(place.file)));

    await expectRefused(place, "store.corrupted");
  });

  test("a store file of a newer version", async () => {
    await using place = await folder();
    await filled(storage(place.file));
    const whole = await readFile(place.file);
    if (name === "sqlite") whole.writeUInt32BE(99, 60);
    const newer = name === "sqlite" ? whole : Buffer.from(whole.toString().replace(/"rapport": ?\d+/, '"rapport":99'));
    await writeFile(place.file, newer);

    await expectRefused(place, "store.newerVersion");
  });

  test("a store key of another store", async () => {
    await using place = await folder();
    await using other = await folder();
    const address = await filled(storage(place.file));
    await filled(storage(other.file));
    const [key, wrong] = [await readFile(`${place.file}.key`), await readFile(`${other.file}.key`)];
    await writeFile(`${place.file}.key`, wrong);

    await expectRefused(place, "store.keyWrong");

    await writeFile(`${place.file}.key`, key);
    await using rapport = await start(storage(place.file));
    expect((await rapport.accounts.get("acme")).address).toBe(address);
  });

  test.for([
    ["an empty one", ""],
    ["half of one", "c2hvcnQ"],
    ["one that is no key", "my key is my castle"],
  ] as const)("a store key that has no shape: %s", async ([, text]) => {
    await using place = await folder();
    await filled(storage(place.file));
    await writeFile(`${place.file}.key`, text);

    await expectRefused(place, "store.keyWrong");
  });

  test("no store key, and one in the environment that does not fit", async () => {
    await using place = await folder();
    await filled(storage(place.file));
    const key = await readFile(`${place.file}.key`, "utf8");
    await rm(`${place.file}.key`);

    await expectRefused(place, "store.keyMissing");
    await expectRefused(place, "store.keyWrong", { RAPPORT_STORE_KEY: "A".repeat(43) });
    await using rapport = await start(storage(place.file, { RAPPORT_STORE_KEY: key.trim() }));
    expect(await rapport.accounts.list()).toHaveLength(1);
  });

  test("a store that is open already", async () => {
    await using place = await folder();
    await using rapport = await start(storage(place.file));
    await rapport.accounts.create({ name: "acme" });

    await expect(start(storage(place.file))).rejects.toMatchObject({ code: "store.inUse" });

    expect(await rapport.accounts.list()).toHaveLength(1);
  });
});
