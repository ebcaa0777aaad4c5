// Every built door opens in plain Node, each as the first one: circles between doors pass in vitest and fail there.
import { execFile } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { freshBuild } from "./built.ts";
import { read, root } from "./sources.ts";

const manifest: {
  readonly name: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, unknown>>;
} = JSON.parse(read("package.json"));
const doors = Object.entries(manifest.exports)
  .filter(([, target]) => typeof target === "object")
  .map(([door]) => manifest.name + door.slice(1));

beforeAll(freshBuild, 300_000);

describe("built doors", () => {
  test.for(doors)("%s opens first in plain Node", async (door) => {
    expect((await namesOf(door)).length).toBeGreaterThan(0);
  });

  test("they are as many as the package has", () => {
    expect(doors).toContain("rapport/core");
    expect(doors.length).toBeGreaterThanOrEqual(12);
  });
});

test("the command of the package is built, executable and starts with Node's line", () => {
  const file = `${root}/${manifest.bin["rapport"]}`;

  expect(statSync(file).mode & 0o111).toBe(0o111);
  expect(readFileSync(file, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
});

/** What the door lends to a program that imports nothing else. */
async function namesOf(door: string): Promise<readonly string[]> {
  const program = `import(${JSON.stringify(door)}).then((lent) => console.log(JSON.stringify(Object.keys(lent))))`;
  const env = { ...process.env, NODE_OPTIONS: "", VITEST: undefined, VITEST_WORKER_ID: undefined };
  const { stdout } = await promisify(execFile)(process.execPath, ["--eval", program], { cwd: root, env });
  return JSON.parse(stdout);
}
