import fc from "fast-check";
import type { CryptoPort } from "rapport/core";
import { beforeAll, describe, expect, test } from "vitest";
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

/** What every implementation of the Crypto port must keep: the protocol's vectors and the laws of the primitives. */
export function cryptoContract(name: string, make: () => CryptoPort): void {
  describe(`${name} keeps the Crypto contract`, () => {
    const crypto = make();
    beforeAll(() => crypto.open());

    signingLaws(crypto);
    exchangeLaws(crypto);
    cipherVectorLaws(crypto);
    cipherLaws(crypto);
    hashingLaws(crypto);
  });
}

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

function signingLaws({ signing }: CryptoPort): void {
  test("the signature vector is made and verified", () => {
    const { privateKey64, publicKey, messageUtf8, signature } = signatureVector;

    const signed = signing.sign(utf8(messageUtf8), b64(privateKey64));

    expect(text64(signed)).toBe(signature);
    expect(signing.verify(utf8(messageUtf8), signed, b64(publicKey))).toBe(true);
  });

  test("the seed is the first half of the private key and determines the pair", () => {
    const { privateKey64, publicKey } = signatureVector;

    const pair = signing.keyPair(b64(privateKey64).subarray(0, 32));

    expect(text64(pair.privateKey)).toBe(privateKey64);
    expect(text64(pair.publicKey)).toBe(publicKey);
  });

  test("what was signed verifies, and not for another message, signature or key", () => {
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
  });

  test("a signature or key of another length does not verify, and nothing is thrown", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.uint8Array({ maxLength: 100 }), (signature, key) => {
        expect(signing.verify(utf8("message"), signature, key)).toBe(false);
      }),
    );
  });
}

function exchangeLaws({ exchange }: CryptoPort): void {
  test("the session-key vector holds for both sides", () => {
    const { requestor, templator } = exchangeVector;

    const server = exchange.asServer(pairOf(requestor), b64(templator.pub));
    const client = exchange.asClient(pairOf(templator), b64(requestor.pub));

    expect([text64(server.rx), text64(server.tx)]).toEqual([requestor.rx, requestor.tx]);
    expect([text64(client.rx), text64(client.tx)]).toEqual([templator.rx, templator.tx]);
  });

  test("what one side sends with is what the other receives with", () => {
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
  });

  test.for(smallOrderKeys)("the public key %s of small order is refused", (hex) => {
    const own = exchange.keyPair(new Uint8Array(32).fill(7));
    const weak = Uint8Array.from(Buffer.from(hex, "hex"));

    expect(() => exchange.asClient(own, weak)).toThrow();
    expect(() => exchange.asServer(own, weak)).toThrow();
  });
}

function cipherVectorLaws({ cipher }: CryptoPort): void {
  test("the ciphertext vector is made and opened", () => {
    const { key, nonce, plaintextUtf8, cipher: expected } = cipherVector;

    expect(text64(cipher.encrypt(utf8(plaintextUtf8), b64(nonce), b64(key)))).toBe(expected);
    expect(cipher.decrypt(b64(expected), b64(nonce), b64(key))).toEqual(utf8(plaintextUtf8));
  });

  test.for(counterVectors)(
    "the vector under key %s, base %s and counter %d opens",
    ([key, , , nonceHex, ciphertext]) => {
      const nonce = Uint8Array.from(Buffer.from(nonceHex, "hex"));

      expect(text64(cipher.encrypt(utf8(counterPlaintext), nonce, b64(key)))).toBe(ciphertext);
      expect(cipher.decrypt(b64(ciphertext), nonce, b64(key))).toEqual(utf8(counterPlaintext));
    },
  );
}

function cipherLaws({ cipher }: CryptoPort): void {
  const data = fc.uint8Array({ maxLength: 300 });

  test("what was encrypted opens with the same nonce, key and associated data", () => {
    fc.assert(
      fc.property(data, bytes(24), bytes(32), fc.option(data, { nil: undefined }), (plain, nonce, key, associated) => {
        const sealed = cipher.encrypt(plain, nonce, key, associated);

        expect(sealed.length).toBe(plain.length + 16);
        expect(cipher.decrypt(sealed, nonce, key, associated)).toEqual(plain);
      }),
    );
  });

  test("a change of any byte of ciphertext, nonce, key or associated data gives undefined", () => {
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
  });

  test("a ciphertext that is too short to hold a tag gives undefined", () => {
    for (let length = 0; length <= 16; length += 1) {
      const opened = cipher.decrypt(new Uint8Array(length), new Uint8Array(24), new Uint8Array(32));

      expect(opened).toBeUndefined();
    }
  });

  test("results are copies that later calls leave alone", () => {
    const key = new Uint8Array(32).fill(1);
    const first = cipher.encrypt(utf8("first"), new Uint8Array(24), key);
    const before = first.slice();

    cipher.encrypt(utf8("other"), new Uint8Array(24), key);

    expect(first).toEqual(before);
  });
}

function hashingLaws({ hashing }: CryptoPort): void {
  test.for(derivationVectors)(
    "the key derived from %s with id %s and context %s is right",
    ([base, id, context, key]) => {
      expect(text64(hashing.derive(b64(base), id, context))).toBe(key);
    },
  );

  test.for([2 ** 32, 2 ** 40 + 5])("the id %d, over 32 bits, gives a key of its own", (id) => {
    const base = new Uint8Array(32).fill(3);

    expect(hashing.derive(base, id, "DataSync")).not.toEqual(hashing.derive(base, id % 2 ** 32, "DataSync"));
  });

  test.for(passwordVectors)("the password hash of %s is right", async ([password, salt, hash]) => {
    const cost = { passes: 3, memoryBytes: 20 * 1024 * 1024 };

    expect(text64(await hashing.password(utf8(password), b64(salt), cost))).toBe(hash);
  });

  test("password hashes asked for at the same time do not mix", async () => {
    const cost = { passes: 1, memoryBytes: 8192 };
    const salt = new Uint8Array(16);
    const passwords = ["a", "b", "c", "a"].map(utf8);

    const [a, b, c, again] = await Promise.all(passwords.map((each) => hashing.password(each, salt, cost)));

    expect(again).toEqual(a);
    expect(b).not.toEqual(a);
    expect(c).not.toEqual(b);
  });

  test.for(digestVectors)("the digest of the public key %s is the one in its address", ([publicKey, digest]) => {
    const double = hashing.sha256(hashing.sha512(b64(publicKey)));

    expect(Buffer.from(double.subarray(0, 10)).toString("hex")).toBe(digest);
  });
}

/** Where a property changes a byte, and how: the place is taken modulo the length. */
const changes = fc.record({ at: fc.nat({ max: 100_000 }), by: fc.integer({ min: 1, max: 255 }) });

function changed(original: Uint8Array, { at, by }: { at: number; by: number }): Uint8Array {
  const copy = original.slice();
  const index = at % copy.length;
  copy[index] = (copy[index] ?? 0) ^ by;
  return copy;
}

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const b64 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "base64url"));
const text64 = (data: Uint8Array): string => Buffer.from(data).toString("base64url");
const pairOf = ({ pub, prv }: { pub: string; prv: string }) => ({ publicKey: b64(pub), privateKey: b64(prv) });
