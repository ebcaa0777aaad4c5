// The files of the project as the tidy tests see them.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** The folder of package.json, without a slash at its end. */
export const root: string = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** A file that people wrote: its path from the root, and its text. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** The folders that hold programs. */
export const programs: readonly string[] = ["machines", "src", "plugins", "test"];

/** Every file below the folders, sorted by path; "." is the whole project. */
export function pathsBelow(...folders: readonly string[]): readonly string[] {
  return folders.flatMap((folder) => walk(folder)).sort();
}

/** Every file of TypeScript below the folders. */
export function sourcesBelow(...folders: readonly string[]): readonly Source[] {
  return pathsBelow(...folders)
    .filter((path) => path.endsWith(".ts"))
    .map((path) => ({ path, text: read(path) }));
}

/** The text of one file. */
export function read(path: string): string {
  return readFileSync(`${root}/${path}`, "utf8");
}

/** The source as a syntax tree with parents. */
export function parse({ path, text }: Source): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
}

/** Calls `visit` with every node of the tree, parents first. */
export function everyNode(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => everyNode(child, visit));
}

/** Where a node stands, as people and editors write it. */
export function placeOf(node: ts.Node): string {
  const file = node.getSourceFile();
  return `${file.fileName}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

/** The lines of a text that match, as "file:line: text". */
export function linesWith({ path, text }: Source, pattern: RegExp): readonly string[] {
  return text
    .split("\n")
    .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : []));
}

const skipped = new Set(["node_modules", "dist", "coverage", ".git"]);

function walk(folder: string): readonly string[] {
  return readdirSync(`${root}/${folder}`, { withFileTypes: true }).flatMap((entry) => {
    if (skipped.has(entry.name)) return [];
    const path = folder === "." ? entry.name : `${folder}/${entry.name}`;
    return entry.isDirectory() ? walk(path) : [path];
  });
}
