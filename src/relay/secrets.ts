/**
 * Secrets at rest. Device passwords are 45-50 random characters, template and token passwords arrive as 32 bytes of a slow
 * hash, so a fast salted hash is right: there is nothing to guess, and a login must not cost what Argon2id costs.
 */
import { toBase64Url, utf8 } from "../model/bytes.ts";
import type { Desk } from "./desk.ts";
import type { SecretHash } from "./documents.ts";

const saltBytes = 16;

/** The secret, salted and hashed. */
export function hashSecret(desk: Desk, secret: string): SecretHash {
  const salt = toBase64Url(desk.entropy.bytes(saltBytes));
  return { salt, hash: digest(desk, salt, secret) };
}

/** True for the secret that was hashed. Takes the same time whatever differs. */
export function isSecret(desk: Desk, kept: SecretHash, secret: string): boolean {
  return isSameText(kept.hash, digest(desk, kept.salt, secret));
}

/** A username is random enough that a plain hash finds it and tells nothing. */
export function usernameHash({ crypto }: Desk, username: string): string {
  return toBase64Url(crypto.hashing.sha256(utf8(username)));
}

/** True when both texts are equal; the time depends on the length alone. */
export function isSameText(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let at = 0; at < one.length; at += 1) difference |= one.charCodeAt(at) ^ other.charCodeAt(at);
  return difference === 0;
}

function digest(desk: Desk, salt: string, secret: string): string {
  return toBase64Url(desk.crypto.hashing.sha512(utf8(`${salt}.${secret}`)));
}
