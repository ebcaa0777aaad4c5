// Who a File belongs to (spec/domain.md 8.3): a new ownership token, and what others did with the old one.
import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import { extended } from "../model/extended.ts";
import type { FileRecord, FileSecret } from "../model/file-record.ts";
import { keyOf } from "../model/keys.ts";
import type { IntentRecord } from "../model/records.ts";
import type { Reads } from "../turn/turn.ts";
import type { WireExternalEvent } from "../wire/shapes.ts";
import { accountTurn } from "./change.ts";
import { type CommandTag, recordResult, tagged, tagOf } from "./commands.ts";
import type { Account } from "./context.ts";
import { fetchWireFile } from "./file-loading.ts";
import { type FileView, fileAfter, secretOfFile, viewOfFile } from "./file-view.ts";
import { mark } from "./inbox-marks.ts";
import {
  abandonIntent,
  closeIntent,
  draftIntent,
  hasOpenIntent,
  type IntentKind,
  inProgress,
  openIntent,
  stillOpen,
} from "./intents.ts";
import { perform } from "./performing.ts";
import { putSecret } from "./vault.ts";

/** Asks for a new token, which also unlocks the File. The old one is worth nothing then. */
export function regenerateToken(account: Account, id: string, tag: CommandTag): Promise<Outcome<FileView>> {
  return account.lanes.run(id, async () => {
    const begun = await accountTurn(account, {
      gather: async (reads) => ({
        record: await recordOf(account, reads, id),
        isBusy: await hasOpenIntent(account, reads, id),
      }),
      plan({ record, isBusy }, change): Outcome<IntentRecord> {
        if (record === undefined) return refuse("error.runtime.recordNotFound", `There is no File ${id}.`);
        if (!record.isOwn) return refuse("error.runtime.files.notOwnedByYou", `The File ${id} belongs to another.`);
        if (isBusy) return inProgress(id);
        const operation = "regenerateFileOwnershipToken";
        const draft = { entity: id, kind: "regenerateOwnershipToken", operation, params: { id }, body: {} } as const;
        const intent = draftIntent(account, extended(draft, tagged(tag)));
        openIntent(account, change, { intent });
        return allow(intent);
      },
    });
    return begun.ok ? perform<FileView>(account, begun.value) : begun;
  });
}

/** Turn 2: there is a new token. Without idempotency keys the call is repeated, which gives another new one. */
export const regenerateTokenIntent: IntentKind = {
  async applied(account, intent, result): Promise<Outcome<FileView>> {
    const { newOwnershipToken } = result as { newOwnershipToken: string };
    const id = intent.entity;
    const taken = await accountTurn<Renewing, Outcome<FileView>>(account, {
      gather: async (reads) => ({
        open: await stillOpen(account, reads, intent),
        record: await recordOf(account, reads, id),
        secret: await secretOfFile(account, id, reads.get),
      }),
      plan({ open, record, secret }, change) {
        if (open !== undefined) {
          if (record === undefined || secret === undefined) abandonIntent(change, open);
          else closeIntent(change, open);
        }
        // A refusal that is committed: the intent is over.
        if (record === undefined || secret === undefined)
          return allow(refuse("error.runtime.recordNotFound", `The File ${id} was deleted meanwhile.`));
        if (open === undefined) return allow(allow(viewOfFile(account, record, secret)));
        const next = fileAfter(account, record, { owner: record.owner, ownershipIsLocked: false });
        const kept = extended(secret, { ownershipToken: newOwnershipToken });
        change.put("files", id, next);
        putSecret(account, change, { id: `file-${id}`, secret: kept });
        recordResult(account, change, { tag: tagOf(intent), result: { id } });
        return allow(allow(viewOfFile(account, next, kept)));
      },
    });
    return taken.ok ? taken.value : taken;
  },
};

interface Renewing {
  readonly open: IntentRecord | undefined;
  readonly record: FileRecord | undefined;
  readonly secret: FileSecret | undefined;
}

const names: { readonly [type: string]: string } = {
  FileOwnershipLocked: "transport.fileOwnershipLocked",
  FileOwnershipClaimed: "transport.fileOwnershipClaimed",
};

/** Applies the external event that somebody tried a token of a File of ours: what the relay says of it now counts. */
export async function applyFileEvent(account: Account, event: WireExternalEvent): Promise<Outcome<undefined>> {
  const id = event.payload["fileId"] ?? "";
  const fetched = await fetchWireFile(account, id);
  if (!fetched.ok && fetched.refusal.code !== "error.platform.recordNotFound") return fetched;
  const wire = fetched.ok ? fetched.value : undefined;
  return accountTurn(account, {
    gather: async (reads) => ({
      record: await recordOf(account, reads, id),
      secret: await secretOfFile(account, id, reads.get),
    }),
    plan({ record, secret }, change) {
      mark(change, [event]);
      // Deleted here, or gone at the relay, where it has expired.
      if (record === undefined || wire === undefined) return allow(undefined);
      const next = fileAfter(account, record, wire);
      const kept = secret === undefined ? undefined : keptSecret(secret, next);
      change.put("files", id, next);
      if (kept !== undefined) putSecret(account, change, { id: `file-${id}`, secret: kept });
      const view = viewOfFile(account, next, kept);
      change.event(names[event.type] ?? event.type, () => view);
      return allow(undefined);
    },
  });
}

// A token that is worth nothing any more is no reason to go on keeping it.
function keptSecret(secret: FileSecret, { isOwn }: Pick<FileRecord, "isOwn">): FileSecret {
  if (isOwn) return secret;
  const { ownershipToken: _spent, ...rest } = secret;
  return rest;
}

async function recordOf(account: Account, reads: Reads, id: string): Promise<FileRecord | undefined> {
  return (await reads.get<FileRecord>(keyOf(account.id, "files", id)))?.document;
}
