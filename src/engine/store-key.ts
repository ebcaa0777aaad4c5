// The store key opens the secrets of a store; a wrong one is noticed before anything is written (design.md 6).

import { fault } from "../errors/rapport-error.ts";
import { unwrap } from "../errors/refusal.ts";
import { storeKeyProofKey } from "../model/keys.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Entropy } from "../ports/entropy.ts";
import type { Store } from "../ports/store.ts";
import { openSecret, sealSecret, storeKeyOf } from "../sealed/at-rest.ts";

/** The key of an opened store. Throws `store.keyWrong` when it is not the one that sealed what is there. */
export async function openStoreKey(parts: { store: Store; crypto: Crypto; entropy: Entropy }): Promise<Uint8Array> {
  const { store } = parts;
  const storeKey = await storeKeyOf(parts);
  const kept = await store.get(storeKeyProofKey);
  if (kept === undefined) {
    const document = sealSecret(parts, { storeKey, documentId: storeKeyProofKey, secret: { proof: true } });
    const { ok } = await store.commit({ puts: [{ key: storeKeyProofKey, document, expect: "absent" }] });
    if (ok) return storeKey;
  }
  // Another process was faster, and may have another key.
  const proof = kept ?? (await store.get(storeKeyProofKey));
  if (proof === undefined) throw fault("store.unavailable", "The store does not show what was committed. Try again.");
  unwrap(openSecret(parts, { storeKey, documentId: storeKeyProofKey, document: proof.document }));
  return storeKey;
}
