// Cryptography that keeps its laws and costs next to nothing. A ciphertext is a tag and the plaintext: whoever has the wrong
// key, nonce or associated bytes is refused as by the real suite, and equal inputs give equal bytes.
import { createHash } from "node:crypto";
import type { CryptoPort } from "rapport/core";

/** One encryption that took place: under which key and nonce, and what it gave. */
export interface Sealing {
  readonly under: string;
  readonly tag: string;
}

/** The suite of one process; `sealed` hears of every encryption (C2). */
export function createStandInCrypto(sealed: (sealing: Sealing) => void): CryptoPort {
  const exchangePair = (seed: Uint8Array) => ({ publicKey: digest("exchange", seed), privateKey: seed });
  return {
    open: async () => undefined,
    signing: {
      keyPair: (seed) => {
        const publicKey = digest("signing", seed);
        return { publicKey, privateKey: joined(seed, publicKey) };
      },
      sign: (message, privateKey) => signature(message, privateKey.subarray(32)),
      verify: (message, given, publicKey) => isSame(given, signature(message, publicKey)),
    },
    exchange: {
      keyPair: exchangePair,
      asClient: ({ publicKey }, peer) => ({ rx: shared(publicKey, peer, "rx"), tx: shared(publicKey, peer, "tx") }),
      asServer: ({ publicKey }, peer) => ({ rx: shared(peer, publicKey, "tx"), tx: shared(peer, publicKey, "rx") }),
    },
    cipher: {
      encrypt: (plaintext, nonce, key, associated = nothing) => {
        const tag = digest("tag", key, nonce, associated, plaintext).subarray(0, tagBytes);
        sealed({ under: text(digest("under", key, nonce)), tag: text(tag) });
        return joined(tag, plaintext);
      },
      decrypt: (ciphertext, nonce, key, associated = nothing) => {
        const plaintext = ciphertext.slice(tagBytes);
        const tag = digest("tag", key, nonce, associated, plaintext).subarray(0, tagBytes);
        return isSame(tag, ciphertext.subarray(0, tagBytes)) ? plaintext : undefined;
      },
    },
    hashing: {
      sha256: (bytes) => hashed("sha256", bytes),
      sha512: (bytes) => hashed("sha512", bytes),
      derive: (base, id, context) => digest(`derive ${id} ${context}`, base),
      password: async (password, salt) => digest("password", password, salt),
    },
  };
}

const nothing = new Uint8Array(0);
const tagBytes = 16;

function shared(client: Uint8Array, server: Uint8Array, way: string): Uint8Array {
  return digest(`shared ${way}`, client, server);
}

function signature(message: Uint8Array, publicKey: Uint8Array): Uint8Array {
  return hashed("sha512", joined(publicKey, message));
}

function digest(what: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash("sha256").update(what);
  // Lengths go along, so that no two lists of parts are one text.
  for (const part of parts) hash.update(`|${part.length}|`).update(part);
  return Uint8Array.from(hash.digest());
}

function hashed(algorithm: string, bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(createHash(algorithm).update(bytes).digest());
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
