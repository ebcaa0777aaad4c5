import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StorePort } from "rapport/core";
import type { StorePlace } from "../kit/contracts/store.ts";

/** A store with no key in its environment. */
export const noKey = Object.freeze({});

/** A place in a folder of its own, for stores that keep their documents in a file. */
export async function placeInFolder(
  store: (file: string) => StorePort,
): Promise<StorePlace & { readonly file: string }> {
  const folder = await mkdtemp(join(tmpdir(), "rapport-store-"));
  const file = join(folder, "store");
  return {
    file,
    store: () => store(file),
    files: async () => {
      const names = (await readdir(folder)).filter((name) => !name.endsWith(".key"));
      return Promise.all(names.map((name) => readFile(join(folder, name))));
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
