// Files that came with a Message: what they are is read from the relay, their content stays there until somebody wants it.
import { attachmentsMax } from "../limits.ts";
import { extended } from "../model/extended.ts";
import { isId } from "../model/ids.ts";
import { keyOf } from "../model/keys.ts";
import type { Attachment } from "../sealed/message.ts";
import type { Reads } from "../turn/turn.ts";
import type { Change } from "./change.ts";
import type { Account } from "./context.ts";
import { type FetchedFile, fetchFile } from "./file-loading.ts";
import { putSecret } from "./vault.ts";

/** What came with one Message; `fetched` are the Files that were not known here. */
export interface Attached {
  readonly ids: readonly string[];
  readonly fetched: readonly FetchedFile[];
}

/** Nothing, which is what most Messages carry. */
export const nothingAttached: Attached = { ids: [], fetched: [] };

/** Reads the Files at the relay, each once however often the turn is taken. Throws `relay.unreachable`. */
export function attachmentsReader(account: Account): (reads: Reads, given: readonly Attachment[]) => Promise<Attached> {
  const asked = new Map<string, ReturnType<typeof fetchFile>>();
  return async (reads, given) => {
    const byId = new Map(given.flatMap((one) => (isId(one.id, "FIL") ? [[one.id, one] as const] : [])));
    const attachments = [...byId.values()].slice(0, attachmentsMax);
    const fetched: FetchedFile[] = [];
    for (const attachment of attachments) {
      const { id } = attachment;
      // What is known keeps its own key: a peer cannot replace it.
      if ((await reads.get(keyOf(account.id, "files", id))) !== undefined) continue;
      const asking = asked.get(id) ?? fetchFile(account, attachment);
      asked.set(id, asking);
      const outcome = await asking;
      if (outcome.ok) fetched.push(outcome.value);
      // The Message is no worse for it: a File may have expired, and its author may have sealed it badly.
      else account.log.write("warn", "An attachment could not be read.", { file: id, code: outcome.refusal.code });
    }
    return { ids: attachments.map(({ id }) => id), fetched };
  };
}

/** Keeps the Files in the commit of their Message. */
export function keepAttached(account: Account, change: Change, { fetched }: Attached): void {
  for (const { record, secret } of fetched) {
    const kept = record.isOwn ? record : extended(record, { isAttachment: true as const });
    change.put("files", record.id, kept);
    putSecret(account, change, { id: `file-${record.id}`, secret });
  }
}
