// Messages (spec/backbone-protocol.md 10.4). C1: what does not match its author is refused. C2: see `counter`.
import { type Outcome, refuse } from "../errors/refusal.ts";
import { toBase64Url, utf8 } from "../model/bytes.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { Crypto } from "../ports/crypto.ts";
import { type RelationshipSecrets, receiveChannel, sendChannel } from "./channels.ts";
import { decrypt, decryptCounted, encrypt, encryptCounted } from "./cipher.ts";
import { ownBytes } from "./keys.ts";
import { isObject, malformed, parseEncoded, parseObject, parseShallow, secretKeyOf } from "./shape.ts";
import { readSignature, sign } from "./signature.ts";
import { type Suite, secretKeyBytes, suiteId } from "./suite.ts";

/** A file as a message names it: its metadata key, base64url, and where it lies. */
export type Attachment = { readonly id: string; readonly secretKey: string; readonly backboneBaseUrl?: string };

/** What a message says, without who sent it: the relay says that, and the signature proves it. */
export type MessageText = {
  readonly content: JsonObject;
  readonly createdAt: string;
  readonly attachments: readonly Attachment[];
  readonly recipients: readonly string[];
};

/** One recipient. `counter` was persisted before and is never used again with these secrets; the first one is 1. */
export type MessageRecipient = {
  readonly address: string;
  readonly secrets: RelationshipSecrets;
  readonly counter: number;
};

/** What is sent to the relay. */
export type SealedMessage = {
  readonly body: string;
  readonly recipients: readonly { readonly address: string; readonly encryptedKey: string }[];
};

const what = "Message";

/** Seals a message for its recipients. Refuses with `seal.counterExhausted` when a counter is too large. */
export function sealMessage(
  suite: Suite,
  message: {
    readonly content: JsonObject;
    readonly createdAt: string;
    readonly attachments: readonly Attachment[];
    readonly recipients: readonly MessageRecipient[];
  },
): Outcome<SealedMessage> {
  const key = suite.entropy.bytes(secretKeyBytes);
  const keyJson = `{"key":"${toBase64Url(key)}","alg":${suiteId}}`;
  const wrapper =
    `{"@type":"MessageContentWrapper","attachments":[${message.attachments.map(attachmentJson).join()}],` +
    `"content":${JSON.stringify(message.content)},"createdAt":${JSON.stringify(message.createdAt)},` +
    `"recipients":${JSON.stringify(message.recipients.map(({ address }) => address))}}`;
  const bytes = utf8(wrapper);
  const signatures: string[] = [];
  const recipients: { address: string; encryptedKey: string }[] = [];
  for (const { address, secrets, counter } of message.recipients) {
    const cipher = encryptCounted(suite.crypto, keyJson, sendChannel(secrets), { counter, typed: true });
    if (!cipher.ok) return cipher;
    recipients.push({ address, encryptedKey: toBase64Url(utf8(cipher.value)) });
    const signature = sign(suite.crypto, bytes, { privateKey: ownBytes(secrets.signature.privateKey), label: 1 });
    signatures.push(`{"recipient":${JSON.stringify(address)},"signature":${JSON.stringify(signature)}}`);
  }
  const signed = `{"@type":"MessageSigned","message":${JSON.stringify(wrapper)},"signatures":[${signatures.join()}]}`;
  return { ok: true, value: { body: toBase64Url(utf8(encrypt(suite, signed, key, true))), recipients } };
}

/** Opens a message as the recipient `self`, with the secrets of the Relationship with its sender. */
export function openMessage(
  crypto: Crypto,
  sealed: { readonly body: string; readonly encryptedKey: string },
  { self, secrets }: { readonly self: string; readonly secrets: RelationshipSecrets },
): Outcome<MessageText> {
  const keyCipher = parseEncoded(sealed.encryptedKey);
  const body = parseEncoded(sealed.body);
  if (keyCipher === undefined || body === undefined) return malformed(what);
  const keyJson = decryptCounted(crypto, keyCipher, receiveChannel(secrets), what);
  if (!keyJson.ok) return keyJson;
  const key = secretKeyOf(parseObject(keyJson.value), what);
  if (!key.ok) return key;
  const text = decrypt(crypto, body, key.value, what);
  if (!text.ok) return text;
  const signed = parseObject(text.value);
  const wrapperText = signed?.["message"];
  if (typeof wrapperText !== "string") return malformed(what);
  const verified = verifyOwnEntry(crypto, wrapperText, {
    signatures: signed?.["signatures"],
    self,
    key: ownBytes(secrets.peerSignatureKey),
  });
  return verified.ok ? readWrapper(wrapperText, self) : verified;
}

function verifyOwnEntry(
  crypto: Crypto,
  wrapperText: string,
  by: { readonly signatures: Json | undefined; readonly self: string; readonly key: Uint8Array },
): Outcome<undefined> {
  if (!Array.isArray(by.signatures)) return malformed(what);
  const entries = by.signatures as readonly Json[];
  const own = entries.filter(isObject).find(({ recipient }) => recipient === by.self);
  if (own === undefined) {
    return refuse("error.transport.messages.signatureListMismatch", "The Message is not signed for this recipient.");
  }
  if (typeof own["signature"] !== "string") return malformed(what);
  const signature = readSignature(parseObject(own["signature"]), what);
  if (!signature.ok) return signature;
  if (!crypto.signing.verify(utf8(wrapperText), signature.value, by.key)) {
    return refuse("error.transport.messages.signatureNotValid", "The Message was not signed by its sender.");
  }
  return { ok: true, value: undefined };
}

function readWrapper(text: string, self: string): Outcome<MessageText> {
  const wrapper = parseShallow(text);
  if (wrapper === undefined) return malformed(what);
  const { content, createdAt } = wrapper;
  const recipients = textsOf(wrapper["recipients"]);
  const attachments = attachmentsOf(wrapper["attachments"]);
  if (!isObject(content) || typeof createdAt !== "string" || recipients === undefined) return malformed(what);
  if (!recipients.includes(self)) {
    const message = "The Message does not name this recipient; it was written for others.";
    return refuse("error.transport.messages.ownAddressNotInList", message);
  }
  if (!attachments.ok) return attachments;
  return { ok: true, value: { content, createdAt, attachments: attachments.value, recipients } };
}

function attachmentJson({ id, secretKey, backboneBaseUrl }: Attachment): string {
  const base = backboneBaseUrl === undefined ? "" : `"backboneBaseUrl":${JSON.stringify(backboneBaseUrl)},`;
  return `{${base}"id":${JSON.stringify(id)},"key":{"key":"${secretKey}","alg":${suiteId}}}`;
}

function attachmentsOf(value: Json | undefined): Outcome<Attachment[]> {
  if (value === undefined) return { ok: true, value: [] };
  if (!Array.isArray(value)) return malformed(what);
  const attachments: Attachment[] = [];
  for (const entry of value as readonly Json[]) {
    if (!isObject(entry) || typeof entry["id"] !== "string") return malformed(what);
    const key = secretKeyOf(entry["key"], what);
    if (!key.ok) return key;
    const { id, backboneBaseUrl } = entry;
    const attachment = { id, secretKey: toBase64Url(key.value) };
    attachments.push(typeof backboneBaseUrl === "string" ? { ...attachment, backboneBaseUrl } : attachment);
  }
  return { ok: true, value: attachments };
}

function textsOf(value: Json | undefined): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const texts = (value as readonly Json[]).filter((entry) => typeof entry === "string");
  return texts.length === value.length ? texts : undefined;
}
