// C1, design.md 6. Secrets in the store are ciphertexts; each is bound to its document's id.
import { fault } from "../errors/rapport-error.ts";
import { type Outcome, refuse } from "../errors/refusal.ts";
import { fromBase64Url, fromUtf8, toBase64Url, utf8 } from "../model/bytes.ts";
import type { JsonObject } from "../model/json.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Store } from "../ports/store.ts";
import { broken, bytesOf, malformed, parseObject } from "./shape.ts";
import { nonceBytes, type Suite } from "./suite.ts";

/** A secret as the store holds it. `keyId` tells a wrong store key from a changed document; it opens nothing. */
export type SealedSecret = { readonly keyId: string; readonly nonce: string; readonly sealed: string };

const keyIds = new WeakMap<Uint8Array, string>();

const storeKeyBytes = 32;
const askedKeys = new WeakMap<Store, Promise<Uint8Array>>();

/**
 * The key of an opened store. An engine and a relay that share one store and ask at the same time get one key, because a
 * store that is asked twice at its first start could make two. Throws `store.keyMissing` when the store keeps none.
 */
export async function storeKeyOf({ store, entropy }: Pick<Suite, "entropy"> & { store: Store }): Promise<Uint8Array> {
  const asked = askedKeys.get(store);
  if (asked !== undefined) return asked;
  if (store.sealKey === undefined) {
    throw fault("store.keyMissing", "This store keeps no key, so it cannot hold secrets.");
  }
  const asking = store.sealKey(() => entropy.bytes(storeKeyBytes)).finally(() => askedKeys.delete(store));
  askedKeys.set(store, asking);
  return asking;
}

/** Seals a secret under the store key (32 bytes) with the document's id authenticated. */
export function sealSecret(
  { crypto, entropy }: Suite,
  {
    storeKey,
    documentId,
    secret,
  }: { readonly storeKey: Uint8Array; readonly documentId: string; readonly secret: JsonObject },
): SealedSecret {
  const nonce = entropy.bytes(nonceBytes);
  const sealed = crypto.cipher.encrypt(utf8(JSON.stringify(secret)), nonce, storeKey, utf8(documentId));
  return { keyId: keyIdOf(crypto, storeKey), nonce: toBase64Url(nonce), sealed: toBase64Url(sealed) };
}

/** Opens what `sealSecret` gave for the same document id; refuses with `store.keyWrong` or `seal.broken`. */
export function openSecret(
  { crypto }: Pick<Suite, "crypto">,
  {
    storeKey,
    documentId,
    document,
  }: { readonly storeKey: Uint8Array; readonly documentId: string; readonly document: JsonObject },
): Outcome<JsonObject> {
  const { keyId, nonce, sealed } = document;
  const nonceRead = bytesOf(nonce, nonceBytes);
  const ciphertext = typeof sealed === "string" ? fromBase64Url(sealed) : undefined;
  if (nonceRead === undefined || ciphertext === undefined || typeof keyId !== "string") return malformed("secret");
  if (keyId !== keyIdOf(crypto, storeKey)) {
    return refuse("store.keyWrong", "The store key does not open the secrets of this store. Use the right one.");
  }
  const plaintext = crypto.cipher.decrypt(ciphertext, nonceRead, storeKey, utf8(documentId));
  if (plaintext === undefined) return broken("secret");
  const secret = parseObject(fromUtf8(plaintext) ?? "");
  return secret === undefined ? malformed("secret") : { ok: true, value: secret };
}

/** Derived one-way, and remembered: every secret of an account asks for it. */
function keyIdOf(crypto: Crypto, storeKey: Uint8Array): string {
  const known = keyIds.get(storeKey);
  if (known !== undefined) return known;
  const id = toBase64Url(crypto.hashing.derive(storeKey, 1, "STOREKEY").subarray(0, 9));
  keyIds.set(storeKey, id);
  return id;
}
