/**
 * The primitives of the protocol's one suite (spec/backbone-protocol.md 10). All lengths are in bytes. Everything is
 * deterministic: seeds and nonces come from `Entropy`. Implementations pass every vector of the contract kit.
 */
export interface Crypto {
  /** Loads what must be loaded; called once, before anything else. */
  open(): Promise<void>;
  readonly signing: Signing;
  readonly exchange: Exchange;
  readonly cipher: Cipher;
  readonly hashing: Hashing;
}

/** `privateKey` is 64 bytes for signing (seed, then public key) and 32 for exchange. */
export interface KeyPair {
  readonly publicKey: Uint8Array;
  readonly privateKey: Uint8Array;
}

/** Ed25519. */
export interface Signing {
  keyPair(seed: Uint8Array): KeyPair;
  sign(message: Uint8Array, privateKey: Uint8Array): Uint8Array;
  verify(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean;
}

/** X25519 session keys, libsodium's `crypto_kx`. `asClient` and `asServer` throw on a public key of small order. */
export interface Exchange {
  keyPair(seed: Uint8Array): KeyPair;
  asClient(own: KeyPair, peerPublicKey: Uint8Array): { readonly rx: Uint8Array; readonly tx: Uint8Array };
  asServer(own: KeyPair, peerPublicKey: Uint8Array): { readonly rx: Uint8Array; readonly tx: Uint8Array };
}

/** XChaCha20-Poly1305-IETF, combined mode; nonce 24, key 32. `decrypt` gives undefined when the tag does not match. */
export interface Cipher {
  encrypt(plaintext: Uint8Array, nonce: Uint8Array, key: Uint8Array, associated?: Uint8Array): Uint8Array;
  decrypt(ciphertext: Uint8Array, nonce: Uint8Array, key: Uint8Array, associated?: Uint8Array): Uint8Array | undefined;
}

/** `derive` is `crypto_kdf_derive_from_key` (32 bytes out, 8-character context); `password` is Argon2id v1.3. */
export interface Hashing {
  sha256(bytes: Uint8Array): Uint8Array;
  sha512(bytes: Uint8Array): Uint8Array;
  derive(base: Uint8Array, id: number, context: string): Uint8Array;
  password(password: Uint8Array, salt: Uint8Array, cost: PasswordCost): Promise<Uint8Array>;
}

/** Argon2id: passes over the memory, and its size in bytes. */
export interface PasswordCost {
  readonly passes: number;
  readonly memoryBytes: number;
}
