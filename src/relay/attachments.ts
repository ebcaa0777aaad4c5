/** Files that a Message names. The relay keeps their ids and looks at them once. */
import { attachmentsMax } from "../limits.ts";
import type { Reads } from "../turn/turn.ts";
import { type Fields, fieldsOf } from "./fields.ts";
import { type FileDocument, fileKey } from "./file-documents.ts";
import { isThere } from "./files.ts";

/** The ids of the attachments in the body of a Message, each once. */
export function attachmentsIn(fields: Fields, given: unknown): readonly string[] {
  if (given === undefined || given === null) return [];
  const ids = fields.objects("attachments", attachmentsMax).map((attachment) => {
    const inner = fieldsOf(attachment);
    const id = inner.id("id", "FIL");
    if (inner.problem !== undefined) fields.fail("attachments", `well formed: ${inner.problem.message}`);
    return id;
  });
  return [...new Set(ids)];
}

/** True when all of them are there now. That one may expire or be deleted at any later moment, so no commit checks it. */
export async function areThere(reads: Reads, ids: readonly string[], nowMs: number): Promise<boolean> {
  for (const id of ids) {
    const file = await reads.peek<FileDocument>(fileKey(id));
    if (file === undefined || !isThere(file.document, nowMs)) return false;
  }
  return true;
}
