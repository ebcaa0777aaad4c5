// What the relay says about a File that an item is about: questions, and their answers as `known` holds them.
import type { JsonObject } from "../model/json.ts";
import { isObject } from "../model/shape.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { ItemInfo, RelayCall } from "../ports/item-kind.ts";
import { type FileProperties, type FileSeal, openFileMetadata } from "../sealed/file.ts";
import type { Reference } from "../sealed/reference.ts";
import type { WireFile } from "../wire/shapes.ts";

/** A File as the relay shows it now, opened. */
export interface SeenFile {
  readonly wire: WireFile;
  readonly properties: FileProperties;
  readonly seal: FileSeal;
}

const sightKey = (id: string) => `relay/files/${id}`;
const tokenKey = (id: string) => `relay/ownership/${id}`;

/** The question what a File is. */
export function lookFor(id: string): RelayCall {
  return { key: sightKey(id), operation: "getFile", params: { id } };
}

/** The question whether a token is right. Only the owner may ask it: asked by others, a wrong one locks the File. */
export function tokenLook(id: string, ownershipToken: string): RelayCall {
  return { key: tokenKey(id), operation: "validateFileOwnershipToken", params: { id }, body: { ownershipToken } };
}

/** True when the relay called the token right. */
export function tokenAnswer({ known }: ItemInfo, id: string): boolean {
  const answer = resultIn(known.get(tokenKey(id)));
  return answer?.["isValid"] === true;
}

/** The File, or why it cannot be had, as a sentence. */
export function seenFile(crypto: Crypto, { id, secretKey }: Reference, { known }: ItemInfo): SeenFile | string {
  const wire = resultIn(known.get(sightKey(id))) as WireFile | undefined;
  if (wire === undefined) return `The File ${id} cannot be loaded: it has expired, or was deleted.`;
  const opened = openFileMetadata(crypto, { encryptedProperties: wire.encryptedProperties, secretKey });
  return opened.ok ? { wire, ...opened.value } : `The File ${id} cannot be opened: ${opened.refusal.message}`;
}

function resultIn(answer: JsonObject | undefined): JsonObject | undefined {
  const result = answer?.["ok"] === true ? answer["result"] : undefined;
  return isObject(result) ? result : undefined;
}

/** True when a File has expired; at the very instant it has. */
export function isOver(expiresAt: string | undefined, now: string): boolean {
  return expiresAt !== undefined && Date.parse(expiresAt) <= Date.parse(now);
}
