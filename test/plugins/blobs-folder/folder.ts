import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFolderBlobs } from "rapport/plugins/blobs-folder";
import type { BlobsPlace } from "../../kit/contracts/blobs.ts";

/** A place in a folder of its own. */
export async function blobsInFolder(): Promise<BlobsPlace & { readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), "rapport-blobs-"));
  return {
    folder,
    blobs: () => createFolderBlobs({ folder }),
    leaveHalf: async (name, bytes) => {
      const hash = createHash("sha256").update(name).digest("hex");
      const inner = join(folder, hash.slice(0, 2), hash.slice(2, 4));
      await mkdir(inner, { recursive: true });
      await writeFile(join(inner, `${hash}.0123456789ab.new`), bytes);
    },
    files: async () => Promise.all((await filesIn(folder)).map((file) => readFile(file))),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The paths of all files below. */
export async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
