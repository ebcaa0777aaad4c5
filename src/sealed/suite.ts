import type { Crypto } from "../ports/crypto.ts";
import type { Entropy } from "../ports/entropy.ts";

/** What sealing needs: the primitives, and the randomness for keys and nonces. */
export interface Suite {
  readonly crypto: Crypto;
  readonly entropy: Entropy;
}

/** The one algorithm id of ciphers, keys and exchanges (spec/backbone-protocol.md 10). */
export const suiteId = 3;

/** Lengths in bytes. */
export const publicKeyBytes = 32;
/** Of an exchange key; a signing key has 64. */
export const secretKeyBytes = 32;
/** Of a key pair's seed. */
export const seedBytes = 32;
/** Of a nonce. */
export const nonceBytes = 24;
/** Of a signature. */
export const signatureBytes = 64;
