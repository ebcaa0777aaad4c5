// Modules of the user's own (spec/connector-api.md 4.2).
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { recordingLog, withModules } from "./modules-stage.ts";
import { openStage } from "./stage.ts";

describe("modules of the user's own", () => {
  async function fileWith(text: string) {
    const folder = await mkdtemp(join(tmpdir(), "rapport-module-"));
    const location = join(folder, "module.mjs");
    await writeFile(location, text);
    return { location, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
  }

  test("are loaded from their file, with their settings, started and stopped", async () => {
    await using file = await fileWith(`
      export function createModule(settings, { log }) {
        return {
          name: "greeter",
          start: async ({ identities }) => log.write("info", settings.greeting + " " + identities[0].name),
          stop: async () => log.write("info", "bye"),
        };
      }
    `);
    const { log, entries } = recordingLog();
    await using stage = await openStage();

    const greeter = { location: file.location, greeting: "hello" };
    const alice = await stage.actor("alice", withModules({ greeter }, { log }));
    await alice.connector.close();

    expect(entries.map(({ message }) => message)).toEqual(expect.arrayContaining(["hello alice", "bye"]));
  });

  test("switched off, they are not even loaded", async () => {
    await using stage = await openStage();

    const alice = await stage.actor("alice", withModules({ greeter: { enabled: false, location: "/nowhere.mjs" } }));

    expect(alice.connector.identities.length).toBe(1);
  });

  test.for([
    "export const other = 1;",
    "throw new Error('broken');",
    "export const createModule = () => { throw 1; };",
  ])("%s fails the start", async (text) => {
    await using file = await fileWith(text);
    await using stage = await openStage();

    await expect(stage.actor("alice", withModules({ greeter: { location: file.location } }))).rejects.toMatchObject({
      code: "plugin.failed",
      message: expect.stringContaining('"greeter"'),
    });
  });
});
