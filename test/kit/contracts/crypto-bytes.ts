// Bytes as the laws of cryptography write and spoil them.
import fc from "fast-check";

/** Where a property changes a byte, and how: the place is taken modulo the length. */
export const changes = fc.record({ at: fc.nat({ max: 100_000 }), by: fc.integer({ min: 1, max: 255 }) });

/** A copy with one byte changed. */
export function changed(original: Uint8Array, { at, by }: { at: number; by: number }): Uint8Array {
  const copy = original.slice();
  const index = at % copy.length;
  copy[index] = (copy[index] ?? 0) ^ by;
  return copy;
}

/** As many bytes. */
export const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
/** The bytes of a text. */
export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
/** Bytes out of their base64url. */
export const b64 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "base64url"));
/** Bytes as base64url. */
export const text64 = (data: Uint8Array): string => Buffer.from(data).toString("base64url");
/** A pair out of a vector. */
export const pairOf = ({ pub, prv }: { pub: string; prv: string }) => ({ publicKey: b64(pub), privateKey: b64(prv) });
