import { accountTurn } from "../engine/change.ts";
import { type CommandOptions, type CommandTag, once, recordResult } from "../engine/commands.ts";
import type { Account } from "../engine/context.ts";
import { refuseAsRelay } from "../engine/file-loading.ts";
import { regenerateToken } from "../engine/file-ownership.ts";
import { type FileView, presentFile, secretOfFile } from "../engine/file-view.ts";
import { isPassing } from "../engine/relay-refusals.ts";
import { fault } from "../errors/rapport-error.ts";
import { allow, type Outcome, refuse, unwrap } from "../errors/refusal.ts";
import { toBase64Url } from "../model/bytes.ts";
import type { FileRecord } from "../model/file-record.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import { openFileContent } from "../sealed/file.ts";
import { atTheDoor, id, listOptions, object, optional, options, query, text } from "./door.ts";
import { exactly } from "./field-reading.ts";
import { type LoadFile, loadFile } from "./file-loading.ts";
import { type NewFile, newFile, upload } from "./file-upload.ts";
import { each, found, type List, type Listed, type ListOptions, type Query, same } from "./listing.ts";

export type { LoadFile, NewFile };

/** A File's content as its author gave it. */
export interface DownloadedFile {
  readonly content: Uint8Array;
  readonly filename: string;
  readonly mimetype: string;
}

/** Files of one account (spec/domain.md 8.3): own ones, those that were loaded, and those that came with Messages. */
export interface Files {
  /** Seals and uploads. Faults: `error.transport.files.maxFileSizeExceeded`. */
  upload(input: NewFile, options?: CommandOptions): Promise<FileView>;
  /** Learns of a File by its reference, or by that of a token for it; its content stays at the relay. */
  load(input: LoadFile, options?: CommandOptions): Promise<FileView>;
  get(id: string): Promise<FileView>;
  find(query?: Query, options?: ListOptions): Promise<FileView[]>;
  /** The same one by one, complete without a limit. */
  each(query?: Query, options?: ListOptions): AsyncIterable<Listed<FileView>>;
  /** Fetches, checks and opens the content. */
  download(id: string): Promise<DownloadedFile>;
  /** Deletes an own upload at the relay too, any other File only here. */
  delete(id: string, options?: CommandOptions): Promise<void>;
  /** A new ownership token, which also unlocks. Fault: `error.runtime.files.notOwnedByYou`. */
  regenerateOwnershipToken(id: string, options?: CommandOptions): Promise<FileView>;
}

const fields = {
  ...same(
    "id",
    "isOwn",
    "owner",
    "createdAt",
    "createdBy",
    "createdByDevice",
    "expiresAt",
    "filename",
    "filesize",
    "mimetype",
    "title",
    "description",
    "tags",
    "ownershipIsLocked",
  ),
  ownershipToken: exactly("ownershipToken"),
};

/** The service of one account. */
export function createFiles(account: Account): Files {
  const present = (record: FileRecord) => presentFile(account, record, account.store.get);
  const beside = {
    members: ["ownershipToken"],
    of: async ({ id, isOwn }: FileRecord): Promise<JsonObject> => {
      const { ownershipToken } = (isOwn ? await secretOfFile(account, id, account.store.get) : undefined) ?? {};
      return ownershipToken === undefined ? {} : { ownershipToken };
    },
  };
  const list: List<FileRecord, FileView> = { kind: "files", fields, beside, view: present };
  const command = <T>(
    [name, input, given]: readonly [string, unknown, CommandOptions | undefined],
    run: (tag: CommandTag) => Promise<Outcome<T>>,
    replay: (id: string) => Promise<T>,
  ) => once<T>(account, { name, input, options: given }, { run, replay: ({ id }) => replay(String(id)) });
  const shown = async (id: string) => present(await readFile(account, id));

  const service: Files = {
    upload: (input, given) =>
      command(["files.upload", named(account, input), given], (tag) => upload(account, input, tag), shown),
    load: (input, given) => command(["files.load", input, given], (tag) => loadFile(account, input, tag), shown),
    get: shown,
    find: (query, options) => found(account, list, { query, options }),
    each: (query, options) => each(account, list, { query, options }),
    download: (id) => downloadFile(account, id),
    delete: (id, given) =>
      command<void>(
        ["files.delete", { id }, given],
        (tag) => remove(account, id, tag),
        async () => undefined,
      ),
    regenerateOwnershipToken: (id, given) =>
      command(["files.regenerateOwnershipToken", { id }, given], (tag) => regenerateToken(account, id, tag), shown),
  };
  return atTheDoor<Files>(service, {
    upload: [newFile, options],
    load: [object("input", { reference: text("reference"), password: optional(text("password")) }), options],
    get: [id],
    find: [query, listOptions],
    each: [query, listOptions],
    download: [id],
    delete: [id, options],
    regenerateOwnershipToken: [id, options],
  });
}

// A command is remembered by its input, of which the content is named by its hash.
function named({ crypto }: Account, { content, ...rest }: NewFile) {
  return { ...rest, content: toBase64Url(crypto.hashing.sha512(content)) };
}

/** The stored File. Throws `error.runtime.recordNotFound`. */
export async function readFile(account: Account, id: string): Promise<FileRecord> {
  const stored = await account.store.get<FileRecord>(keyOf(account.id, "files", id));
  if (stored === undefined) throw fault("error.runtime.recordNotFound", `There is no File ${id}. Check the id.`);
  return stored.document;
}

/** The content of a File that is known here. */
export async function downloadFile(account: Account, id: string): Promise<DownloadedFile> {
  const { filename, mimetype } = await readFile(account, id);
  const secret = await secretOfFile(account, id, account.store.get);
  if (secret === undefined) throw fault("error.runtime.recordNotFound", `The keys of the File ${id} are missing.`);
  const answer = await account.transport.call({ operation: "getFileContent", params: { id } }, account.session);
  if (isPassing(answer)) throw fault("relay.unreachable", "The relay could not give the File. Repeat the call later.");
  if (!answer.ok) return unwrap(refuseAsRelay(answer, id));
  const bytes = answer.bytes ?? new Uint8Array();
  return { content: unwrap(openFileContent(account.crypto, bytes, secret)), filename, mimetype };
}

// Without an intent: deleting it once more at the relay does no harm, so a try that got no answer is simply repeated. Who
// passed a File on may still delete it at the relay, but has no more business with it.
async function remove(account: Account, id: string, tag: CommandTag): Promise<Outcome<void>> {
  const stored = await account.store.get<FileRecord>(keyOf(account.id, "files", id));
  if (stored === undefined) return refuse("error.runtime.recordNotFound", `There is no File ${id}. Check the id.`);
  const { isOwn, createdBy } = stored.document;
  if (isOwn && createdBy === account.self) {
    const answer = await account.transport.call({ operation: "deleteFile", params: { id } }, account.session);
    if (isPassing(answer)) throw fault("relay.unreachable", "The relay could not delete the File. Repeat the call.");
    if (!answer.ok && answer.status !== 404) return refuseAsRelay(answer, id);
  }
  return accountTurn<undefined, void>(account, {
    gather: async () => undefined,
    plan(_facts, change) {
      change.remove("files", id);
      change.remove("secrets", `file-${id}`);
      recordResult(account, change, { tag, result: { id } });
      return allow(undefined);
    },
  });
}
