import type { CryptoPort } from "rapport/core";

/** Remembers every pair of key and nonce that suites encrypted with (C2). One watch may see several suites. */
export interface NonceWatch {
  /** How many pairs it has seen; those of the watch it was forked from do not count. */
  readonly encryptions: number;
  /** Nonces, in hexadecimal, that one key used for two different plaintexts; empty when all is well. */
  readonly repeats: readonly string[];
  /** The suite, watched. */
  wrap(crypto: CryptoPort): CryptoPort;
  /** Another watch that knows the pairs and the repeats of this one; from here on they go separate ways. */
  fork(): NonceWatch;
}

/** Makes a watch that has seen nothing. The same plaintext encrypted again in the same way is no repeat. */
export function watchNonces(): NonceWatch {
  return watchAfter(new Map(), []);
}

function watchAfter(earlier: ReadonlyMap<string, string>, repeatsBefore: readonly string[]): NonceWatch {
  const textByPair = new Map<string, string>();
  const repeats = [...repeatsBefore];
  const note = (pair: string, text: string, nonce: Uint8Array) => {
    const known = textByPair.get(pair) ?? earlier.get(pair);
    if (known !== undefined && known !== text) repeats.push(Buffer.from(nonce).toString("hex"));
    textByPair.set(pair, text);
  };
  return {
    get encryptions() {
      return textByPair.size;
    },
    repeats,
    wrap: (crypto) => ({
      ...crypto,
      cipher: {
        ...crypto.cipher,
        encrypt: (...given) => {
          const [plaintext, nonce, key, associated] = given;
          note(`${latin(key)}|${latin(nonce)}`, `${latin(plaintext)}|${latin(associated)}`, nonce);
          return crypto.cipher.encrypt(...given);
        },
      },
    }),
    fork: () => watchAfter(new Map([...earlier, ...textByPair]), repeats),
  };
}

function latin(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? "" : Buffer.from(bytes).toString("latin1");
}
