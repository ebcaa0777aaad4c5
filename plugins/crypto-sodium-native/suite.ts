import { hash } from "node:crypto";
import {
  type Cipher,
  type CryptoPort,
  type Exchange,
  fault,
  type Hashing,
  invariant,
  type Signing,
} from "rapport/core";
import { loadSodiumNative, type SodiumNative } from "./binding.ts";

const signatureBytes = 64;
const publicKeyBytes = 32;
const tagBytes = 16;

/** True when sodium-native is installed and loads on this machine. Loading happens once per process. */
export function isSodiumNativeInstalled(): boolean {
  try {
    loadSodiumNative();
    return true;
  } catch {
    return false;
  }
}

/** The suite; `open` loads the binding. */
export function createSodiumNative(): CryptoPort {
  let loaded: SodiumNative | undefined;
  const native = (): SodiumNative => {
    invariant(loaded !== undefined, "the crypto suite is used before open()");
    return loaded;
  };
  return {
    async open() {
      try {
        loaded ??= loadSodiumNative();
      } catch (cause) {
        throw fault("plugin.failed", "sodium-native does not load here. Install it, or use crypto-sodium.", { cause });
      }
    },
    signing: signingOf(native),
    exchange: exchangeOf(native),
    cipher: cipherOf(native),
    hashing: hashingOf(native),
  };
}

type Native = () => SodiumNative;

function signingOf(native: Native): Signing {
  return {
    keyPair(seed) {
      const pair = { publicKey: new Uint8Array(publicKeyBytes), privateKey: new Uint8Array(64) };
      native().crypto_sign_seed_keypair(pair.publicKey, pair.privateKey, seed);
      return pair;
    },
    sign(message, privateKey) {
      const signature = new Uint8Array(signatureBytes);
      native().crypto_sign_detached(signature, message, privateKey);
      return signature;
    },
    verify: (message, signature, publicKey) =>
      signature.length === signatureBytes &&
      publicKey.length === publicKeyBytes &&
      native().crypto_sign_verify_detached(signature, message, publicKey),
  };
}

function exchangeOf(native: Native): Exchange {
  return {
    keyPair(seed) {
      const pair = { publicKey: new Uint8Array(publicKeyBytes), privateKey: new Uint8Array(32) };
      native().crypto_kx_seed_keypair(pair.publicKey, pair.privateKey, seed);
      return pair;
    },
    asClient(own, peerPublicKey) {
      const keys = { rx: new Uint8Array(32), tx: new Uint8Array(32) };
      native().crypto_kx_client_session_keys(keys.rx, keys.tx, own.publicKey, own.privateKey, peerPublicKey);
      return keys;
    },
    asServer(own, peerPublicKey) {
      const keys = { rx: new Uint8Array(32), tx: new Uint8Array(32) };
      native().crypto_kx_server_session_keys(keys.rx, keys.tx, own.publicKey, own.privateKey, peerPublicKey);
      return keys;
    },
  };
}

function cipherOf(native: Native): Cipher {
  return {
    encrypt(plaintext, nonce, key, associated) {
      const ciphertext = new Uint8Array(plaintext.length + tagBytes);
      native().crypto_aead_xchacha20poly1305_ietf_encrypt(ciphertext, plaintext, associated ?? null, null, nonce, key);
      return ciphertext;
    },
    decrypt(ciphertext, nonce, key, associated) {
      if (ciphertext.length < tagBytes) return undefined;
      invariant(nonce.length === 24 && key.length === 32, "a nonce has 24 bytes and a key 32");
      const plaintext = new Uint8Array(ciphertext.length - tagBytes);
      try {
        native().crypto_aead_xchacha20poly1305_ietf_decrypt(
          plaintext,
          null,
          ciphertext,
          associated ?? null,
          nonce,
          key,
        );
        return plaintext;
      } catch {
        return undefined;
      }
    },
  };
}

function hashingOf(native: Native): Hashing {
  const contexts = new Map<string, Uint8Array>();
  return {
    sha256: (bytes) => digest("sha256", bytes),
    sha512: (bytes) => digest("sha512", bytes),
    derive(base, id, context) {
      const derived = new Uint8Array(32);
      native().crypto_kdf_derive_from_key(derived, id, contextBytes(contexts, context), base);
      return derived;
    },
    async password(password, salt, { passes, memoryBytes }) {
      const { crypto_pwhash_async, crypto_pwhash_ALG_ARGON2ID13 } = native();
      const hash = new Uint8Array(32);
      await crypto_pwhash_async(hash, password, salt, passes, memoryBytes, crypto_pwhash_ALG_ARGON2ID13);
      return hash;
    },
  };
}

/** The few contexts of the protocol are encoded once. */
function contextBytes(contexts: Map<string, Uint8Array>, context: string): Uint8Array {
  const known = contexts.get(context);
  if (known !== undefined) return known;
  const bytes = new TextEncoder().encode(context);
  if (contexts.size < 64) contexts.set(context, bytes);
  return bytes;
}

function digest(name: string, bytes: Uint8Array): Uint8Array {
  // A plain view: `slice` of a Buffer does not copy, and nobody behind the port expects that.
  const { buffer, byteOffset, byteLength } = hash(name, bytes, "buffer");
  return new Uint8Array(buffer, byteOffset, byteLength);
}
