// The simulation is the same run for the same seed, wherever it runs and whatever is left out of it.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { simulate, stepsIn } from "rapport/proof";
import { expect, test } from "vitest";
import { drawsOf } from "../kit/simulation/draws.ts";
import { rangesOf } from "../kit/simulation/step-ranges.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));

async function inChild(words: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const options = ["--conditions=rapport:source", "--import", "./.config/load-typescript.mjs"];
  const command = ["src/apps/cli/bin.ts", "simulate", "--json", ...words];
  const { stdout } = await run(process.execPath, [...options, ...command], {
    cwd: root,
    env: { ...process.env, ...env },
  });
  return JSON.parse(stdout);
}

test("the same seed is the same run, in this process and in another one in another time zone", async () => {
  const here = await simulate({ seed: 5, steps: 120 });
  const again = await simulate({ seed: 5, steps: 120 });
  const other = await simulate({ seed: 6, steps: 120 });
  const child = await inChild(["--seed", "5", "--steps", "120"], { TZ: "Pacific/Apia" });

  expect(here.finding).toBeUndefined();
  expect(again).toEqual(here);
  expect(child).toEqual({ ...here, seconds: expect.any(Number) });
  expect(other.traceHash).not.toBe(here.traceHash);
}, 120_000);

test("a run does what it says: commands, faults of several kinds, days", async () => {
  const { finding, commands, faults, accountDays, encryptions, published } = await simulate({ seed: 3, steps: 600 });

  expect(finding).toBeUndefined();
  expect(commands).toBeGreaterThan(600);
  expect(accountDays).toBeGreaterThan(8);
  expect(encryptions).toBeGreaterThan(250);
  expect(published).toBeGreaterThan(200);
  expect(Object.keys(faults).length).toBeGreaterThan(8);
}, 120_000);

test("steps that are kept choose alike, whichever others are left out", async () => {
  const lines: string[][] = [[], []];
  await simulate({ seed: 4, steps: 40, heard: (line) => lines[0]?.push(line) });
  await simulate({ seed: 4, steps: 40, keep: stepsIn("0-9,30"), heard: (line) => lines[1]?.push(line) });
  const actor = (line: string | undefined) => line?.split(" ").slice(0, 2);

  expect(lines[1]?.map((line) => Number(line.split(" ")[0]))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 30]);
  expect(lines[1]?.slice(0, 10)).toEqual(lines[0]?.slice(0, 10));
  expect(actor(lines[1]?.[10])).toEqual(actor(lines[0]?.[30]));
}, 120_000);

test("many seeds run in threads, with the hashes that they have alone", async () => {
  const { seeds, failed, commands } = await inChild(["--seeds", "1-4", "--steps", "60"]);

  expect(failed).toBeUndefined();
  expect(seeds).toBe(4);
  expect(commands).toBeGreaterThan(200);
}, 120_000);

test("steps are written as ranges, and read again", () => {
  expect(rangesOf([3, 4, 5, 9, 17, 18])).toBe("3-5,9,17-18");
  expect(stepsIn("3-5,9,17-18")).toEqual([3, 4, 5, 9, 17, 18]);
  expect(() => stepsIn("9-3")).toThrow("names no steps");
});

test("chances of two steps of one seed differ, and those of one step do not", () => {
  const first = (seed: number, step: number) => Array.from({ length: 8 }, () => drawsOf(seed, step).below(2 ** 31));
  const all = new Set(Array.from({ length: 3000 }, (_, step) => drawsOf(1, step).below(2 ** 32)));

  expect(first(1, 1)).toEqual(first(1, 1));
  expect(first(1, 1)).not.toEqual(first(1, 2));
  expect(all.size).toBeGreaterThan(2990);
});
