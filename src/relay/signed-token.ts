/**
 * Signed tokens in the one form that this relay makes: a compact JWS with EdDSA (RFC 7515, 7519, 8037).
 *
 * J1. A header is not interpreted. It is the very text that belongs to a key of ours, or it is none of ours: no other
 *     algorithm, no other type and no second spelling ever reaches a verification.
 * J2. Claims are read only after their signature was found to be right.
 */
import { fromBase64Url, fromUtf8, toBase64Url, utf8 } from "../model/bytes.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { Crypto, KeyPair } from "../ports/crypto.ts";
import { isObject } from "./fields.ts";

/** A key and the only header that tokens signed with it have. */
export interface TokenKey extends KeyPair {
  readonly header: string;
}

/** The parts of a text that has the form of a token. */
export interface TokenParts {
  readonly header: string;
  readonly claims: string;
  readonly signature: Uint8Array;
}

const signatureBytes = 64;

/** The header of tokens that the key with this id signs. */
export function headerOf(keyId: string): string {
  return toBase64Url(utf8(JSON.stringify({ alg: "EdDSA", kid: keyId, typ: "JWT" })));
}

/** The claims as a token. */
export function signToken(crypto: Crypto, { header, privateKey }: TokenKey, claims: JsonObject): string {
  const signed = `${header}.${toBase64Url(utf8(JSON.stringify(claims)))}`;
  return `${signed}.${toBase64Url(crypto.signing.sign(utf8(signed), privateKey))}`;
}

/** Takes a text apart; undefined when it has not the form of a token. */
export function partsOf(text: string): TokenParts | undefined {
  const [header, claims, encoded, ...more] = text.split(".", 4);
  if (header === undefined || claims === undefined || encoded === undefined || more.length > 0) return undefined;
  const signature = fromBase64Url(encoded);
  return signature?.length === signatureBytes ? { header, claims, signature } : undefined;
}

/** The claims, if the key signed them. */
export function verifiedClaims(crypto: Crypto, key: TokenKey, parts: TokenParts): JsonObject | undefined {
  const { header, claims, signature } = parts;
  if (header !== key.header) return undefined;
  if (!crypto.signing.verify(utf8(`${header}.${claims}`), signature, key.publicKey)) return undefined;
  const bytes = fromBase64Url(claims);
  const text = bytes === undefined ? undefined : fromUtf8(bytes);
  return text === undefined ? undefined : objectIn(text);
}

function objectIn(text: string): JsonObject | undefined {
  try {
    const value: Json = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
