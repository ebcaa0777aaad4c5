/**
 * Uploading a File (spec/backbone-protocol.md 10.6).
 *
 * The request is up to 15 MiB of text. It lies in the store, beside its intent, until the relay has answered, and not in
 * Blobs: the default ones of an embedded engine live in memory, and no commit covers a blob, so that every crash would need
 * marks and a sweep to leave nothing behind. In the store it is written by the commit that opens the intent and erased by
 * the one that closes it; every store takes documents of 64 Mi characters.
 */
import { fault } from "../errors/rapport-error.ts";
import { allow, type Outcome } from "../errors/refusal.ts";
import { fileRecord } from "../items/file-records.ts";
import { searchedPagesMax } from "../limits.ts";
import { fromUtf8, isSameBase64 } from "../model/bytes.ts";
import { extended } from "../model/extended.ts";
import type { FileRecord, FileSecret } from "../model/file-record.ts";
import { newId } from "../model/ids.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import { type FileProperties, sealFile } from "../sealed/file.ts";
import type { WireFile, WireUploadedFile } from "../wire/shapes.ts";
import { accountTurn } from "./change.ts";
import { type CommandTag, recordResult, tagged, tagOf } from "./commands.ts";
import type { Account } from "./context.ts";
import { type FileView, secretOfFile, viewOfFile } from "./file-view.ts";
import {
  closeIntent,
  draftIntent,
  type IntentKind,
  knownAs,
  openIntent,
  type Sighting,
  secretOfIntent,
} from "./intents.ts";
import { perform } from "./performing.ts";
import { putSecret } from "./vault.ts";

/** A File about to be uploaded; everything was checked. */
export interface NewUpload {
  readonly content: Uint8Array;
  readonly properties: FileProperties;
  readonly expiresAt: string;
}

/** Seals the File, and sends it under an intent. */
export async function uploadFile(account: Account, upload: NewUpload, tag: CommandTag): Promise<Outcome<FileView>> {
  const { content, properties, expiresAt } = upload;
  const sealed = sealFile(account, { content, properties, signingKey: account.keys.device });
  const { bytes, cipherHash, ownerSignature, encryptedProperties, secretKey, contentKey, plaintextHash } = sealed;
  const intent = draftIntent(account, {
    entity: newId("NEW", account.entropy),
    kind: "uploadFile",
    operation: "createFile",
    body: { cipherHash, owner: account.self, ownerSignature, expiresAt, encryptedProperties },
    hasBytes: true,
    ...tagged(tag, { properties }),
  });
  const secret: FileSecret = { secretKey, contentKey, plaintextHash, cipherHash };
  const begun = await accountTurn(account, {
    gather: async () => fromUtf8(bytes) ?? "",
    plan: (text, change) => {
      openIntent(account, change, { intent, secret, bytes: text });
      return allow(intent);
    },
  });
  return begun.ok ? perform<FileView>(account, begun.value) : begun;
}

/** Turn 2: the relay gave the File its id and its ownership token. */
export const uploadFileIntent: IntentKind = {
  async applied(account, intent, result): Promise<Outcome<FileView>> {
    const wire = result as unknown as WireUploadedFile;
    const { id, ownershipToken } = wire;
    return accountTurn(account, {
      gather: async (reads) => {
        const known = await knownAs<FileRecord>(reads, keyOf(account.id, "files", id));
        const sealed =
          known === undefined
            ? await secretOfIntent<FileSecret>(account, reads, intent)
            : await secretOfFile(account, id, reads.peek);
        return { known, sealed };
      },
      plan({ known, sealed }, change) {
        if (known !== undefined || sealed === undefined)
          return allow(viewOfFile(account, known ?? recordOf(account, intent.facts, wire), sealed));
        const record = recordOf(account, intent.facts, wire);
        const secret = extended(sealed, { ownershipToken });
        change.put("files", id, record);
        putSecret(account, change, { id: `file-${id}`, secret });
        closeIntent(change, intent);
        recordResult(account, change, { tag: tagOf(intent), result: { id } });
        return allow(viewOfFile(account, record, secret));
      },
    });
  },

  // A ciphertext has a key and a nonce of its own: nobody else's File has this hash. The token was in the answer that got
  // lost and cannot be read again; a new one harms nobody, as no one was given the first.
  async look(account, { call }): Promise<Sighting> {
    const { cipherHash } = JSON.parse(call.body) as { cipherHash: string };
    const found = await findUploaded(account, cipherHash);
    if (found === undefined) return "undone";
    const body = "{}";
    const asked = { operation: "regenerateFileOwnershipToken", params: { id: found.id }, body } as const;
    const answer = await account.transport.call(asked, account.session);
    if (!answer.ok) throw unreachable(answer.error.message);
    const { newOwnershipToken } = answer.result as { newOwnershipToken: string };
    return { done: extended(found, { ownershipToken: newOwnershipToken }) as unknown as JsonObject };
  },
};

function recordOf(account: Account, facts: JsonObject, wire: WireUploadedFile): FileRecord {
  return fileRecord(account.self, wire, facts["properties"] as FileProperties);
}

async function findUploaded(account: Account, cipherHash: string): Promise<WireFile | undefined> {
  for (let page = 1, pages = 1; page <= pages; page += 1) {
    if (page > searchedPagesMax) throw unreachable("There are too many Files to search.");
    const query = page === 1 ? {} : { pageNumber: String(page) };
    const answer = await account.transport.call({ operation: "listFiles", query }, account.session);
    if (!answer.ok) throw unreachable(answer.error.message);
    const files = Array.isArray(answer.result) ? (answer.result as unknown as WireFile[]) : [];
    const found = files.find((one) => one.createdBy === account.self && isSameBase64(cipherHash, one.cipherHash));
    if (found !== undefined) return found;
    pages = answer.pagination?.totalPages ?? 1;
  }
  return undefined;
}

function unreachable(message: string): Error {
  return fault("relay.unreachable", `The relay could not say whether the File was uploaded: ${message}`);
}
