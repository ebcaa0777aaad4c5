import { copyFile, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSqliteStore } from "rapport/plugins/storage-sqlite";
import { expect, test } from "vitest";
import { createStage, emptySnapshot } from "./crash-stage.ts";
import { library, reader } from "./crash-story.ts";
import { acquaint, received, write } from "./old-copy-stage.ts";

async function copyFolder(from: string, to: string): Promise<void> {
  for (const name of await readdir(from)) await copyFile(join(from, name), join(to, name));
}

test("SQLite files copied under a running engine, and put back twice, repeat no counter and lose no message", async () => {
  const folders = await Promise.all([1, 2, 3].map(() => mkdtemp(join(tmpdir(), "rapport-copy-"))));
  const [first = "", backup = "", second = ""] = folders;
  let folder = first;
  try {
    await using stage = await createStage(await emptySnapshot(), 1, {
      storeOf: (name) =>
        name === library ? createSqliteStore({ file: join(folder, "store"), environment: {} }) : undefined,
    });
    for (const name of [library, reader]) await (await stage.engine(name)).accounts.create({ name });
    await acquaint(stage);
    expect(await write(stage, "one")).toBeUndefined();
    await copyFolder(first, backup);
    expect(await write(stage, "two")).toBeUndefined();

    for (const value of ["three", "four"]) {
      await stage.close(library);
      folder = second;
      await copyFolder(backup, second);
      expect(await write(stage, value)).toBeUndefined();
    }

    expect(stage.nonces.repeats).toEqual([]);
    expect(stage.warnings).toHaveLength(2);
    expect(await received(stage)).toEqual(["one", "two", "three", "four"]);
  } finally {
    for (const name of folders) await rm(name, { recursive: true, force: true });
  }
});
