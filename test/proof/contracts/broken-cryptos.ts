// Cryptographies that break one promise each, around libsodium.
import type { CryptoPort } from "rapport/core";
import { createSodium } from "rapport/plugins/crypto-sodium";
import type { Sample } from "./sample.ts";

type Wrap = (crypto: CryptoPort) => Partial<CryptoPort>;

const made = (wrap: Wrap) => (): CryptoPort => {
  const sodium = createSodium();
  // The parts are there once it is open.
  return {
    open: () => sodium.open(),
    get signing() {
      return wrap(sodium).signing ?? sodium.signing;
    },
    get exchange() {
      return wrap(sodium).exchange ?? sodium.exchange;
    },
    get cipher() {
      return wrap(sodium).cipher ?? sodium.cipher;
    },
    get hashing() {
      return wrap(sodium).hashing ?? sodium.hashing;
    },
  };
};

const shared = new Uint8Array(100_000);

/** Each with the sentences that it breaks. */
export const brokenCryptos: readonly Sample<ReturnType<typeof made>>[] = [
  {
    name: "a cipher that opens a ciphertext with a wrong tag, to nothing",
    subject: made(({ cipher }) => ({
      cipher: { ...cipher, decrypt: (...given) => cipher.decrypt(...given) ?? new Uint8Array(0) },
    })),
    breaks: [
      "a change of any byte of ciphertext, nonce, key or associated data gives undefined",
      "a ciphertext that is too short to hold a tag gives undefined",
    ],
  },
  {
    name: "a cipher that ignores the associated data",
    subject: made(({ cipher }) => ({
      cipher: {
        encrypt: (plain, nonce, key) => cipher.encrypt(plain, nonce, key),
        decrypt: (sealed, nonce, key) => cipher.decrypt(sealed, nonce, key),
      },
    })),
    breaks: ["a change of any byte of ciphertext, nonce, key or associated data gives undefined"],
  },
  {
    name: "a cipher that gives the same buffer again",
    subject: made(({ cipher }) => ({
      cipher: {
        ...cipher,
        encrypt: (...given) => {
          const sealed = cipher.encrypt(...given);
          shared.set(sealed);
          return shared.subarray(0, sealed.length);
        },
      },
    })),
    breaks: ["results are copies that later calls leave alone"],
  },
  {
    name: "a signature check that says yes to whatever has the right length",
    subject: made(({ signing }) => ({
      signing: { ...signing, verify: (_message, signature, key) => signature.length === 64 && key.length === 32 },
    })),
    breaks: ["what was signed verifies, and not for another message, signature or key"],
  },
  {
    name: "a derivation that takes the last 32 bits of an id",
    subject: made(({ hashing }) => ({
      hashing: { ...hashing, derive: (base, id, context) => hashing.derive(base, id % 2 ** 32, context) },
    })),
    breaks: ["ids over 32 bits give keys of their own"],
  },
];
