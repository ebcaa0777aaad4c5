// What a dishonest relay or peer could do to sealed texts. It opens and seals by hand, as spec/backbone-protocol.md 10 says.
import { createSodium } from "rapport/plugins/crypto-sodium";

const crypto = createSodium();
await crypto.open();

const fromBase64Url = (text: string) => new Uint8Array(Buffer.from(text, "base64url"));
const toBase64Url = (content: Uint8Array | string) =>
  (typeof content === "string" ? Buffer.from(content) : Buffer.from(content)).toString("base64url");

/** Changes the plaintext of a template or token with the key from its reference, and seals it again with that key. */
export function reseal(content: string, secretKey: string, change: (text: string) => string): string {
  const cipher = JSON.parse(Buffer.from(content, "base64url").toString()) as { cph: string; nnc: string };
  const key = fromBase64Url(secretKey);
  const nonce = fromBase64Url(cipher.nnc);
  const plaintext = crypto.cipher.decrypt(fromBase64Url(cipher.cph), nonce, key);
  if (plaintext === undefined) throw new Error("The key does not open this.");
  const changed = new TextEncoder().encode(change(new TextDecoder().decode(plaintext)));
  const sealed = { ...cipher, cph: toBase64Url(crypto.cipher.encrypt(changed, nonce, key)) };
  return toBase64Url(JSON.stringify(sealed));
}

/** The key in a truncated reference. */
export const keyIn = (truncated: string): string => Buffer.from(truncated, "base64url").toString().split("|")[2] ?? "";

/** The same sealed object with one bit of its ciphertext turned, somewhere inside the JSON under this member. */
export function flipped(content: string, member = "cph"): string {
  const text = Buffer.from(content, "base64url").toString();
  const at = text.indexOf(`"${member}":"`) + member.length + 4;
  const end = text.indexOf('"', at);
  const bytes = fromBase64Url(text.slice(at, end));
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  return toBase64Url(text.slice(0, at) + toBase64Url(bytes) + text.slice(end));
}
