// Files for the relay, and a look at what it keeps of them.
import type { MemoryDisk } from "rapport/plugins/storage-memory";
import { base64, type Party } from "./parties.ts";

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What POST Files sends. */
export function uploadOf(text: string, more: object = {}) {
  const body = {
    cipherHash: base64("h".repeat(64)),
    ownerSignature: base64("signature"),
    encryptedProperties: base64("properties"),
    ...more,
  };
  return { bytes: bytesOf(text), body };
}

/** Uploads a File; gives its id and the token that passes it on. */
export async function upload(
  owner: Pick<Party, "ok">,
  text = "some bytes",
  more: object = {},
): Promise<{ readonly id: string; readonly ownershipToken: string }> {
  const { id, ownershipToken } = await owner.ok("createFile", uploadOf(text, more));
  return { id, ownershipToken };
}

/** Downloads a File as text. */
export async function download(reader: Pick<Party, "call">, id: string): Promise<string> {
  const answer = await reader.call("getFileContent", { id });
  if (!answer.ok || answer.bytes === undefined) throw new Error(`No bytes came: ${JSON.stringify(answer)}`);
  return new TextDecoder().decode(answer.bytes);
}

/** What a disk keeps of Files: the texts of those that are there, the texts of all bytes, and the marks. */
export function keptOn(disk: MemoryDisk) {
  const documents = [...disk.documents()];
  const below = (path: string) => documents.filter(([key]) => key.startsWith(path)).map(([, document]) => document);
  const blobs = disk.blobs();
  const textOf = (name: unknown) => {
    const bytes = blobs.get(String(name));
    return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
  };
  return {
    files: below("relay/file/").map(({ blob }) => textOf(blob)),
    bytes: [...blobs.keys()].map(textOf),
    marks: below("relay/doomed-blob/"),
  };
}
