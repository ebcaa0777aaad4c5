import fc from "fast-check";
import { Crypto, createHost } from "rapport/core";
import { createSodium } from "rapport/plugins/crypto-sodium";
import { createSodiumNative, isSodiumNativeInstalled, sodiumNative } from "rapport/plugins/crypto-sodium-native";
import { beforeAll, describe, expect, test } from "vitest";
import { cryptoContract } from "../../kit/contracts/crypto.ts";

// sodium-native is an optional dependency: without it the plugin is not there to be tested.
describe.runIf(isSodiumNativeInstalled())("sodium-native", () => {
  cryptoContract("crypto-sodium-native", createSodiumNative);

  test("the plugin fills the Crypto slot", () => {
    const { use } = createHost([sodiumNative()]);

    expect(use(Crypto).open).toBeTypeOf("function");
  });

  test("used before it is opened it says so", () => {
    expect(() => createSodiumNative().signing.keyPair(new Uint8Array(32))).toThrow("before open");
  });

  describe("agrees with crypto-sodium", () => {
    const native = createSodiumNative();
    const wasm = createSodium();
    beforeAll(async () => void (await Promise.all([native.open(), wasm.open()])));
    const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const data = fc.uint8Array({ maxLength: 200 });

    test("on key pairs, signatures and session keys", () => {
      fc.assert(
        fc.property(key, key, data, (seed, peerSeed, message) => {
          const pair = native.signing.keyPair(seed);
          const own = native.exchange.keyPair(seed);
          const peer = native.exchange.keyPair(peerSeed);

          expect(plain(wasm.signing.keyPair(seed))).toEqual(plain(pair));
          expect(plain(wasm.exchange.keyPair(seed))).toEqual(plain(own));
          expect(wasm.signing.sign(message, pair.privateKey)).toEqual(native.signing.sign(message, pair.privateKey));
          expect(wasm.exchange.asClient(own, peer.publicKey)).toEqual(native.exchange.asClient(own, peer.publicKey));
          expect(wasm.exchange.asServer(own, peer.publicKey)).toEqual(native.exchange.asServer(own, peer.publicKey));
        }),
        { numRuns: 30 },
      );
    });

    test("on ciphertexts, and on signatures that strangers made up", () => {
      const nonce = fc.uint8Array({ minLength: 24, maxLength: 24 });
      const signature = fc.uint8Array({ minLength: 64, maxLength: 64 });
      fc.assert(
        fc.property(data, nonce, key, data, signature, (plaintext, nonce, key, associated, signature) => {
          const sealed = native.cipher.encrypt(plaintext, nonce, key, associated);

          expect(wasm.cipher.encrypt(plaintext, nonce, key, associated)).toEqual(sealed);
          expect(wasm.cipher.decrypt(sealed, nonce, key, associated)).toEqual(plaintext);
          expect(wasm.signing.verify(plaintext, signature, key)).toBe(native.signing.verify(plaintext, signature, key));
        }),
      );
    });

    test("on derived keys, also with ids over 32 bits", () => {
      fc.assert(
        fc.property(key, fc.nat({ max: Number.MAX_SAFE_INTEGER }), (base, id) => {
          expect(wasm.hashing.derive(base, id, "DataSync")).toEqual(native.hashing.derive(base, id, "DataSync"));
        }),
      );
    });
  });
});

function plain({ publicKey, privateKey }: { publicKey: Uint8Array; privateKey: Uint8Array }) {
  return { publicKey, privateKey };
}
