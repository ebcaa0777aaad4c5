/** Writing and removing files so that a power cut leaves either all of it or nothing. */
import { randomBytes } from "node:crypto";
import { access, mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isErrno } from "./faults.ts";

/** Ends the names of drafts. They are never read. */
const draftEnd = ".new";

/** True when there is something under this path. */
export async function isThere(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch (problem) {
    if (isErrno(problem, "ENOENT")) return false;
    throw problem;
  }
}

/** The bytes under this path, whole; nothing when there is no such file. */
export async function readWhole(file: string): Promise<Uint8Array | undefined> {
  try {
    const buffer = await readFile(file);
    return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  } catch (problem) {
    if (isErrno(problem, "ENOENT")) return undefined;
    throw problem;
  }
}

/** Writes to a draft and renames it; every draft has a name of its own, so writers of one file do not meet. */
export async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const draft = `${file}.${randomBytes(6).toString("hex")}${draftEnd}`;
  try {
    const handle = await open(draft, "wx", 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (problem) {
    await rm(draft, { force: true });
    throw problem;
  }
  await syncFolder(dirname(file));
}

/** Removes the file and the drafts that killed writers of it left. */
export async function removeWhole(file: string): Promise<void> {
  const folder = dirname(file);
  const names = await namesIn(folder);
  const own = basename(file);
  const doomed = names.filter((name) => name === own || (name.startsWith(`${own}.`) && name.endsWith(draftEnd)));
  for (const name of doomed) await rm(join(folder, name), { force: true });
  if (names.length > 0) await syncFolder(folder);
}

/** Makes the folder and all above it that is missing, durably. */
export async function makeRoot(root: string): Promise<void> {
  const topmost = await mkdir(root, { recursive: true, mode: 0o700 });
  if (topmost !== undefined) await syncAbove(root, dirname(topmost));
}

/** Makes a folder below `root`, durably even if another process made it and has not come to that. */
export async function makeFolder(folder: string, root: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await syncAbove(folder, root);
}

/** The entry of a folder becomes durable with the folder above it. */
async function syncAbove(folder: string, top: string): Promise<void> {
  for (let at = folder; at !== top; at = dirname(at)) await syncFolder(dirname(at));
}

/** What was renamed into the folder, or deleted there, stays so. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (problem) {
    if (isErrno(problem, "ENOENT")) return [];
    throw problem;
  }
}
