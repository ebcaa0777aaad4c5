// Files that Messages carry (spec/domain.md 8.1).
import type { Account } from "../engine/context.ts";
import { type FileView, presentFile, secretOfFile } from "../engine/file-view.ts";
import { fault } from "../errors/rapport-error.ts";
import { allow, type Outcome, type Refusal, refuse } from "../errors/refusal.ts";
import { attachmentsMax } from "../limits.ts";
import type { FileRecord } from "../model/file-record.ts";
import { keyOf } from "../model/keys.ts";
import type { MessageRecord } from "../model/records.ts";
import type { Attachment } from "../sealed/message.ts";
import type { Reads } from "../turn/turn.ts";
import { isText } from "./door.ts";
import { type DownloadedFile, downloadFile, readFile } from "./files.ts";

/** Why this is no list of attachments. */
export function attachmentsRefusal(ids: unknown): Refusal | undefined {
  if (ids === undefined) return undefined;
  const isFine =
    Array.isArray(ids) && ids.length <= attachmentsMax && ids.every(isText) && new Set(ids).size === ids.length;
  if (isFine) return undefined;
  const message = `attachments must list at most ${attachmentsMax} ids of Files, each once.`;
  return { code: "error.runtime.validation.invalidPropertyValue", message };
}

/** The attachments with the keys that go to the recipients; every File must be known here (8.1 row 14). */
export async function gatherAttachments(
  account: Account,
  reads: Reads,
  ids: readonly string[],
): Promise<Outcome<Attachment[]>> {
  const attachments: Attachment[] = [];
  for (const id of ids) {
    const record = (await reads.get<FileRecord>(keyOf(account.id, "files", id)))?.document;
    const secret = record === undefined ? undefined : await secretOfFile(account, id, reads.peek);
    if (secret === undefined)
      return refuse("error.runtime.recordNotFound", `There is no File ${id}. Upload or load it first.`);
    attachments.push({ id, secretKey: secret.secretKey, backboneBaseUrl: account.transport.baseUrl });
  }
  return allow(attachments);
}

/** A File that the Message carries. Throws `error.runtime.messages.fileNotFoundInMessage`. */
export async function attachmentOf(account: Account, message: MessageRecord, fileId: string): Promise<FileView> {
  assertCarried(message, fileId);
  return presentFile(account, await readFile(account, fileId), account.store.get);
}

/** The content of a File that the Message carries. */
export async function downloadAttachmentOf(
  account: Account,
  message: MessageRecord,
  fileId: string,
): Promise<DownloadedFile> {
  assertCarried(message, fileId);
  return downloadFile(account, fileId);
}

function assertCarried({ id, attachments }: MessageRecord, fileId: string): void {
  if (attachments.includes(fileId)) return;
  throw fault("error.runtime.messages.fileNotFoundInMessage", `The Message ${id} carries no File ${fileId}.`);
}
