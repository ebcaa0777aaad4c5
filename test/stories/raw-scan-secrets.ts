// Every secret that passes through a suite: what no file, log line or event may show.
import type { CryptoPort, KeyPair } from "rapport/core";

/** The secrets seen so far. `keys` are those of key pairs and channels, the rest are keys of ciphers and passwords. */
export interface Secrets {
  wrap(crypto: CryptoPort): CryptoPort;
  /** Secrets that belong to one party alone and are never part of a reference. */
  readonly keys: ReadonlySet<string>;
  readonly all: ReadonlySet<string>;
}

/** Notes every private key, shared key, cipher key and device password. */
export function noteSecrets(): Secrets {
  const keys = new Set<string>();
  const all = new Set<string>();
  const note = (bytes: Uint8Array, into = keys) => {
    into.add(Buffer.from(bytes).toString("base64"));
    all.add(Buffer.from(bytes).toString("base64"));
  };
  const noted = (make: (seed: Uint8Array) => KeyPair) => (seed: Uint8Array) => {
    const pair = make(seed);
    note(seed);
    note(pair.privateKey);
    return pair;
  };
  const shared = (exchange: CryptoPort["exchange"]["asClient"]) => (own: KeyPair, peer: Uint8Array) => {
    const { rx, tx } = exchange(own, peer);
    note(rx);
    note(tx);
    return { rx, tx };
  };
  const wrap = (crypto: CryptoPort): CryptoPort => ({
    open: crypto.open,
    signing: { ...crypto.signing, keyPair: noted(crypto.signing.keyPair) },
    exchange: {
      keyPair: noted(crypto.exchange.keyPair),
      asClient: shared(crypto.exchange.asClient),
      asServer: shared(crypto.exchange.asServer),
    },
    cipher: {
      ...crypto.cipher,
      encrypt: (plaintext, nonce, key, associated) => {
        note(key, all);
        return crypto.cipher.encrypt(plaintext, nonce, key, associated);
      },
    },
    hashing: {
      ...crypto.hashing,
      derive: (base, id, context) => {
        const key = crypto.hashing.derive(base, id, context);
        note(key);
        return key;
      },
      // The relay hashes "<salt>.<device password>".
      sha512: (bytes) => {
        const text = Buffer.from(bytes);
        const dot = text.indexOf(".");
        if (dot > 0 && dot < 40) note(text.subarray(dot + 1));
        return crypto.hashing.sha512(bytes);
      },
    },
  });
  return { wrap, keys, all };
}

/** Which of the secrets are in the bytes: as they are, in base64 of either alphabet, or in hexadecimal. */
export function secretsIn(bytes: Buffer, secrets: ReadonlySet<string>): string[] {
  return [...secrets].filter((secret) => {
    const raw = Buffer.from(secret, "base64");
    const forms = [raw.toString("base64").replace(/=+$/, ""), raw.toString("base64url"), raw.toString("hex")];
    return bytes.includes(raw) || forms.some((form) => bytes.includes(form));
  });
}
