// Which Files go with a peer (spec/domain.md 3.5): what is the peer's, and what only came with Messages that go. Own ones stay.
import { extended } from "../model/extended.ts";
import type { FileRecord } from "../model/file-record.ts";
import { keyOf, pathOf } from "../model/keys.ts";
import type { MessageRecord } from "../model/records.ts";
import { pseudonymOf } from "../sealed/address.ts";
import type { Reads } from "../turn/turn.ts";
import type { Change } from "./change.ts";
import type { Account } from "./context.ts";

/** Files to remove, by id, and own ones that keep a pseudonym for the peer who made them. */
export interface KeptFiles {
  readonly removed: readonly string[];
  readonly kept: readonly FileRecord[];
}

/** Looks for them; `removed` are the Messages that go with the peer. */
export async function filesWith(
  account: Account,
  reads: Reads,
  { peer, removed: messages }: { readonly peer: string; readonly removed: readonly MessageRecord[] },
): Promise<KeptFiles> {
  const ids = new Set(messages.flatMap(({ attachments }) => attachments));
  for (const field of ["createdBy", "owner"]) {
    const query = { under: pathOf(account.id, "files"), where: { [field]: [{ anyOf: [peer] }] } };
    for await (const { document } of reads.find<FileRecord>(query)) ids.add(document.id);
  }
  const gone = new Set(messages.map(({ id }) => id));
  const removed: string[] = [];
  const kept: FileRecord[] = [];
  for (const id of ids) {
    // As the commit will expect it: a document may have changed since it was found.
    const file = (await reads.get<FileRecord>(keyOf(account.id, "files", id)))?.document;
    if (file === undefined) continue;
    if (file.isOwn) {
      if (file.createdBy === peer) kept.push(withoutAuthor(account, file));
    } else if (isOf(file, peer) || (file.isAttachment === true && !(await isCarried(account, reads, { id, gone }))))
      removed.push(id);
  }
  return { removed, kept };
}

/** Erases them in the change. */
export function eraseFiles(change: Change, { removed, kept }: KeptFiles): void {
  for (const id of removed) {
    change.remove("files", id);
    change.remove("secrets", `file-${id}`);
  }
  for (const file of kept) change.put("files", file.id, file);
}

function isOf({ owner, createdBy }: FileRecord, peer: string): boolean {
  return owner === peer || createdBy === peer;
}

function withoutAuthor({ crypto, transport }: Account, file: FileRecord): FileRecord {
  const { createdByDevice: _device, ...rest } = file;
  return extended(rest, { createdBy: pseudonymOf(crypto, transport.hostName) });
}

// Files of third parties that a peer passed on are few, so each is worth a look through the Messages.
async function isCarried(
  account: Account,
  reads: Reads,
  { id, gone }: { readonly id: string; readonly gone: ReadonlySet<string> },
): Promise<boolean> {
  const where = { attachments: [{ anyOf: [id] }] };
  for await (const { document } of reads.find<MessageRecord>({ under: pathOf(account.id, "messages"), where })) {
    if (!gone.has(document.id)) return true;
  }
  return false;
}
