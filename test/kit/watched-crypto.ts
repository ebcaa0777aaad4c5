import type { CryptoPort } from "rapport/core";

/** What `watchedCrypto` saw. */
export interface CryptoWatch {
  readonly encryptions: number;
  /** Nonces that were used twice under one key for different plaintexts; must stay empty (C2). */
  readonly reused: readonly string[];
}

/** The crypto, and a watch that remembers every (key, nonce) pair it encrypts with. One watch may see several cryptos. */
export function watchedCrypto(): { readonly watch: CryptoWatch; wrap(crypto: CryptoPort): CryptoPort } {
  const textByPair = new Map<string, string>();
  const reused: string[] = [];
  const watch: CryptoWatch = {
    get encryptions() {
      return textByPair.size;
    },
    reused,
  };
  const wrap = (crypto: CryptoPort): CryptoPort => ({
    ...crypto,
    cipher: {
      ...crypto.cipher,
      encrypt: (...given) => {
        const [plaintext, nonce, key, associated] = given;
        const text = `${latin(plaintext)}|${associated === undefined ? "" : latin(associated)}`;
        const pair = `${latin(key)}|${latin(nonce)}`;
        const known = textByPair.get(pair);
        if (known !== undefined && known !== text) reused.push(Buffer.from(nonce).toString("hex"));
        textByPair.set(pair, text);
        return crypto.cipher.encrypt(...given);
      },
    },
  });
  return { watch, wrap };
}

function latin(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}
