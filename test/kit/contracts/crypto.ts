import fc from "fast-check";
import type { CryptoPort } from "rapport/core";
import { expect } from "vitest";
import { b64, bytes, changed, changes, pairOf, text64, utf8 } from "./crypto-bytes.ts";
import {
  cipherVector,
  counterPlaintext,
  counterVectors,
  derivationVectors,
  digestVectors,
  exchangeVector,
  passwordVectors,
  signatureVector,
} from "./crypto-vectors.ts";
import { type Law, type LawBook, registerLaws, type Waivers } from "./law.ts";

/** Public keys whose shared secret is the same for everybody (RFC 7748 and libsodium's list). */
const smallOrderKeys = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
  "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
] as const;

const signingLaws: readonly Law<CryptoPort>[] = [
  {
    law: "the signature vector is made and verified",
    check: ({ signing }) => {
      const { privateKey64, publicKey, messageUtf8, signature } = signatureVector;

      const signed = signing.sign(utf8(messageUtf8), b64(privateKey64));

      expect(text64(signed)).toBe(signature);
      expect(signing.verify(utf8(messageUtf8), signed, b64(publicKey))).toBe(true);
    },
  },

  {
    law: "the seed is the first half of the private key and determines the pair",
    check: ({ signing }) => {
      const { privateKey64, publicKey } = signatureVector;

      const pair = signing.keyPair(b64(privateKey64).subarray(0, 32));

      expect(text64(pair.privateKey)).toBe(privateKey64);
      expect(text64(pair.publicKey)).toBe(publicKey);
    },
  },

  {
    law: "what was signed verifies, and not for another message, signature or key",
    check: ({ signing }) => {
      fc.assert(
        fc.property(bytes(32), fc.uint8Array({ minLength: 1, maxLength: 200 }), changes, (seed, message, change) => {
          const pair = signing.keyPair(seed);
          const signature = signing.sign(message, pair.privateKey);

          expect(signing.verify(message, signature, pair.publicKey)).toBe(true);
          expect(signing.verify(changed(message, change), signature, pair.publicKey)).toBe(false);
          expect(signing.verify(message, changed(signature, change), pair.publicKey)).toBe(false);
          expect(signing.verify(message, signature, changed(pair.publicKey, change))).toBe(false);
        }),
        { numRuns: 40 },
      );
    },
  },

  {
    law: "a signature or key of another length does not verify, and nothing is thrown",
    check: ({ signing }) => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 100 }), fc.uint8Array({ maxLength: 100 }), (signature, key) => {
          expect(signing.verify(utf8("message"), signature, key)).toBe(false);
        }),
      );
    },
  },
];

const exchangeLaws: readonly Law<CryptoPort>[] = [
  {
    law: "the session-key vector holds for both sides",
    check: ({ exchange }) => {
      const { requestor, templator } = exchangeVector;

      const server = exchange.asServer(pairOf(requestor), b64(templator.pub));
      const client = exchange.asClient(pairOf(templator), b64(requestor.pub));

      expect([text64(server.rx), text64(server.tx)]).toEqual([requestor.rx, requestor.tx]);
      expect([text64(client.rx), text64(client.tx)]).toEqual([templator.rx, templator.tx]);
    },
  },

  {
    law: "what one side sends with is what the other receives with",
    check: ({ exchange }) => {
      fc.assert(
        fc.property(bytes(32), bytes(32), (one, other) => {
          const client = exchange.keyPair(one);
          const server = exchange.keyPair(other);

          const atClient = exchange.asClient(client, server.publicKey);
          const atServer = exchange.asServer(server, client.publicKey);

          expect(atClient.tx).toEqual(atServer.rx);
          expect(atClient.rx).toEqual(atServer.tx);
          expect(atClient.rx).not.toEqual(atClient.tx);
        }),
        { numRuns: 30 },
      );
    },
  },

  {
    law: "public keys of small order are refused",
    check: ({ exchange }) => {
      const own = exchange.keyPair(new Uint8Array(32).fill(7));
      for (const hex of smallOrderKeys) {
        const weak = Uint8Array.from(Buffer.from(hex, "hex"));

        expect(() => exchange.asClient(own, weak), hex).toThrow();
        expect(() => exchange.asServer(own, weak), hex).toThrow();
      }
    },
  },
];

const cipherVectorLaws: readonly Law<CryptoPort>[] = [
  {
    law: "the ciphertext vector is made and opened",
    check: ({ cipher }) => {
      const { key, nonce, plaintextUtf8, cipher: expected } = cipherVector;

      expect(text64(cipher.encrypt(utf8(plaintextUtf8), b64(nonce), b64(key)))).toBe(expected);
      expect(cipher.decrypt(b64(expected), b64(nonce), b64(key))).toEqual(utf8(plaintextUtf8));
    },
  },

  {
    law: "every vector under a counter's nonce is made and opened",
    check: ({ cipher }) => {
      for (const [key, base, counter, nonceHex, ciphertext] of counterVectors) {
        const nonce = Uint8Array.from(Buffer.from(nonceHex, "hex"));

        expect(text64(cipher.encrypt(utf8(counterPlaintext), nonce, b64(key))), `${base}, ${counter}`).toBe(ciphertext);
        expect(cipher.decrypt(b64(ciphertext), nonce, b64(key)), `${base}, ${counter}`).toEqual(utf8(counterPlaintext));
      }
    },
  },
];

