/** The file: its format, reading it, and replacing it whole. */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { type Document, fault, type Present, type Version } from "rapport/core";
import { isErrno } from "./faults.ts";
import { fileCharactersMax } from "./limits.ts";

const formatVersion = 1;

/** What the file holds; documents are in insertion order. */
export interface Content {
  readonly rapport: typeof formatVersion;
  readonly version: Version;
  readonly documents: readonly { readonly key: string; readonly version: Version; readonly document: Document }[];
}

/** The content of a file that does not exist yet. */
export const nothing: Content = Object.freeze({ rapport: formatVersion, version: 0, documents: [] });

/** An adapter for lowdb that replaces the file atomically: whoever reads it sees the old content or the new, whole. */
export function createFileAdapter(file: string, { readOnly }: { readonly readOnly: boolean }) {
  const draft = `${file}.new`;
  return {
    read: (): Content | null => {
      // What a process that died left here may hold content that was erased since.
      if (!readOnly) rmSync(draft, { force: true });
      const text = textOf(file);
      return text === undefined ? null : parse(text, file);
    },
    write: (content: Content): void => {
      const text = `${JSON.stringify(content, null, 2)}\n`;
      if (text.length > fileCharactersMax) {
        const size = `would have ${text.length} characters, ${fileCharactersMax} are allowed`;
        throw fault("store.full", `The file "${file}" ${size}. Move the data to SQLite.`);
      }
      try {
        writeFileSync(draft, text, { mode: 0o600, flush: true });
        renameSync(draft, file);
      } catch (problem) {
        rmSync(draft, { force: true });
        throw problem;
      }
      syncFolder(dirname(file));
    },
  };
}

/** The documents as a table wants them: their order is their place. */
export function presentsOf(content: Content): Present[] {
  return content.documents.map((stored, at) => ({ stored, since: at + 1 }));
}

/** The rename itself becomes durable with the folder. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (problem) {
    if (isErrno(problem, "ENOENT")) return undefined;
    throw problem;
  }
}

function parse(text: string, file: string): Content {
  const content = parseJson(text, file);
  if (!isObject(content) || typeof content["rapport"] !== "number") throw corrupted(file);
  if (content["rapport"] > formatVersion) {
    const numbers = `has format ${content["rapport"]}, this version of Rapport knows up to ${formatVersion}`;
    throw fault("store.newerVersion", `The file "${file}" ${numbers}. Upgrade Rapport.`, {
      details: { found: content["rapport"], known: formatVersion },
    });
  }
  const { version, documents } = content;
  if (typeof version !== "number" || !Array.isArray(documents) || !documents.every(isStored)) throw corrupted(file);
  return { rapport: formatVersion, version, documents };
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw corrupted(file, cause);
  }
}

function corrupted(file: string, cause?: unknown): Error {
  return fault("store.corrupted", `The file "${file}" is not a store of Rapport; restore it from a backup.`, { cause });
}

function isStored(value: unknown): value is Content["documents"][number] {
  return (
    isObject(value) &&
    typeof value["key"] === "string" &&
    typeof value["version"] === "number" &&
    isObject(value["document"])
  );
}

function isObject(value: unknown): value is { [member: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
