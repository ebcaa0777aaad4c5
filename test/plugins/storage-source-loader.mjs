// Lets a child process run the TypeScript sources: `node --conditions=rapport:source --import <this file> child.ts`.
import { readFile } from "node:fs/promises";
import { register } from "node:module";
import { fileURLToPath } from "node:url";
import { isMainThread } from "node:worker_threads";

if (isMainThread) register(import.meta.url);

let typescript;

/** Strips the types of a source file. */
export async function load(url, context, next) {
  if (!url.endsWith(".ts")) return next(url, context);
  typescript ??= (await import("typescript")).default;
  const text = await readFile(fileURLToPath(url), "utf8");
  const compilerOptions = { module: typescript.ModuleKind.ESNext, target: typescript.ScriptTarget.ES2023 };
  const { outputText } = typescript.transpileModule(text, { compilerOptions });
  return { format: "module", source: outputText, shortCircuit: true };
}
