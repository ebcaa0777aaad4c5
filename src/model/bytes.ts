// Bytes and their spellings. Table-driven, because atob and btoa are several times slower; where the platform has Node's
// Buffer, longer texts go through it, with the same strictness.
const urlAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const classicAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Above this many characters decoding by the platform is worth the check that goes with it. */
const platformMin = 64;

const platform = globalThis.Buffer;
const urlShape = /^[A-Za-z0-9_-]*$/;

/** Above this many bytes filling a buffer and decoding it as text beats joining strings (test/bench). */
const joinedBytesMax = 48;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const hexPairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const url = tablesOf(urlAlphabet);
const classic = tablesOf(classicAlphabet);
const eitherValues = valuesOf(urlAlphabet, classicAlphabet);

/** The UTF-8 bytes of a text. */
export function utf8(text: string): Uint8Array {
  return platform === undefined ? encoder.encode(text) : platform.from(text, "utf8");
}

/** The text of UTF-8 bytes, or undefined when they are not UTF-8. */
export function fromUtf8(bytes: Uint8Array): string | undefined {
  if (platform !== undefined) {
    const text = platform.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
    // The replacement character may be what was written, or stand for what is not UTF-8.
    if (!text.includes("\uFFFD")) return text;
  }
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Base64url without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  if (platform !== undefined) {
    return platform.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64url");
  }
  return encode(bytes, url);
}

/** Classic base64 with padding. */
export function toBase64(bytes: Uint8Array): string {
  return encode(bytes, classic) + "=".repeat((3 - (bytes.length % 3)) % 3);
}

/** The bytes of unpadded base64url in its one canonical spelling, else undefined. */
export function fromBase64Url(text: string): Uint8Array | undefined {
  return (text.length > platformMin ? decodeByPlatform(text) : undefined) ?? decode(text, text.length, url.values);
}

/** The bytes of base64 in either alphabet, with or without padding, else undefined. */
export function fromBase64(text: string): Uint8Array | undefined {
  let length = text.length;
  if (length % 4 === 0 && text.endsWith("=")) length -= text.endsWith("==") ? 2 : 1;
  const isPadded = length !== text.length;
  const fast = length > platformMin && !isPadded ? decodeByPlatform(text) : undefined;
  return fast ?? decode(text, length, eitherValues);
}

/** Lower-case hexadecimal digits. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += hexPairs[byte];
  return text;
}

interface Tables {
  readonly pairs: readonly string[];
  readonly pairCodes: Uint16Array;
  readonly values: Int8Array;
}

function tablesOf(alphabet: string): Tables {
  const pairs = Array.from({ length: 4096 }, (_, bits) => alphabet.charAt(bits >> 6) + alphabet.charAt(bits & 63));
  // Two characters are stored at once, so the table is laid out in the machine's byte order.
  const pairCodes = new Uint16Array(encoder.encode(pairs.join("")).buffer.slice(0, 8192));
  return { pairs, pairCodes, values: valuesOf(alphabet) };
}

function valuesOf(...alphabets: readonly string[]): Int8Array {
  const values = new Int8Array(128).fill(-1);
  for (const alphabet of alphabets) {
    for (let value = 0; value < 64; value += 1) values[alphabet.charCodeAt(value)] = value;
  }
  return values;
}

function encode(bytes: Uint8Array, tables: Tables): string {
  const rest = bytes.length % 3;
  const whole = bytes.length - rest;
  const head =
    whole <= joinedBytesMax ? joinPairs(bytes, whole, tables.pairs) : fillPairs(bytes, whole, tables.pairCodes);
  const { pairs } = tables;
  if (rest === 1) return head + pairs[at(bytes, whole) << 4];
  if (rest === 0) return head;
  const bits = (at(bytes, whole) << 10) | (at(bytes, whole + 1) << 2);
  return head + pairs[bits >> 6] + (pairs[bits & 63] ?? "").charAt(1);
}

function joinPairs(bytes: Uint8Array, end: number, pairs: readonly string[]): string {
  let text = "";
  for (let index = 0; index < end; index += 3) {
    const bits = (at(bytes, index) << 16) | (at(bytes, index + 1) << 8) | at(bytes, index + 2);
    text += pairs[bits >> 12] ?? "";
    text += pairs[bits & 4095] ?? "";
  }
  return text;
}

function fillPairs(bytes: Uint8Array, end: number, pairCodes: Uint16Array): string {
  const codes = new Uint16Array((end / 3) * 2);
  let next = 0;
  for (let index = 0; index < end; index += 3) {
    const bits = (at(bytes, index) << 16) | (at(bytes, index + 1) << 8) | at(bytes, index + 2);
    codes[next] = pairCodes[bits >> 12] ?? 0;
    codes[next + 1] = pairCodes[bits & 4095] ?? 0;
    next += 2;
  }
  return decoder.decode(codes);
}

/** Canonical unpadded base64url, or undefined when the tables have to look at it: the platform is not strict by itself. */
function decodeByPlatform(text: string): Uint8Array | undefined {
  if (platform === undefined || !urlShape.test(text)) return undefined;
  const rest = text.length & 3;
  if (rest === 1) return undefined;
  const last = url.values[text.charCodeAt(text.length - 1)] ?? 0;
  if (rest !== 0 && (last & (rest === 2 ? 15 : 3)) !== 0) return undefined;
  return platform.from(text, "base64url");
}

/** An invalid character makes `bits` negative, and `seen` remembers that. */
function decode(text: string, length: number, values: Int8Array): Uint8Array | undefined {
  const rest = length & 3;
  if (rest === 1) return undefined;
  const whole = length - rest;
  const bytes = new Uint8Array((length * 3) >> 2);
  let seen = 0;
  let next = 0;
  for (let index = 0; index < whole; index += 4) {
    const bits =
      (value(text, index, values) << 18) |
      (value(text, index + 1, values) << 12) |
      (value(text, index + 2, values) << 6) |
      value(text, index + 3, values);
    seen |= bits;
    bytes[next] = bits >> 16;
    bytes[next + 1] = bits >> 8;
    bytes[next + 2] = bits;
    next += 3;
  }
  if (rest > 0) {
    const third = rest === 3 ? value(text, whole + 2, values) : 0;
    const bits = (value(text, whole, values) << 12) | (value(text, whole + 1, values) << 6) | third;
    seen |= bits | (bits & (rest === 3 ? 3 : 1023) ? -1 : 0);
    bytes[next] = bits >> 10;
    if (rest === 3) bytes[next + 1] = bits >> 2;
  }
  return seen < 0 ? undefined : bytes;
}

function value(text: string, index: number, values: Int8Array): number {
  const code = text.charCodeAt(index);
  return code < 128 ? (values[code] ?? -1) : -1;
}

/** The byte at an index that the loops above keep inside; 0 satisfies the type and is never seen. */
function at(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}

/** True when both texts are base64 of the same bytes, in whatever alphabet and padding a relay writes them. */
export function isSameBase64(one: string, other: string | null | undefined): boolean {
  if (one === other) return true;
  const bytes = fromBase64(one);
  return bytes !== undefined && typeof other === "string" && toBase64Url(bytes) === spelled(fromBase64(other));
}

function spelled(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : toBase64Url(bytes);
}
