import { Bug } from "../errors/bug.ts";
import type { Outcome } from "../errors/refusal.ts";
import { fromBase64Url, toBase64Url, utf8 } from "../model/bytes.ts";
import type { KeyPair } from "../ports/crypto.ts";
import type { Entropy } from "../ports/entropy.ts";
import { malformed, parseEncoded, publicKeyOf } from "./shape.ts";
import { type Suite, secretKeyBytes, seedBytes, suiteId } from "./suite.ts";

/** A key pair as it is kept in sealed secrets: both halves base64url. */
export type StoredKeyPair = { readonly publicKey: string; readonly privateKey: string };

/** A new Ed25519 pair: of an identity or of a device. */
export function newSigningKeyPair({ crypto, entropy }: Suite): StoredKeyPair {
  return storedPair(crypto.signing.keyPair(entropy.bytes(seedBytes)));
}

/** A new X25519 pair: of a template. */
export function newExchangeKeyPair({ crypto, entropy }: Suite): StoredKeyPair {
  return storedPair(crypto.exchange.keyPair(entropy.bytes(seedBytes)));
}

/** A new key for the cipher, base64url. */
export function newSecretKey(entropy: Entropy): string {
  return toBase64Url(entropy.bytes(secretKeyBytes));
}

/** The public key of an identity as requests to the relay carry it (spec/backbone-protocol.md 4.2). */
export function writePublicKey(publicKey: string): string {
  return toBase64Url(utf8(`{"pub":"${publicKey}","alg":${suiteId},"@type":"CryptoSignaturePublicKey"}`));
}

/** The public key, base64url, in what `writePublicKey` wrote. */
export function readPublicKey(text: string): Outcome<string> {
  const object = parseEncoded(text);
  if (object === undefined) return malformed("public key");
  const key = publicKeyOf(object, "public key");
  return key.ok ? { ok: true, value: toBase64Url(key.value) } : key;
}

/** The pair as base64url texts. */
export function storedPair(pair: KeyPair): StoredKeyPair {
  return { publicKey: toBase64Url(pair.publicKey), privateKey: toBase64Url(pair.privateKey) };
}

/** The pair as bytes. */
export function openPair(stored: StoredKeyPair): KeyPair {
  return { publicKey: ownBytes(stored.publicKey), privateKey: ownBytes(stored.privateKey) };
}

/** The bytes of a text that we wrote ourselves. */
export function ownBytes(text: string): Uint8Array {
  const bytes = fromBase64Url(text);
  if (bytes === undefined) throw new Bug("a stored key is not base64url");
  return bytes;
}
