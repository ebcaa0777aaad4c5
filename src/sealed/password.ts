import { Bug } from "../errors/bug.ts";
import { fromBase64Url, toBase64, toBase64Url, utf8 } from "../model/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";
import type { Entropy } from "../ports/entropy.ts";

/** The cost that the protocol fixes (spec/backbone-protocol.md 10). */
const cost = { passes: 3, memoryBytes: 20 * 1024 * 1024 } as const;

/** Length of the salt in bytes. */
export const saltBytes = 16;

/** A new salt, base64url, as references and token contents carry it. */
export function newSalt(entropy: Entropy): string {
  return toBase64Url(entropy.bytes(saltBytes));
}

/** What the relay is sent instead of the password of a template or token: classic base64. Takes over 100 ms. */
export async function hashPassword(crypto: Crypto, password: string, salt: string): Promise<string> {
  const bytes = fromBase64Url(salt);
  if (bytes?.length !== saltBytes) throw new Bug("a salt is 16 bytes, base64url");
  return toBase64(await crypto.hashing.password(utf8(password), bytes, cost));
}
