// Files of the relay: what they are, opened with the key of a reference or of an attachment.
import { isCode } from "../errors/catalogue.ts";
import { fault } from "../errors/rapport-error.ts";
import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import { fileRecord } from "../items/file-records.ts";
import type { FileRecord, FileSecret } from "../model/file-record.ts";
import type { Answer } from "../ports/transport.ts";
import { openFileMetadata } from "../sealed/file.ts";
import type { WireFile } from "../wire/shapes.ts";
import type { Account } from "./context.ts";
import { isPassing } from "./relay-refusals.ts";

/** A File that was read from the relay. */
export interface FetchedFile {
  readonly record: FileRecord;
  readonly secret: FileSecret;
}

/** Reads what a File is from the relay. Throws `relay.unreachable`. */
export async function fetchWireFile(account: Account, id: string): Promise<Outcome<WireFile>> {
  const answer = await account.transport.call({ operation: "getFile", params: { id } }, account.session);
  if (answer.ok) return allow(answer.result as unknown as WireFile);
  if (isPassing(answer)) throw fault("relay.unreachable", `The relay could not answer: ${answer.error.message}`);
  return refuseAsRelay(answer, id);
}

/** The same, opened with the key of its metadata. */
export async function fetchFile(
  account: Account,
  { id, secretKey }: { readonly id: string; readonly secretKey: string },
): Promise<Outcome<FetchedFile>> {
  const wire = await fetchWireFile(account, id);
  if (!wire.ok) return wire;
  const { encryptedProperties, cipherHash } = wire.value;
  const opened = openFileMetadata(account.crypto, { encryptedProperties, secretKey });
  if (!opened.ok) return opened;
  const { properties, seal } = opened.value;
  return allow({
    record: fileRecord(account.self, wire.value, properties),
    secret: { secretKey, cipherHash, ...seal },
  });
}

/** The relay's refusal of a call about a File. */
export function refuseAsRelay({ status, error }: Extract<Answer, { ok: false }>, id: string): Outcome<never> {
  const code = status === 404 ? "error.platform.recordNotFound" : error.code;
  return refuse(isCode(code) ? code : "relay.refused", error.message, { id });
}
