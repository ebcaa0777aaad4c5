// The first half of the handshake (spec/backbone-protocol.md 10.3). C1: what does not match its author is refused.
import { type Outcome, refuse } from "../errors/refusal.ts";
import { toBase64Url, utf8 } from "../model/bytes.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { Crypto } from "../ports/crypto.ts";
import { creationKey, weakKey } from "./channels.ts";
import { decrypt, encrypt } from "./cipher.ts";
import { openPair, ownBytes, type StoredKeyPair, storedPair } from "./keys.ts";
import { bytesOf, isObject, malformed, parseEncoded, parseObject, parseShallow, publicKeyOf } from "./shape.ts";
import { notSigned, readSignature, sign } from "./signature.ts";
import { nonceBytes, type Suite, seedBytes, suiteId } from "./suite.ts";
import { type IdentityName, identityJson, readIdentity } from "./template.ts";

/** What the requestor keeps, sealed, until the answer comes; all base64url. */
export type RequestSecrets = {
  readonly exchange: StoredKeyPair;
  readonly signature: StoredKeyPair;
  readonly nonce: string;
};

/** The public half of a creation, which answering it needs; all base64url. Not secret. */
export type PublicRequest = {
  readonly exchangeKey: string;
  readonly signatureKey: string;
  readonly nonce: string;
};

/** What a creation says to the templator. */
export type OpenedCreation = {
  readonly content: JsonObject;
  readonly identity: IdentityName;
  readonly request: PublicRequest;
};

const what = "creation of a Relationship";

/** Seals the creation of a Relationship. Refuses when the template's key would keep no secret. */
export function sealCreation(
  suite: Suite,
  creation: {
    readonly content: JsonObject;
    readonly identity: IdentityName;
    readonly devicePrivateKey: string;
    readonly templateId: string;
    /** The public template key that the template offered. */
    readonly templateKey: string;
  },
): Outcome<{ readonly creationContent: string; readonly secrets: RequestSecrets }> {
  const { crypto, entropy } = suite;
  const exchange = crypto.exchange.keyPair(entropy.bytes(seedBytes));
  const ephemeral = crypto.exchange.keyPair(entropy.bytes(seedBytes));
  const signature = crypto.signing.keyPair(entropy.bytes(seedBytes));
  const nonce = toBase64Url(entropy.bytes(nonceBytes));
  const key = creationKey(crypto, "requestor", { own: ephemeral, peerKey: ownBytes(creation.templateKey) });
  if (key === undefined) return weakKey("template");

  const wrapper =
    `{"@type":"RelationshipCreationContentWrapper","content":${JSON.stringify(creation.content)},` +
    `"identity":${identityJson(creation.identity)},"templateId":${JSON.stringify(creation.templateId)}}`;
  const signed = signTwice(crypto, wrapper, {
    devicePrivateKey: creation.devicePrivateKey,
    relationshipKey: signature.privateKey,
    member: "serializedCreationContent",
  });
  const secrets = { exchange: storedPair(exchange), signature: storedPair(signature), nonce };
  const sealed =
    `{"@type":"RelationshipCreationContentCipher","cipher":${encrypt(suite, signed, key)},` +
    `"publicCreationContentCrypto":{"exc":${publicJson(secrets.exchange.publicKey)},` +
    `"sig":${publicJson(secrets.signature.publicKey)},` +
    `"eph":${publicJson(toBase64Url(ephemeral.publicKey))},"nnc":"${nonce}"}}`;
  return { ok: true, value: { creationContent: toBase64Url(utf8(sealed)), secrets } };
}

/** Opens a creation as the templator; refuses what is not from `from` or was made for another template. */
export function openCreation(
  crypto: Crypto,
  creationContent: string,
  expected: { readonly templateKey: StoredKeyPair; readonly templateId: string; readonly from: string },
): Outcome<OpenedCreation> {
  const sealed = parseEncoded(creationContent);
  if (sealed === undefined) return malformed(what);
  const request = readPublicRequest(sealed["publicCreationContentCrypto"]);
  if (!request.ok) return request;
  const { ephemeralKey, signatureKeyBytes, ...publicRequest } = request.value;
  const key = creationKey(crypto, "templator", { own: openPair(expected.templateKey), peerKey: ephemeralKey });
  if (key === undefined) return weakKey(what);
  const text = decrypt(crypto, sealed["cipher"], key, what);
  if (!text.ok) return text;
  const wrapper = openSigned(crypto, text.value, { member: "serializedCreationContent", key: signatureKeyBytes, what });
  if (!wrapper.ok) return wrapper;

  const { content, templateId } = wrapper.value;
  if (!isObject(content)) return malformed(what);
  const identity = readIdentity(crypto, wrapper.value["identity"], { expected: expected.from, what });
  if (!identity.ok) return identity;
  if (templateId !== expected.templateId) {
    return refuse("seal.broken", `The ${what} was made for another template. Do not trust it.`);
  }
  const { address, publicKey } = identity.value;
  return { ok: true, value: { content, identity: { address, publicKey }, request: publicRequest } };
}

/** The signed object of both halves: by the device, which the peer cannot verify, and by the Relationship's key. */
export function signTwice(
  crypto: Crypto,
  wrapper: string,
  by: { readonly devicePrivateKey: string; readonly relationshipKey: Uint8Array; readonly member: string },
): string {
  const bytes = utf8(wrapper);
  const device = sign(crypto, bytes, { privateKey: ownBytes(by.devicePrivateKey), label: 2 });
  const relationship = sign(crypto, bytes, { privateKey: by.relationshipKey, label: 1 });
  return `{"deviceSignature":${device},"relationshipSignature":${relationship},"${by.member}":${JSON.stringify(wrapper)}}`;
}

/** The wrapper inside a signed object whose relationship signature is by this key. */
export function openSigned(
  crypto: Crypto,
  text: string,
  by: { readonly member: string; readonly key: Uint8Array; readonly what: string },
): Outcome<JsonObject> {
  const signed = parseObject(text);
  const wrapperText = signed?.[by.member];
  if (typeof wrapperText !== "string") return malformed(by.what);
  const signature = readSignature(signed?.["relationshipSignature"], by.what);
  if (!signature.ok) return signature;
  if (!crypto.signing.verify(utf8(wrapperText), signature.value, by.key)) return notSigned(by.what);
  const wrapper = parseShallow(wrapperText);
  return wrapper === undefined ? malformed(by.what) : { ok: true, value: wrapper };
}

/** A `{ pub, alg }` member. */
export function publicJson(publicKey: string): string {
  return `{"pub":"${publicKey}","alg":${suiteId}}`;
}

function readPublicRequest(
  value: Json | undefined,
): Outcome<PublicRequest & { readonly ephemeralKey: Uint8Array; readonly signatureKeyBytes: Uint8Array }> {
  if (!isObject(value)) return malformed(what);
  const exchange = publicKeyOf(value["exc"], what);
  const signature = publicKeyOf(value["sig"], what);
  const ephemeral = publicKeyOf(value["eph"], what);
  if (!exchange.ok) return exchange;
  if (!signature.ok) return signature;
  if (!ephemeral.ok) return ephemeral;
  const nonce = bytesOf(value["nnc"], nonceBytes);
  if (nonce === undefined) return malformed(what);
  return {
    ok: true,
    value: {
      exchangeKey: toBase64Url(exchange.value),
      signatureKey: toBase64Url(signature.value),
      nonce: toBase64Url(nonce),
      ephemeralKey: ephemeral.value,
      signatureKeyBytes: signature.value,
    },
  };
}
