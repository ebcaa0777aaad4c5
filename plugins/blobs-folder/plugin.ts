import { Blobs, type Plugin } from "rapport/core";
import { createFolderBlobs, type FolderBlobsOptions } from "./blobs.ts";

/** Provides blobs that are files of a folder. */
export function folderBlobs(options: FolderBlobsOptions): Plugin {
  return { name: "blobs-folder", register: ({ provide }) => provide(Blobs, () => createFolderBlobs(options)) };
}
