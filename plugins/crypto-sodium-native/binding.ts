import { createRequire } from "node:module";

/** What this plugin needs of sodium-native@5. Results go into the buffers that come first. */
export interface SodiumNative {
  crypto_sign_seed_keypair(publicKey: Uint8Array, privateKey: Uint8Array, seed: Uint8Array): void;
  crypto_sign_detached(signature: Uint8Array, message: Uint8Array, privateKey: Uint8Array): void;
  crypto_sign_verify_detached(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
  crypto_kx_seed_keypair(publicKey: Uint8Array, privateKey: Uint8Array, seed: Uint8Array): void;
  crypto_kx_client_session_keys: SessionKeys;
  crypto_kx_server_session_keys: SessionKeys;
  crypto_aead_xchacha20poly1305_ietf_encrypt(
    ciphertext: Uint8Array,
    message: Uint8Array,
    associated: Uint8Array | null,
    secretNonce: null,
    nonce: Uint8Array,
    key: Uint8Array,
  ): number;
  crypto_aead_xchacha20poly1305_ietf_decrypt(
    message: Uint8Array,
    secretNonce: null,
    ciphertext: Uint8Array,
    associated: Uint8Array | null,
    nonce: Uint8Array,
    key: Uint8Array,
  ): number;
  crypto_kdf_derive_from_key(derived: Uint8Array, id: number, context: Uint8Array, base: Uint8Array): void;
  crypto_pwhash_async(
    hash: Uint8Array,
    password: Uint8Array,
    salt: Uint8Array,
    passes: number,
    memoryBytes: number,
    algorithm: number,
  ): Promise<void>;
  readonly crypto_pwhash_ALG_ARGON2ID13: number;
}

type SessionKeys = (
  rx: Uint8Array,
  tx: Uint8Array,
  ownPublicKey: Uint8Array,
  ownPrivateKey: Uint8Array,
  peerPublicKey: Uint8Array,
) => void;

/** Loads the binding; throws when it is not installed or has no build for this machine. */
export function loadSodiumNative(): SodiumNative {
  return createRequire(import.meta.url)("sodium-native") as SodiumNative;
}
