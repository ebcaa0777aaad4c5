// Lets a child process run the TypeScript sources: `node --conditions=rapport:source --import <this file> child.ts`.
// What was erased once is kept under the hash of its source, so that only the first child of a test run pays for it.
import { createHash, randomBytes } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { register } from "node:module";
import { fileURLToPath } from "node:url";
import { isMainThread } from "node:worker_threads";

const kept = fileURLToPath(new URL("../../node_modules/.cache/rapport-sources", import.meta.url));

if (isMainThread) {
  await mkdir(kept, { recursive: true });
  register(import.meta.url);
}

let typescript;

/** Strips the types of a source file. */
export async function load(url, context, next) {
  if (!url.endsWith(".ts")) return next(url, context);
  const text = await readFile(fileURLToPath(url), "utf8");
  const file = `${kept}/${createHash("sha256").update(text).digest("hex")}.js`;
  const source = await readFile(file, "utf8").catch(() => erased(text, file));
  return { format: "module", source, shortCircuit: true };
}

async function erased(text, file) {
  typescript ??= (await import("typescript")).default;
  const compilerOptions = { module: typescript.ModuleKind.ESNext, target: typescript.ScriptTarget.ES2023 };
  const { outputText } = typescript.transpileModule(text, { compilerOptions });
  // Whole or not at all: others may be reading.
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  await writeFile(draft, outputText);
  await rename(draft, file);
  return outputText;
}
