// C2. No (key, nonce) pair is used twice: a nonce is random, or made from a counter that its owner never reuses.
import { type Outcome, refuse } from "../errors/refusal.ts";
import { fromBase64Url, fromUtf8, toBase64Url, utf8 } from "../model/bytes.ts";
import type { Json } from "../model/json.ts";
import type { Crypto } from "../ports/crypto.ts";
import { broken, bytesOf, isObject, malformed, unsupported } from "./shape.ts";
import { nonceBytes, type Suite, suiteId } from "./suite.ts";

/** One direction of a Relationship: the key, and the nonce that counters are added to. */
export interface Channel {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
}

/** The last counter a channel has. */
export const counterMax = 2 ** 32 - 1;

const tagBytes = 16;

/** Encrypts with a random nonce; gives a CryptoCipher as JSON, with its `@type` when asked. */
export function encrypt(suite: Suite, plaintext: string, key: Uint8Array, typed = false): string {
  return encryptBytes(suite, utf8(plaintext), { key, typed });
}

/** The same for bytes that need not be a text. */
export function encryptBytes(
  { crypto, entropy }: Suite,
  plaintext: Uint8Array,
  { key, typed = false }: { readonly key: Uint8Array; readonly typed?: boolean },
): string {
  const nonce = entropy.bytes(nonceBytes);
  const ciphertext = crypto.cipher.encrypt(plaintext, nonce, key);
  return cipherJson(ciphertext, `"nnc":"${toBase64Url(nonce)}"`, typed);
}

/** Encrypts with the nonce that belongs to the counter. The caller has never used this counter with this channel. */
export function encryptCounted(
  crypto: Crypto,
  plaintext: string,
  channel: Channel,
  { counter, typed = false }: { readonly counter: number; readonly typed?: boolean },
): Outcome<string> {
  if (counter > counterMax) {
    return refuse("seal.counterExhausted", "This Relationship's message counter is used up. Establish a new one.");
  }
  const nonce = counterNonce(channel.nonce, counter);
  const ciphertext = crypto.cipher.encrypt(utf8(plaintext), nonce, channel.key);
  return { ok: true, value: cipherJson(ciphertext, `"cnt":${counter}`, typed) };
}

/** The text inside a CryptoCipher that has its own nonce. */
export function decrypt(crypto: Crypto, cipher: Json | undefined, key: Uint8Array, what: string): Outcome<string> {
  const bytes = decryptBytes(crypto, cipher, { key, what });
  return bytes.ok ? textOf(bytes.value, what) : bytes;
}

/** The bytes inside a CryptoCipher that has its own nonce. */
export function decryptBytes(
  crypto: Crypto,
  cipher: Json | undefined,
  { key, what }: { readonly key: Uint8Array; readonly what: string },
): Outcome<Uint8Array> {
  const read = readCipher(cipher, what);
  if (!read.ok) return read;
  const nonce = bytesOf(read.value.nnc, nonceBytes);
  if (nonce === undefined || read.value.cnt !== undefined) return malformed(what);
  const plaintext = crypto.cipher.decrypt(read.value.ciphertext, nonce, key);
  return plaintext === undefined ? broken(what) : { ok: true, value: plaintext };
}

/** The text inside a CryptoCipher that has a counter. Counters of others may come in any order (spec 10.4). */
export function decryptCounted(
  crypto: Crypto,
  cipher: Json | undefined,
  channel: Channel,
  what: string,
): Outcome<string> {
  const read = readCipher(cipher, what);
  if (!read.ok) return read;
  const { cnt, nnc, ciphertext } = read.value;
  if (!isCounter(cnt) || nnc !== undefined) return malformed(what);
  return textOf(crypto.cipher.decrypt(ciphertext, counterNonce(channel.nonce, cnt), channel.key), what);
}

/** The base with the counter added to bytes 20 to 23 as a little-endian number; what overflows is dropped. */
export function counterNonce(base: Uint8Array, counter: number): Uint8Array {
  const nonce = base.slice();
  const view = new DataView(nonce.buffer, nonce.byteOffset);
  view.setUint32(nonceBytes - 4, view.getUint32(nonceBytes - 4, true) + counter, true);
  return nonce;
}

function cipherJson(ciphertext: Uint8Array, nonceMember: string, typed: boolean): string {
  const type = typed ? `,"@type":"CryptoCipher"` : "";
  return `{"cph":"${toBase64Url(ciphertext)}","alg":${suiteId},${nonceMember}${type}}`;
}

interface ReadCipher {
  readonly ciphertext: Uint8Array;
  readonly nnc: Json | undefined;
  readonly cnt: Json | undefined;
}

function readCipher(cipher: Json | undefined, what: string): Outcome<ReadCipher> {
  if (!isObject(cipher)) return malformed(what);
  const { cph, alg, nnc, cnt } = cipher;
  if (typeof cph !== "string" || typeof alg !== "number") return malformed(what);
  if (alg !== suiteId) return unsupported(what);
  const ciphertext = fromBase64Url(cph);
  if (ciphertext === undefined || ciphertext.length < tagBytes) return malformed(what);
  return { ok: true, value: { ciphertext, nnc, cnt } };
}

function textOf(plaintext: Uint8Array | undefined, what: string): Outcome<string> {
  if (plaintext === undefined) return broken(what);
  const text = fromUtf8(plaintext);
  return text === undefined ? malformed(what) : { ok: true, value: text };
}

function isCounter(value: Json | undefined): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= counterMax;
}
