// Loading a File by its reference, or by that of a token for it (spec/domain.md 2.3 and 2.4, with Files for templates).
import { accountTurn } from "../engine/change.ts";
import { type CommandTag, recordResult } from "../engine/commands.ts";
import type { Account } from "../engine/context.ts";
import { type FetchedFile, fetchFile } from "../engine/file-loading.ts";
import { type FileView, secretOfFile, viewOfFile } from "../engine/file-view.ts";
import { readToken, referenceInToken } from "../engine/token-reading.ts";
import { putSecret } from "../engine/vault.ts";
import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import type { FileRecord } from "../model/file-record.ts";
import { isId } from "../model/ids.ts";
import { keyOf } from "../model/keys.ts";
import { isReferenceFor, type Reference, readReference } from "../sealed/reference.ts";

/** Input of `files.load`: a reference, truncated or URL, of a File or of a token for one. */
export interface LoadFile {
  readonly reference: string;
  readonly password?: string;
}

/** Learns of the File and keeps it; one that is known already is shown as it is. */
export async function loadFile(account: Account, input: LoadFile, tag: CommandTag): Promise<Outcome<FileView>> {
  const read = readReference(input.reference);
  if (!read.ok) return read;
  const reference = await fileReference(account, read.value, input.password);
  if (!reference.ok) return reference;
  const { id, passwordProtection } = reference.value;
  if (!isReferenceFor(reference.value, account.self))
    return refuse("error.transport.general.notIntendedForYou", "It is personalised for another identity.");
  if (passwordProtection !== undefined && input.password === undefined)
    return refuse("error.transport.noPasswordProvided", "The File is password protected. Give its password.");
  return account.lanes.run(`load-${id}`, async () => {
    const isKnown = (await account.store.get(keyOf(account.id, "files", id))) !== undefined;
    const fetched = isKnown ? undefined : await fetchFile(account, reference.value);
    if (fetched?.ok === false) return fetched;
    return keep(account, { id, fetched: fetched?.value, tag });
  });
}

async function fileReference(
  account: Account,
  reference: Reference,
  password: string | undefined,
): Promise<Outcome<Reference>> {
  if (isId(reference.id, "FIL")) return allow(reference);
  if (!isId(reference.id, "TOK"))
    return refuse("error.runtime.invalidReference", "The reference points neither to a File nor to a token for one.");
  const token = await readToken(account, { reference, password });
  return token.ok ? referenceInToken(token.value.content, "File") : token;
}

interface Keeping {
  readonly id: string;
  /** Absent when the File was known. */
  readonly fetched: FetchedFile | undefined;
  readonly tag: CommandTag;
}

function keep(account: Account, { id, fetched, tag }: Keeping): Promise<Outcome<FileView>> {
  return accountTurn(account, {
    gather: async (reads) => ({
      known: (await reads.get<FileRecord>(keyOf(account.id, "files", id)))?.document,
      secret: await secretOfFile(account, id, reads.get),
    }),
    plan({ known, secret }, change): Outcome<FileView> {
      const record = known ?? fetched?.record;
      const kept = known === undefined ? fetched?.secret : secret;
      if (record === undefined)
        return refuse("error.runtime.recordNotFound", `The File ${id} was deleted meanwhile. Load it again.`);
      // From now on it is here because somebody wanted it.
      const { isAttachment, ...loaded } = record;
      if (known === undefined || isAttachment === true) change.put("files", id, loaded);
      if (known === undefined && kept !== undefined) putSecret(account, change, { id: `file-${id}`, secret: kept });
      recordResult(account, change, { tag, result: { id } });
      return allow(viewOfFile(account, loaded, kept));
    },
  });
}
