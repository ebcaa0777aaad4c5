// Files as they are sealed (spec/backbone-protocol.md 10.6).
import { describe, expect, test } from "vitest";
import { openFileContent, openFileMetadata, sealFile } from "../../src/sealed/file.ts";
import { newSigningKeyPair } from "../../src/sealed/keys.ts";
import { crypto, decoded, exchanges, plaintexts, suiteOf } from "./suites.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const base64Url = (one: Uint8Array) => Buffer.from(one).toString("base64url");
const suite = suiteOf(7);
const device = newSigningKeyPair(suite);
const properties = { filename: "f.txt", mimetype: "text/plain", filesize: 10, title: "t", tags: ["x:a"] };
const seal = (content = bytes("hello file"), more: object = {}) =>
  sealFile(suite, { content, properties: { ...properties, ...more }, signingKey: device.privateKey });

const upload = exchanges.find(({ request }) => request.method === "POST" && /\/Files$/.test(request.path));
const metadataLayer = plaintexts.find(({ plaintext }) => plaintext.includes('"FileMetadata"'));
const contentLayer = plaintexts.find(({ plaintext }) => plaintext === "hello file");

describe("a captured File", () => {
  const { encryptedProperties, cipherHash, ownerSignature } = upload?.request.body ?? {};
  const secretKey = metadataLayer?.key ?? "";
  const written = JSON.parse(metadataLayer?.plaintext ?? "{}");
  // The bytes were uploaded as a form, whose body is not in the captures: these are what the client sealed.
  const cipher = { ...contentLayer?.cipher, "@type": "CryptoCipher" };

  test("says what its author wrote about it", () => {
    expect(openFileMetadata(crypto, { encryptedProperties, secretKey })).toEqual({
      ok: true,
      value: {
        properties: { filename: "f.txt", filesize: 10, mimetype: "text/plain", title: "t" },
        seal: { contentKey: written.secretKey.key, plaintextHash: written.plaintextHash },
      },
    });
  });

  test("has the hashes that were sent with it, and opens", () => {
    const sent = bytes(JSON.stringify(cipher));
    const opened = openFileContent(crypto, sent, {
      cipherHash,
      contentKey: written.secretKey.key,
      plaintextHash: written.plaintextHash,
    });

    expect(sent).toHaveLength(117);
    expect(base64Url(crypto.hashing.sha512(sent))).toBe(cipherHash);
    expect(opened).toEqual({ ok: true, value: Uint8Array.from(bytes("hello file")) });
  });

  test("is written by us as its client wrote it", () => {
    const ours = seal(bytes("hello file"), { tags: undefined });
    const theirs = decoded(ownerSignature);

    expect(Object.keys(decoded(ours.ownerSignature))).toEqual(Object.keys(theirs));
    expect(decoded(ours.ownerSignature)).toMatchObject({ alg: theirs.alg, "@type": theirs["@type"] });
    expect(ours.bytes).toHaveLength(117);
    expect(ours.plaintextHash).toBe(written.plaintextHash);
    const metadata = JSON.stringify({ ...written, secretKey: { ...written.secretKey, key: ours.contentKey } });
    const key = Uint8Array.from(Buffer.from(ours.secretKey, "base64url"));
    const { cph, nnc } = decoded(ours.encryptedProperties);
    const [ciphertext, nonce] = [cph, nnc].map((text) => Uint8Array.from(Buffer.from(text, "base64url")));
    const plain = crypto.cipher.decrypt(ciphertext ?? key, nonce ?? key, key);
    expect(Buffer.from(plain ?? []).toString()).toBe(metadata);
  });
});

describe("sealing and opening", () => {
  test("what was sealed opens, and its hash is signed by the device", () => {
    const sealed = seal();

    expect(openFileMetadata(crypto, sealed)).toEqual({
      ok: true,
      value: { properties, seal: { contentKey: sealed.contentKey, plaintextHash: sealed.plaintextHash } },
    });
    expect(openFileContent(crypto, sealed.bytes, sealed)).toEqual({ ok: true, value: bytes("hello file") });
    const hash = Uint8Array.from(Buffer.from(sealed.plaintextHash, "base64url"));
    const signature = Uint8Array.from(Buffer.from(decoded(sealed.ownerSignature).sig, "base64url"));
    const publicKey = Uint8Array.from(Buffer.from(device.publicKey, "base64url"));
    expect(crypto.signing.verify(hash, signature, publicKey)).toBe(true);
  });

  test("every File has keys of its own", () => {
    const [one, other] = [seal(), seal()];

    expect(new Set([one.contentKey, one.secretKey, other.contentKey, other.secretKey]).size).toBe(4);
    expect(one.cipherHash).not.toBe(other.cipherHash);
  });

  test("bytes that were changed, and content other than the metadata says, are told apart", () => {
    const sealed = seal();
    const lying = { ...sealed, plaintextHash: base64Url(crypto.hashing.sha512(bytes("another"))) };

    expect(openFileContent(crypto, sealed.bytes.subarray(1), sealed)).toMatchObject({
      refusal: { code: "error.transport.files.cipherMismatch" },
    });
    expect(openFileContent(crypto, sealed.bytes, lying)).toMatchObject({
      refusal: { code: "error.transport.files.plaintextHashMismatch" },
    });
    expect(openFileContent(crypto, sealed.bytes, { ...sealed, contentKey: sealed.secretKey })).toMatchObject({
      refusal: { code: "seal.broken" },
    });
  });

  test.for<[string, object]>([
    ["a name that is none", { filename: 1 }],
    ["no type", { mimetype: undefined }],
    ["a size that is none", { filesize: -1 }],
    ["a title that is none", { title: {} }],
    ["tags that are none", { tags: [1] }],
    ["more tags than anybody reads", { tags: Array.from({ length: 101 }, (_, index) => `x:${index}`) }],
  ])("metadata with %s is refused", ([, wrong]) => {
    expect(openFileMetadata(crypto, seal(bytes("x"), wrong))).toMatchObject({
      refusal: { code: "error.transport.files.invalidMetadata" },
    });
  });

  test("metadata under another key does not open", () => {
    const [one, other] = [seal(), seal()];

    expect(openFileMetadata(crypto, { ...one, secretKey: other.secretKey })).toMatchObject({
      refusal: { code: "seal.broken" },
    });
    expect(openFileMetadata(crypto, { ...one, secretKey: "short" })).toMatchObject({
      refusal: { code: "error.transport.files.invalidMetadata" },
    });
  });
});
