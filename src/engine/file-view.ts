// Files as embedders see them (spec/domain.md 8.3), and as they are kept.
import { unwrap } from "../errors/refusal.ts";
import { extended } from "../model/extended.ts";
import type { FileRecord, FileSecret } from "../model/file-record.ts";
import type { Document, Stored } from "../ports/store.ts";
import { writeReference, writeReferenceUrl } from "../sealed/reference.ts";
import type { WireFile } from "../wire/shapes.ts";
import type { Account } from "./context.ts";
import type { Reference } from "./present.ts";
import { readSecret } from "./vault.ts";

/** A File with its reference, which holds the key. */
export type FileView = Omit<FileRecord, "isAttachment" | "claimedFor"> & {
  readonly reference: Reference;
  /** The older generation's form of the same. */
  readonly truncatedReference: string;
  /** Whoever has it can make the File their own; only its owner sees it. */
  readonly ownershipToken?: string;
};

type Get = <D extends Document>(key: string) => Promise<Stored<D> | undefined>;

/** The File as embedders see it, with the reference written from its secret. */
export async function presentFile(account: Account, record: FileRecord, get: Get): Promise<FileView> {
  return viewOfFile(account, record, await secretOfFile(account, record.id, get));
}

/** The keys of a File; without them it can be shown, but neither be passed on nor be read. */
export async function secretOfFile(account: Account, id: string, get: Get): Promise<FileSecret | undefined> {
  return readSecret<FileSecret>(account, get, `file-${id}`);
}

/** The same when the secret is at hand. */
export function viewOfFile(account: Account, record: FileRecord, secret: FileSecret | undefined): FileView {
  const { isAttachment: _attachment, claimedFor: _claimed, ...view } = record;
  const { secretKey = "", ownershipToken } = secret ?? {};
  const to = { id: record.id, secretKey, backboneBaseUrl: account.transport.baseUrl };
  const reference = { truncated: writeReference(to), url: unwrap(writeReferenceUrl(to)) };
  return extended(view, {
    reference,
    truncatedReference: reference.truncated,
    ...(ownershipToken === undefined ? {} : { ownershipToken }),
  });
}

/** The record with what may have changed at the relay: who owns it, and whether it can be claimed. */
export function fileAfter(
  { self }: Account,
  record: FileRecord,
  { owner, ownershipIsLocked }: Pick<WireFile, "owner" | "ownershipIsLocked">,
): FileRecord {
  const { ownershipIsLocked: _before, ...rest } = record;
  const lock = ownershipIsLocked ? { ownershipIsLocked: true as const } : {};
  return extended(rest, { owner, isOwn: owner === self, ...lock });
}