const data = fc.uint8Array({ maxLength: 300 });

const cipherLaws: readonly Law<CryptoPort>[] = [
  {
    law: "what was encrypted opens with the same nonce, key and associated data",
    check: ({ cipher }) => {
      fc.assert(
        fc.property(
          data,
          bytes(24),
          bytes(32),
          fc.option(data, { nil: undefined }),
          (plain, nonce, key, associated) => {
            const sealed = cipher.encrypt(plain, nonce, key, associated);

            expect(sealed.length).toBe(plain.length + 16);
            expect(cipher.decrypt(sealed, nonce, key, associated)).toEqual(plain);
          },
        ),
      );
    },
  },

  {
    law: "a change of any byte of ciphertext, nonce, key or associated data gives undefined",
    check: ({ cipher }) => {
      fc.assert(
        fc.property(data, bytes(24), bytes(32), bytes(9), changes, (plain, nonce, key, associated, change) => {
          const sealed = cipher.encrypt(plain, nonce, key, associated);

          expect(cipher.decrypt(changed(sealed, change), nonce, key, associated)).toBeUndefined();
          expect(cipher.decrypt(sealed, changed(nonce, change), key, associated)).toBeUndefined();
          expect(cipher.decrypt(sealed, nonce, changed(key, change), associated)).toBeUndefined();
          expect(cipher.decrypt(sealed, nonce, key, changed(associated, change))).toBeUndefined();
          expect(cipher.decrypt(sealed, nonce, key)).toBeUndefined();
        }),
      );
    },
  },

  {
    law: "a ciphertext that is too short to hold a tag gives undefined",
    check: ({ cipher }) => {
      for (let length = 0; length <= 16; length += 1) {
        const opened = cipher.decrypt(new Uint8Array(length), new Uint8Array(24), new Uint8Array(32));

        expect(opened).toBeUndefined();
      }
    },
  },

  {
    law: "results are copies that later calls leave alone",
    check: ({ cipher }) => {
      const key = new Uint8Array(32).fill(1);
      const first = cipher.encrypt(utf8("first"), new Uint8Array(24), key);
      const before = first.slice();

      cipher.encrypt(utf8("other"), new Uint8Array(24), key);

      expect(first).toEqual(before);
    },
  },
];

const hashingLaws: readonly Law<CryptoPort>[] = [
  {
    law: "every key derived from a base, an id and a context is the one of its vector",
    check: ({ hashing }) => {
      for (const [base, id, context, key] of derivationVectors)
        expect(text64(hashing.derive(b64(base), id, context)), `${id}, ${context}`).toBe(key);
    },
  },
  {
    law: "ids over 32 bits give keys of their own",
    check: ({ hashing }) => {
      const base = new Uint8Array(32).fill(3);

      for (const id of [2 ** 32, 2 ** 40 + 5])
        expect(hashing.derive(base, id, "DataSync"), `${id}`).not.toEqual(
          hashing.derive(base, id % 2 ** 32, "DataSync"),
        );
    },
  },
  {
    law: "every password hash is the one of its vector",
    check: async ({ hashing }) => {
      const cost = { passes: 3, memoryBytes: 20 * 1024 * 1024 };

      for (const [password, salt, hash] of passwordVectors)
        expect(text64(await hashing.password(utf8(password), b64(salt), cost)), password).toBe(hash);
    },
  },
  {
    law: "password hashes asked for at the same time do not mix",
    check: async ({ hashing }) => {
      const cost = { passes: 1, memoryBytes: 8192 };
      const salt = new Uint8Array(16);
      const passwords = ["a", "b", "c", "a"].map(utf8);

      const [a, b, c, again] = await Promise.all(passwords.map((each) => hashing.password(each, salt, cost)));

      expect(again).toEqual(a);
      expect(b).not.toEqual(a);
      expect(c).not.toEqual(b);
    },
  },

  {
    law: "the digest of every public key is the one in its address",
    check: ({ hashing }) => {
      for (const [publicKey, digest] of digestVectors) {
        const double = hashing.sha256(hashing.sha512(b64(publicKey)));

        expect(Buffer.from(double.subarray(0, 10)).toString("hex"), publicKey).toBe(digest);
      }
    },
  },
];

/** The laws of the primitives, the protocol's vectors among them. */
export const cryptoLaws: LawBook<() => CryptoPort, CryptoPort> = {
  of: "the Crypto port",
  laws: [...signingLaws, ...exchangeLaws, ...cipherVectorLaws, ...cipherLaws, ...hashingLaws],
  within: async (make, prove) => {
    const crypto = make();
    await crypto.open();
    await prove(crypto, crypto);
  },
};

/** Proves every law for the implementation. */
export function cryptoContract(name: string, make: () => CryptoPort, options: Waivers = {}): void {
  registerLaws(name, { book: cryptoLaws, subject: make, ...options });
}
