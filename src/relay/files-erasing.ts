/** Files that end without anybody asking for it: because they expire, or because an identity is erased. */
import { filesErasedAtOnceMax } from "../limits.ts";
import { instantOf } from "../model/instant.ts";
import type { Query } from "../ports/store.ts";
import { takeTurn } from "../turn/turn.ts";
import type { Desk } from "./desk.ts";
import { type FileDocument, fileKey, filePath } from "./documents.ts";
import { createDraft, type Draft } from "./draft.ts";
import { eraseBlob } from "./file-bytes.ts";
import { isThere } from "./files.ts";

/** Erases Files that have expired, some at a time; true when there may be more. */
export function eraseExpiredFiles(desk: Desk, nowMs: number): Promise<boolean> {
  const where = { expiresAt: [{ below: instantOf(nowMs), orEqual: true as const }] };
  return changeFiles(desk, where, (draft, file) => {
    if (!isThere(file, nowMs)) end(draft, file);
  });
}

/**
 * Erases the Files that an identity owns, and puts the pseudonym in its place where it created those of others; some at a
 * time, true when there may be more. Whoever changed a File last owns it.
 */
export async function eraseFilesOf(desk: Desk, address: string, pseudonym: string): Promise<boolean> {
  const isMine = [{ anyOf: [address] }];
  const haveMoreOwned = await changeFiles(desk, { owner: isMine }, (draft, file) => {
    if (file.owner === address) end(draft, file);
  });
  const haveMoreCreated = await changeFiles(desk, { createdBy: isMine }, (draft, file) => {
    if (file.createdBy !== address || file.owner === address) return;
    draft.put(fileKey(file.id), { ...file, createdBy: pseudonym, createdByDevice: null });
  });
  return haveMoreOwned || haveMoreCreated;
}

function end(draft: Draft, file: FileDocument): void {
  draft.delete(fileKey(file.id));
  draft.doomBlob(file.blob);
}

/** One commit with what `change` does to each File found, as it is then; then the bytes of those that ended go. */
async function changeFiles(
  desk: Desk,
  where: NonNullable<Query["where"]>,
  change: (draft: Draft, file: FileDocument) => void,
): Promise<boolean> {
  const taken = await takeTurn(desk, {
    gather: async (reads) => {
      const files: FileDocument[] = [];
      const query = { under: filePath, where, limit: filesErasedAtOnceMax };
      for await (const { key } of reads.find<FileDocument>(query)) {
        const file = await reads.get<FileDocument>(key);
        if (file !== undefined) files.push(file.document);
      }
      return files;
    },
    plan: (files) => {
      const draft = createDraft();
      for (const file of files) change(draft, file);
      return draft.answer({ count: files.length });
    },
  });
  if (!taken.ok || !("result" in taken.value)) return false;
  const { doomedBlobs = [], result } = taken.value;
  // Without blobs the marks stay until the relay has some again.
  if (desk.blobs !== undefined) for (const name of doomedBlobs) await eraseBlob(desk, desk.blobs, name);
  return (result as { readonly count: number }).count >= filesErasedAtOnceMax;
}
