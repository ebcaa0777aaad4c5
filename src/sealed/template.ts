// C1. The relay never holds a plaintext or a key that opens one; what does not match its author is refused.
import { type Outcome, refuse } from "../errors/refusal.ts";
import { toBase64Url, utf8 } from "../model/bytes.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { Crypto } from "../ports/crypto.ts";
import { isAddressOfBytes } from "./address.ts";
import { decrypt, encrypt } from "./cipher.ts";
import { newSecretKey, ownBytes } from "./keys.ts";
import { bytesOf, isObject, malformed, parseEncoded, parseObject, parseShallow, publicKeyOf } from "./shape.ts";
import { notSigned, readSignature, sign } from "./signature.ts";
import { type Suite, secretKeyBytes, suiteId } from "./suite.ts";

/** An identity as it is named inside sealed content; keys are base64url. */
export type IdentityName = { readonly address: string; readonly publicKey: string };

/** The public half of the exchange key that a template offers; its id begins with `TRPRTK`. */
export type TemplateKey = { readonly id: string; readonly publicKey: string };

/** What a template says to those who may open it. */
export type OpenedTemplate = {
  readonly content: JsonObject;
  readonly identity: IdentityName;
  readonly templateKey: TemplateKey;
};

/** Seals a template (spec/backbone-protocol.md 10.2). `secretKey` travels in references and never to the relay. */
export function sealTemplate(
  suite: Suite,
  template: {
    readonly content: JsonObject;
    readonly identity: IdentityName & { readonly privateKey: string };
    readonly templateKey: TemplateKey;
  },
): { readonly content: string; readonly secretKey: string } {
  const { content, identity, templateKey } = template;
  const wrapper =
    `{"@type":"RelationshipTemplateContentWrapper","content":${JSON.stringify(content)},` +
    `"identity":${identityJson(identity)},` +
    `"templateKey":{"id":${JSON.stringify(templateKey.id)},"pub":"${templateKey.publicKey}","alg":${suiteId}}}`;
  const signature = sign(suite.crypto, utf8(wrapper), { privateKey: ownBytes(identity.privateKey), label: 2 });
  const signed =
    `{"@type":"RelationshipTemplateSigned","deviceSignature":${signature},` +
    `"serializedTemplate":${JSON.stringify(wrapper)}}`;
  const secretKey = newSecretKey(suite.entropy);
  return { content: toBase64Url(utf8(encrypt(suite, signed, ownBytes(secretKey), true))), secretKey };
}

/** Opens a template that the relay says was made by `createdBy`; anything that does not fit is refused. */
export function openTemplate(
  crypto: Crypto,
  sealed: { readonly content: string; readonly secretKey: string },
  { createdBy }: { readonly createdBy: string },
): Outcome<OpenedTemplate> {
  const key = bytesOf(sealed.secretKey, secretKeyBytes);
  const cipher = parseEncoded(sealed.content);
  if (key === undefined || cipher === undefined) return malformed("template");
  const text = decrypt(crypto, cipher, key, "template");
  return text.ok ? readSigned(crypto, text.value, createdBy) : text;
}

/** The `identity` member of wrappers. */
export function identityJson({ address, publicKey }: IdentityName): string {
  return `{"address":${JSON.stringify(address)},"publicKey":{"pub":"${publicKey}","alg":${suiteId}}}`;
}

/** Reads the `identity` member: its address derives from its key and is the one that the relay named. */
export function readIdentity(
  crypto: Crypto,
  value: Json | undefined,
  { expected, what }: { readonly expected: string; readonly what: string },
): Outcome<IdentityName & { readonly keyBytes: Uint8Array }> {
  if (!isObject(value) || typeof value["address"] !== "string") return malformed(what);
  const key = publicKeyOf(value["publicKey"], what);
  if (!key.ok) return key;
  const { address } = value;
  if (address !== expected || !isAddressOfBytes(crypto, address, key.value)) {
    const message = `The ${what} names another identity than the one that made it. Do not trust it.`;
    return refuse("seal.addressMismatch", message, { expected });
  }
  return { ok: true, value: { address, publicKey: toBase64Url(key.value), keyBytes: key.value } };
}

function readSigned(crypto: Crypto, text: string, createdBy: string): Outcome<OpenedTemplate> {
  const signed = parseObject(text);
  const wrapperText = signed?.["serializedTemplate"];
  if (typeof wrapperText !== "string") return malformed("template");
  const signature = readSignature(signed?.["deviceSignature"], "template");
  if (!signature.ok) return signature;
  const wrapper = parseShallow(wrapperText);
  if (wrapper === undefined) return malformed("template");
  const identity = readIdentity(crypto, wrapper["identity"], { expected: createdBy, what: "template" });
  if (!identity.ok) return identity;
  const { address, publicKey, keyBytes } = identity.value;
  if (!crypto.signing.verify(utf8(wrapperText), signature.value, keyBytes)) return notSigned("template");
  const { content, templateKey } = wrapper;
  if (!isObject(content) || !isObject(templateKey) || typeof templateKey["id"] !== "string")
    return malformed("template");
  const offered = publicKeyOf(templateKey, "template");
  if (!offered.ok) return offered;
  const key = { id: templateKey["id"], publicKey: toBase64Url(offered.value) };
  return { ok: true, value: { content, identity: { address, publicKey }, templateKey: key } };
}
