/**
 * Blobs as files of a folder, which several processes may share.
 *
 * F1. A file appears whole: it is written to a draft, synced, renamed, and its folder synced before `put` resolves.
 * F2. Files are named by a hash of the name, so that no name can lead out of the folder, and names that differ in case alone
 *     stay apart on every file system. The first two bytes of the hash are folders: none holds too many files.
 * F3. Deleting a blob also deletes what killed writers of it left, and is durable when it resolves.
 */
import { createHash } from "node:crypto";
import { dirname, join, resolve } from "node:path";
import { assertBlobName, type BlobsPort, fault } from "rapport/core";
import { isThere, makeFolder, makeRoot, readWhole, removeWhole, syncFolder, writeWhole } from "./durable.ts";
import { faultOf } from "./faults.ts";

/** Where the files are. The folder is made when it is missing. */
export interface FolderBlobsOptions {
  readonly folder: string;
}

/** Blobs as files of a folder. */
export function createFolderBlobs({ folder }: FolderBlobsOptions): BlobsPort {
  const root = resolve(folder);
  let isOpen = false;
  const running = new Set<Promise<unknown>>();
  /** Folders that this process has made durable; there are at most 256 * 256. */
  const madeFolders = new Set<string>();

  const made = async (inner: string) => {
    if (madeFolders.has(inner)) return;
    await makeFolder(inner, root);
    madeFolders.add(inner);
  };
  const withFile = async <T>(name: string, work: (file: string) => Promise<T>): Promise<T> => {
    assertBlobName(name);
    if (!isOpen) throw fault("store.closed", `The folder "${folder}" is not open, or was closed.`);
    const working = work(fileOf(root, name));
    running.add(working);
    try {
      return await working;
    } catch (problem) {
      throw faultOf(problem, folder);
    } finally {
      running.delete(working);
    }
  };

  return {
    open: async () => {
      try {
        await makeRoot(root);
      } catch (problem) {
        throw faultOf(problem, folder);
      }
      isOpen = true;
    },
    put: (name, bytes) =>
      withFile(name, async (file) => {
        await made(dirname(file));
        // What is there is whole, but who renamed it may not have come to syncing the folder.
        if (await isThere(file)) await syncFolder(dirname(file));
        else await writeWhole(file, bytes);
      }),
    get: (name) => withFile(name, readWhole),
    delete: (name) => withFile(name, removeWhole),
    [Symbol.asyncDispose]: async () => {
      isOpen = false;
      await Promise.allSettled(running);
    },
  };
}

function fileOf(root: string, name: string): string {
  const hash = createHash("sha256").update(name).digest("hex");
  return join(root, hash.slice(0, 2), hash.slice(2, 4), hash);
}
