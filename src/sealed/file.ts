// Files (spec/backbone-protocol.md 10.6). The relay keeps the ciphertext of the content and that of the metadata; the key of
// the metadata travels in references and Messages, that of the content in the metadata.
import { type Outcome, refuse } from "../errors/refusal.ts";
import { fileNameCharsMax, fileTagsMax, fileTextCharsMax } from "../limits.ts";
import { fromBase64, toBase64Url, utf8 } from "../model/bytes.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { textProblem } from "../model/shape.ts";
import type { Crypto } from "../ports/crypto.ts";
import { decrypt, decryptBytes, encrypt, encryptBytes } from "./cipher.ts";
import { newSecretKey, ownBytes } from "./keys.ts";
import { bytesOf, parseBytes, parseEncoded, parseShallow, secretKeyOf } from "./shape.ts";
import { sign } from "./signature.ts";
import { type Suite, secretKeyBytes, suiteId } from "./suite.ts";

/** What a File says about itself, sealed. */
export type FileProperties = {
  readonly filename: string;
  readonly mimetype: string;
  readonly filesize: number;
  readonly title?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
};

/** What opens a File's bytes and proves them. `contentKey` and `plaintextHash` are base64url. */
export type FileSeal = { readonly contentKey: string; readonly plaintextHash: string };

/** What is uploaded, and the key of the metadata, base64url. */
export type SealedFile = {
  readonly bytes: Uint8Array;
  readonly cipherHash: string;
  readonly ownerSignature: string;
  readonly encryptedProperties: string;
  readonly secretKey: string;
};

const what = "File";

/** Seals a File's content and properties; `signingKey` is the device's private key, base64url. */
export function sealFile(
  suite: Suite,
  file: { readonly content: Uint8Array; readonly properties: FileProperties; readonly signingKey: string },
): SealedFile & FileSeal {
  const { crypto, entropy } = suite;
  const hash = crypto.hashing.sha512(file.content);
  const plaintextHash = toBase64Url(hash);
  const [contentKey, secretKey] = [newSecretKey(entropy), newSecretKey(entropy)];
  const bytes = utf8(encryptBytes(suite, file.content, { key: ownBytes(contentKey), typed: true }));
  const signature = sign(crypto, hash, { privateKey: ownBytes(file.signingKey), label: 2 });
  const metadata = metadataJson(file.properties, { plaintextHash, contentKey });
  return {
    bytes,
    cipherHash: toBase64Url(crypto.hashing.sha512(bytes)),
    ownerSignature: toBase64Url(utf8(`${signature.slice(0, -1)},"@type":"CryptoSignature"}`)),
    encryptedProperties: toBase64Url(utf8(encrypt(suite, metadata, ownBytes(secretKey), true))),
    secretKey,
    contentKey,
    plaintextHash,
  };
}

// Members in alphabetical order, as the protocol's clients write them.
function metadataJson(properties: FileProperties, { plaintextHash, contentKey }: FileSeal): string {
  const { description, filename, filesize, mimetype, tags, title } = properties;
  return JSON.stringify({
    "@type": "FileMetadata",
    ...(description === undefined ? {} : { description }),
    filename,
    filesize,
    mimetype,
    plaintextHash,
    secretKey: { key: contentKey, alg: suiteId },
    ...(tags === undefined ? {} : { tags }),
    ...(title === undefined ? {} : { title }),
  });
}

/** Opens the metadata of a File. What opens but is none is `error.transport.files.invalidMetadata`. */
export function openFileMetadata(
  crypto: Crypto,
  sealed: { readonly encryptedProperties: string; readonly secretKey: string },
): Outcome<{ readonly properties: FileProperties; readonly seal: FileSeal }> {
  const key = bytesOf(sealed.secretKey, secretKeyBytes);
  const cipher = parseEncoded(sealed.encryptedProperties);
  if (key === undefined || cipher === undefined) return invalidMetadata("is not sealed as the protocol says");
  const text = decrypt(crypto, cipher, key, what);
  if (!text.ok) return text;
  const metadata = parseShallow(text.value);
  const problem = metadata === undefined ? "is no JSON object" : metadataProblem(metadata);
  if (metadata === undefined || problem !== undefined) return invalidMetadata(problem ?? "is no JSON object");
  const contentKey = secretKeyOf(metadata["secretKey"], what);
  if (!contentKey.ok) return invalidMetadata("names no key of the content");
  const { filename, mimetype, filesize, plaintextHash, title, description, tags } = metadata;
  const properties = {
    filename,
    mimetype,
    filesize,
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    ...(tags === undefined ? {} : { tags }),
  } as FileProperties;
  const seal = { contentKey: toBase64Url(contentKey.value), plaintextHash: String(plaintextHash) };
  return { ok: true, value: { properties, seal } };
}

/** Opens the bytes of a File: they must be those that were uploaded, and hold what its author hashed. */
export function openFileContent(
  crypto: Crypto,
  bytes: Uint8Array,
  { cipherHash, contentKey, plaintextHash }: FileSeal & { readonly cipherHash: string },
): Outcome<Uint8Array> {
  if (!isHash(crypto, bytes, cipherHash)) {
    const message = "The bytes from the relay are not those that were uploaded. Ask the File's owner for a new one.";
    return refuse("error.transport.files.cipherMismatch", message);
  }
  const content = decryptBytes(crypto, parseBytes(bytes), { key: ownBytes(contentKey), what });
  if (!content.ok) return content;
  if (isHash(crypto, content.value, plaintextHash)) return content;
  const message = "The content is not what its metadata says. Ask the File's owner for a new one.";
  return refuse("error.transport.files.plaintextHashMismatch", message);
}

function isHash({ hashing }: Crypto, bytes: Uint8Array, hash: string): boolean {
  const wanted = fromBase64(hash);
  return wanted !== undefined && toBase64Url(hashing.sha512(bytes)) === toBase64Url(wanted);
}

const nameRule = { max: fileNameCharsMax, required: true } as const;
const textRule = { max: fileTextCharsMax };

function metadataProblem(metadata: JsonObject): string | undefined {
  const { filesize, plaintextHash, tags } = metadata;
  const texts =
    textProblem(metadata, "filename", nameRule) ??
    textProblem(metadata, "mimetype", nameRule) ??
    textProblem(metadata, "title", textRule) ??
    textProblem(metadata, "description", textRule);
  if (texts !== undefined) return texts;
  if (!Number.isSafeInteger(filesize) || Number(filesize) < 0) return "filesize must be a whole number";
  if (typeof plaintextHash !== "string" || fromBase64(plaintextHash)?.length !== hashBytes)
    return "plaintextHash must be a hash";
  return tags === undefined || isTags(tags) ? undefined : `tags must be at most ${fileTagsMax} texts`;
}

const hashBytes = 64;

function isTags(tags: Json): boolean {
  return Array.isArray(tags) && tags.length <= fileTagsMax && tags.every((tag) => isTagText(tag as Json));
}

function isTagText(tag: Json): boolean {
  return typeof tag === "string" && tag.length <= fileTextCharsMax;
}

function invalidMetadata(problem: string): Outcome<never> {
  return refuse("error.transport.files.invalidMetadata", `The metadata of the File ${problem}. Ask its owner for it.`);
}
