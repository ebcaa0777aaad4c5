import fc from "fast-check";
import { expect, test } from "vitest";
import { signChallenge, verifyChallenge } from "../../src/sealed/challenge.ts";
import { counterMax, counterNonce, decrypt, decryptCounted, encrypt, encryptCounted } from "../../src/sealed/cipher.ts";
import { newSigningKeyPair, readPublicKey, writePublicKey } from "../../src/sealed/keys.ts";
import { hashPassword } from "../../src/sealed/password.ts";
import { crypto, encoded, seededEntropy, suiteOf, vectors } from "./suites.ts";

const b64 = (text: string) => Uint8Array.from(Buffer.from(text, "base64url"));
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

test("C2: counter nonces are those of the 24 vectors", () => {
  expect(vectors.cipherCounter.length).toBe(24);
  for (const { key, nonceBaseHex, counter, effectiveNonceHex, plaintextUtf8, cipherJson } of vectors.cipherCounter) {
    const nonce = Uint8Array.from(Buffer.from(nonceBaseHex, "hex"));

    expect(hex(counterNonce(nonce, counter))).toBe(effectiveNonceHex);
    expect(encryptCounted(crypto, plaintextUtf8, { key: b64(key), nonce }, { counter, typed: true })).toEqual({
      ok: true,
      value: cipherJson,
    });
    expect(decryptCounted(crypto, JSON.parse(cipherJson), { key: b64(key), nonce }, "vector")).toEqual({
      ok: true,
      value: plaintextUtf8,
    });
  }
});

test("C2: different counters on one base never give the same nonce", () => {
  const counter = fc.nat({ max: counterMax });
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 24, maxLength: 24 }), counter, counter, (base, one, other) => {
      expect(hex(counterNonce(base, one)) === hex(counterNonce(base, other))).toBe(one === other);
      expect(counterNonce(base, one).subarray(0, 20)).toEqual(base.subarray(0, 20));
    }),
  );
});

test("C2: the counter after the last one is refused, the last one is not", () => {
  const channel = { key: new Uint8Array(32), nonce: new Uint8Array(24) };

  expect(encryptCounted(crypto, "x", channel, { counter: counterMax })).toMatchObject({ ok: true });
  expect(encryptCounted(crypto, "x", channel, { counter: counterMax + 1 })).toMatchObject({
    refusal: { code: "seal.counterExhausted" },
  });
});

test("a cipher with its own nonce is written as the vector is, and opens", () => {
  const { key, nonce, plaintextUtf8, cipherJson } = vectors.cipherNonce;
  const entropy = { bytes: () => b64(nonce) };

  expect(encrypt({ crypto, entropy }, plaintextUtf8, b64(key), true)).toBe(cipherJson);
  expect(decrypt(crypto, JSON.parse(cipherJson), b64(key), "vector")).toEqual({ ok: true, value: plaintextUtf8 });
});

test("C2: every random nonce is drawn anew", () => {
  const suite = suiteOf(1);
  const nonces = Array.from({ length: 100 }, () => JSON.parse(encrypt(suite, "same", new Uint8Array(32))).nnc);

  expect(new Set(nonces).size).toBe(100);
});

const key = new Uint8Array(32);
const good = { cph: "A".repeat(32), alg: 3, nnc: "A".repeat(32) };
test.for([
  [{ ...good, alg: 1 }, "seal.unsupported"],
  [{ ...good, alg: "3" }, "seal.malformed"],
  [{ ...good, cnt: 0 }, "seal.malformed"],
  [{ cph: good.cph, alg: 3 }, "seal.malformed"],
  [{ ...good, cph: "A".repeat(20) }, "seal.malformed"],
  [{ ...good, cph: "++++" }, "seal.malformed"],
  [{ ...good, nnc: "A".repeat(31) }, "seal.malformed"],
  [good, "seal.broken"],
  [null, "seal.malformed"],
  [[], "seal.malformed"],
  ["text", "seal.malformed"],
] as const)("the cipher %j is refused with %s", ([cipher, code]) => {
  expect(decrypt(crypto, cipher, key, "cipher")).toMatchObject({ ok: false, refusal: { code } });
});

test.for([-1, 0.5, counterMax + 1, "1", null])("the counter %j of a stranger is refused", (cnt) => {
  const channel = { key, nonce: new Uint8Array(24) };
  const cipher = { cph: good.cph, alg: 3, cnt };

  expect(decryptCounted(crypto, cipher, channel, "cipher")).toMatchObject({ refusal: { code: "seal.malformed" } });
});

test("public keys are written as the vector is, and read back", () => {
  const { publicKey, publicKeyToBase64 } = vectors.signature;

  expect(writePublicKey(publicKey)).toBe(publicKeyToBase64);
  expect(readPublicKey(publicKeyToBase64)).toEqual({ ok: true, value: publicKey });
  expect(readPublicKey(encoded({ pub: publicKey, alg: 2 }))).toMatchObject({ refusal: { code: "seal.unsupported" } });
  expect(readPublicKey(encoded({ pub: "AAAA", alg: 3 }))).toMatchObject({ refusal: { code: "seal.malformed" } });
});

test("a challenge is signed as the vector is, and verified over its exact text", () => {
  const { privateKey64: privateKey, publicKey, messageUtf8, signatureToBase64 } = vectors.signature;
  const { id, expiresAt } = JSON.parse(messageUtf8);

  const signed = signChallenge(
    crypto,
    { id, expiresAt, createdBy: null, createdByDevice: null },
    { type: "Identity", privateKey },
  );

  expect(signed).toEqual({ challenge: messageUtf8, signature: signatureToBase64 });
  expect(verifyChallenge(crypto, signed, publicKey)).toEqual({ ok: true, value: { id, type: "Identity" } });
});

test("a challenge of a known device names it, keys in alphabetical order", () => {
  const { privateKey } = newSigningKeyPair(suiteOf(1));
  const challenge = { id: "CHL", expiresAt: "2030", createdBy: "did:e:x", createdByDevice: "DVC" };

  expect(signChallenge(crypto, challenge, { type: "Device", privateKey }).challenge).toBe(
    '{"createdBy":"did:e:x","createdByDevice":"DVC","expiresAt":"2030","id":"CHL","type":"Device"}',
  );
});

test("a challenge with another text, key or signature is refused, whatever stands there", () => {
  const pair = newSigningKeyPair(suiteOf(1));
  const signed = signChallenge(crypto, { id: "CHL", expiresAt: "2030" }, { type: "Identity", ...pair });
  fc.assert(
    fc.property(fc.string(), (text) => {
      const code = "error.platform.validation.device.invalidSignature";
      const refused = { ok: false, refusal: { code } };

      expect(verifyChallenge(crypto, { ...signed, challenge: text }, pair.publicKey)).toMatchObject(refused);
      expect(verifyChallenge(crypto, { ...signed, signature: text }, pair.publicKey)).toMatchObject(refused);
      expect(verifyChallenge(crypto, signed, text)).toMatchObject(refused);
    }),
  );
});

test("passwords are hashed and sent as the vectors say", async () => {
  for (const { passwordUtf8, salt, sentAs } of vectors.passwordHash) {
    expect(await hashPassword(crypto, passwordUtf8, salt)).toBe(sentAs);
  }
});

test("the same seed gives the same keys", () => {
  const pair = newSigningKeyPair({ crypto, entropy: seededEntropy(5) });

  expect(newSigningKeyPair({ crypto, entropy: seededEntropy(5) })).toEqual(pair);
  expect(newSigningKeyPair({ crypto, entropy: seededEntropy(6) })).not.toEqual(pair);
});
