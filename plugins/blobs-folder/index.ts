// The door "rapport/plugins/blobs-folder": the bytes of Files as files of a folder.
export { createFolderBlobs, type FolderBlobsOptions } from "./blobs.ts";
export { folderBlobs } from "./plugin.ts";
