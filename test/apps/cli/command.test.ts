// The built command, as a user runs it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { freshBuild } from "../../tidy/built.ts";
import { filesIn, templateFile, temporaryFolder } from "./told.ts";

const root = new URL("../../../", import.meta.url).pathname;
const bin = join(root, "dist/src/apps/cli/bin.js");

beforeAll(freshBuild, 300_000);

async function rapport(...words: string[]) {
  const env = { ...process.env, NODE_OPTIONS: "", VITEST: undefined };
  const child = spawn(process.execPath, [bin, ...words], { cwd: root, env });
  const said = { out: "", err: "" };
  child.stdout.on("data", (chunk: Buffer) => {
    said.out += chunk;
  });
  child.stderr.on("data", (chunk: Buffer) => {
    said.err += chunk;
  });
  const [exit] = await once(child, "close");
  return { exit, ...said };
}

describe("rapport story", () => {
  test.for(["memory", "lowdb", "sqlite"])("ends well on %s, and complains about nothing", async (kind) => {
    const store = kind === "memory" ? kind : `${kind}:${join(temporaryFolder(), "story")}`;

    const { exit, out, err } = await rapport("story", "--store", store);

    expect({ exit, err }).toEqual({ exit: 0, err: "" });
    expect(out).toContain("and found none of them.");
    expect(out).not.toContain("\u001b");
  });

  test("goes on with the file of an earlier run, and says so", async () => {
    const store = `sqlite:${join(temporaryFolder(), "story.db")}`;

    await rapport("story", "--store", store);
    const { exit, out, err } = await rapport("story", "--store", store, "--json");

    expect({ exit, err }).toEqual({ exit: 0, err: "" });
    const last = out.trimEnd().split("\n").at(-1) ?? "";
    expect(JSON.parse(last)).toMatchObject({ result: { isContinued: true, isSameOnBothSides: true } });
  });

  test("one file of the pair alone is refused, and left as it is", async () => {
    const folder = temporaryFolder();
    const store = `lowdb:${join(folder, "story")}`;
    await rapport("story", "--store", store);
    rmSync(join(folder, "story.relay"));
    const before = readFileSync(join(folder, "story"));

    const { exit, err } = await rapport("story", "--store", store);

    expect(exit).toBe(2);
    expect(err).toContain("story.relay is not");
    expect(readFileSync(join(folder, "story"))).toEqual(before);
  });
});

describe("mistakes", () => {
  test("a bad template gives the catalogue's exit code, names the field, and shows no stack", async () => {
    const folder = temporaryFolder();
    const template = templateFile({
      "@type": "RelationshipTemplateContent",
      onNewRelationship: { "@type": "Request" },
    });

    const { exit, out, err } = await rapport("story", "--template", template, "--store", `sqlite:${join(folder, "s")}`);

    expect({ exit, out }).toEqual({ exit: 2, out: "" });
    expect(err).toContain("onNewRelationship.items");
    expect(err).toContain("error.runtime.requestDeserialization");
    expect(err).not.toMatch(/^\s+at /m);
    expect(filesIn(folder)).toEqual([]);
  });

  test("with --json the complaint is an object, too", async () => {
    const { exit, out, err } = await rapport("story", "--json", "--store", "paper:x");

    expect({ exit, out }).toEqual({ exit: 2, out: "" });
    expect(JSON.parse(err)).toMatchObject({ error: { code: "input.invalid", exit: 2, retry: false } });
  });

  test.for([
    ["stroy"],
    ["story", "--colour"],
    ["story", "extra"],
    ["story", "--store"],
    ["story", "--store", "lowdb:"],
  ])("%o is refused with exit 2 and a way to the help", async (words) => {
    const { exit, out, err } = await rapport(...words);

    expect({ exit, out }).toEqual({ exit: 2, out: "" });
    expect(err).toMatch(/^rapport: .*(rapport help|lowdb:FILE)/);
  });
});

describe("the rest", () => {
  test("help and version", async () => {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

    expect((await rapport("help")).out).toContain("rapport story [options]");
    expect((await rapport()).out).toContain("rapport story [options]");
    expect((await rapport("--version")).out).toBe(`${version}\n`);
  });
});
