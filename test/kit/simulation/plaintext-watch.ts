// C1: what the relay is told and keeps holds no plaintext and no key of an engine.
import type { CryptoPort, KeyPair } from "rapport/core";

/** Stands in every text that people write; nothing else says it. */
export const markerWord = "Xq9Zw7PrivateVk3Jp5";

/** Looks at everything that goes to the relay. */
export interface PlaintextWatch {
  /** The suite of engines, whose keys are noted. */
  wrap(crypto: CryptoPort): CryptoPort;
  /** Complains about plaintext and keys in these bytes. `what` says where they were found. */
  look(bytes: Uint8Array, what: string): void;
}

/** Makes one. `complain` hears a sentence for each leak. */
export function createPlaintextWatch(complain: (what: string) => void): PlaintextWatch {
  const keys = new Set<string>();
  const note = (bytes: Uint8Array) => keys.add(base64Of(bytes));
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
  const seek = (text: string, what: string, depth: number): void => {
    for (const [token] of text.matchAll(tokens)) {
      const plain = token.replaceAll("-", "+").replaceAll("_", "/");
      if (keys.has(plain)) complain(`C1: ${what} holds a secret key.`);
      // Sealed things are JSON in base64, which may have further such texts inside.
      if (depth < depthMax && plain.startsWith("ey")) seek(Buffer.from(plain, "base64").toString("latin1"), what, depth + 1);
    }
  };
  return {
    wrap: (crypto) => ({
      ...crypto,
      signing: { ...crypto.signing, keyPair: noted(crypto.signing.keyPair) },
      exchange: {
        keyPair: noted(crypto.exchange.keyPair),
        asClient: shared(crypto.exchange.asClient),
        asServer: shared(crypto.exchange.asServer),
      },
      cipher: {
        ...crypto.cipher,
        encrypt: (plaintext, nonce, key, associated) => {
          note(key);
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
      },
    }),
    look: (bytes, what) => {
      const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      if (markerForms.some((form) => whole.includes(form))) complain(`C1: ${what} holds a plaintext.`);
      seek(whole.toString("latin1"), what, 0);
    },
  };
}

const depthMax = 3;

// Texts that may be a key of 32 or 64 bytes, or have one inside.
const tokens = /[A-Za-z0-9+/_-]{43,}/g;

const base64Of = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64").replace(/=+$/, "");

// The word itself, and what is the same of its base64 wherever it begins in a group of three bytes.
const markerForms: readonly string[] = [
  markerWord,
  ...[0, 1, 2].map((before) => {
    const text = Buffer.from(`${"x".repeat(before)}${markerWord}`).toString("base64").replace(/=+$/, "");
    return text.slice(before === 0 ? 0 : 4, Math.floor(((before + markerWord.length) * 4) / 3) - 1);
  }),
];
