const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const idLength = 20;

/** Bytes at or above this would make the first characters of the alphabet likelier than the last. */
const fairBytesBelow = 256 - (256 % alphabet.length);

const shape = /^[A-Za-z0-9]{20}$/;

/** Where random bytes come from; the Entropy port is one. */
export interface Bytes {
  bytes(count: number): Uint8Array;
}

/** A new identifier: the prefix and random characters, 20 in all (spec/backbone-protocol.md 1). */
export function newId(prefix: string, entropy: Bytes): string {
  return prefix + randomText(idLength - prefix.length, entropy);
}

/** Random letters and digits, each one equally likely. */
export function randomText(length: number, entropy: Bytes): string {
  let text = "";
  while (text.length < length) {
    for (const byte of entropy.bytes(length - text.length)) {
      if (byte < fairBytesBelow) text += alphabet.charAt(byte % alphabet.length);
    }
  }
  return text;
}

/** True for 20 letters and digits that begin with the prefix. */
export function isId(text: unknown, prefix: string): text is string {
  return typeof text === "string" && text.startsWith(prefix) && shape.test(text);
}
