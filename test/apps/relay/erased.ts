// The sources without their types, in a folder that plain Node runs: loading them one by one costs a process seconds.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const cache = join(root, "node_modules/.cache");
/** Folders of sources; the engine is no part of a relay. */
const tops = ["machines", "src", "plugins", "test/apps/relay"];
const left = /^(src\/(engine|items|services|apps\/cli)|plugins\/(storage-lowdb|transport-[a-z]+))\//;

const compilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  rewriteRelativeImportExtensions: true,
};

let erased: Promise<string> | undefined;

/** Erases the types of everything as it is now, once for all processes of tests, and gives the folder. */
export function erasedSources(): Promise<string> {
  erased ??= erase();
  return erased;
}

async function erase(): Promise<string> {
  const texts = await sourceTexts();
  const hash = createHash("sha256")
    .update(ts.version)
    .update(JSON.stringify([...texts]))
    .digest("hex")
    .slice(0, 16);
  const folder = join(cache, `rapport-erased-${hash}`);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(join(cache, "rapport-erasing-"));
  for (const [name, text] of texts) {
    const isSource = name.endsWith(".ts");
    const file = join(draft, isSource ? join("dist", name.replace(/\.ts$/, ".js")) : name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, isSource ? ts.transpileModule(text, { compilerOptions }).outputText : text);
  }
  try {
    await rename(draft, folder);
  } catch (problem) {
    // Another process was faster.
    await rm(draft, { recursive: true });
    if (!existsSync(folder)) throw problem;
  }
  return folder;
}

/** By path below the root. What processes do not load is left out. */
async function sourceTexts(): Promise<ReadonlyMap<string, string>> {
  const texts = new Map([["package.json", await readFile(join(root, "package.json"), "utf8")]]);
  for (const top of tops) {
    for (const inner of (await readdir(join(root, top), { recursive: true })).sort()) {
      const name = join(top, inner);
      const isLoaded =
        name.endsWith(".ts") && !left.test(name) && (top !== "test/apps/relay" || name.endsWith("-child.ts"));
      if (isLoaded) texts.set(name, await readFile(join(root, name), "utf8"));
    }
  }
  return texts;
}
