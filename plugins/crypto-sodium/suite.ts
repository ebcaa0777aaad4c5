import { hash } from "node:crypto";
import library from "libsodium-wrappers";
import type { Cipher, CryptoPort, Exchange, Hashing, Signing } from "rapport/core";
import { createPasswordWorker } from "./password-worker.ts";

const signatureBytes = 64;
const publicKeyBytes = 32;
const tagBytes = 16;

/** The suite; `open` waits for the WebAssembly module, disposing ends the worker thread. */
export function createSodium(): CryptoPort & AsyncDisposable {
  const passwords = createPasswordWorker();
  return {
    open: () => library.ready,
    signing,
    exchange,
    cipher,
    hashing: { ...hashing, password: passwords.hash },
    [Symbol.asyncDispose]: passwords.close,
  };
}

const signing: Signing = {
  keyPair: (seed) => library.crypto_sign_seed_keypair(seed),
  sign: (message, privateKey) => library.crypto_sign_detached(message, privateKey),
  verify: (message, signature, publicKey) =>
    signature.length === signatureBytes &&
    publicKey.length === publicKeyBytes &&
    library.crypto_sign_verify_detached(signature, message, publicKey),
};

const exchange: Exchange = {
  keyPair: (seed) => library.crypto_kx_seed_keypair(seed),
  asClient(own, peerPublicKey) {
    const keys = library.crypto_kx_client_session_keys(own.publicKey, own.privateKey, peerPublicKey);
    return { rx: keys.sharedRx, tx: keys.sharedTx };
  },
  asServer(own, peerPublicKey) {
    const keys = library.crypto_kx_server_session_keys(own.publicKey, own.privateKey, peerPublicKey);
    return { rx: keys.sharedRx, tx: keys.sharedTx };
  },
};

const cipher: Cipher = {
  encrypt: (plaintext, nonce, key, associated) =>
    library.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, associated ?? null, null, nonce, key),
  decrypt(ciphertext, nonce, key, associated) {
    if (ciphertext.length < tagBytes) return undefined;
    try {
      return library.crypto_aead_xchacha20poly1305_ietf_decrypt(null, ciphertext, associated ?? null, nonce, key);
    } catch (problem) {
      // A tag that does not match is an Error; a key or nonce of the wrong length is a TypeError, and ours.
      if (problem instanceof TypeError) throw problem;
      return undefined;
    }
  },
};

const hashing: Omit<Hashing, "password"> = {
  sha256: (bytes) => digest("sha256", bytes),
  sha512: (bytes) => digest("sha512", bytes),
  derive: (base, id, context) => library.crypto_kdf_derive_from_key(32, BigInt(id), context, base),
};

function digest(name: string, bytes: Uint8Array): Uint8Array {
  // A plain view: `slice` of a Buffer does not copy, and nobody behind the port expects that.
  const { buffer, byteOffset, byteLength } = hash(name, bytes, "buffer");
  return new Uint8Array(buffer, byteOffset, byteLength);
}
