// Lets a child process run the TypeScript sources with one slip in them:
// `RAPPORT_SLIP='{"file":...}' node --conditions=rapport:source --import <this file> child.ts`. Nothing on the disk changes.
// What was erased once is kept under the hash of its source, so that only the first child pays for it.
import { createHash, randomBytes } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { register } from "node:module";
import { fileURLToPath } from "node:url";
import { isMainThread } from "node:worker_threads";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const kept = `${root}node_modules/.cache/rapport-slips`;
const slip = process.env["RAPPORT_SLIP"] === undefined ? undefined : JSON.parse(process.env["RAPPORT_SLIP"]);

if (isMainThread) {
  await mkdir(kept, { recursive: true });
  register(import.meta.url);
}

const lawBook = new URL("./killers/law-book.ts", import.meta.url).href;

/** Tests that ask for vitest get the law book, which runs them by themselves. */
export async function resolve(specifier, context, next) {
  const isOurs = context.parentURL?.startsWith("file:") === true && !context.parentURL.includes("/node_modules/");
  if (specifier !== "vitest" || !isOurs || context.parentURL === lawBook) return next(specifier, context);
  return { url: lawBook, shortCircuit: true };
}

let typescript;

/** Strips the types of a source file, and makes the slip if it is the one. */
export async function load(url, context, next) {
  if (!url.startsWith("file:") || !url.endsWith(".ts")) return next(url, context);
  const path = fileURLToPath(url);
  const found = await readFile(path, "utf8");
  const text = slip !== undefined && path === root + slip.file ? spoiled(found) : found;
  const file = `${kept}/${createHash("sha256").update(text).digest("hex")}.js`;
  const source = await readFile(file, "utf8").catch(() => erased(text, file));
  return { format: "module", source, shortCircuit: true };
}

function spoiled(text) {
  const parts = text.split(slip.find);
  if (parts.length !== 2) throw new Error(`${slip.file} has the text ${parts.length - 1} times, and not once.`);
  return parts.join(slip.replace);
}

async function erased(text, file) {
  typescript ??= (await import("typescript")).default;
  const compilerOptions = {
    module: typescript.ModuleKind.ESNext,
    target: typescript.ScriptTarget.ES2023,
    verbatimModuleSyntax: true,
  };
  const { outputText } = typescript.transpileModule(text, { compilerOptions });
  // Whole or not at all: others may be reading.
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  await writeFile(draft, outputText);
  await rename(draft, file);
  return outputText;
}
