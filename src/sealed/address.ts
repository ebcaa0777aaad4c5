import { fromBase64Url, toHex, utf8 } from "../model/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";
import { ownBytes } from "./keys.ts";
import { publicKeyBytes } from "./suite.ts";

/** The longest address there is (spec/backbone-protocol.md 3). */
export const addressLengthMax = 80;

/** The host that stands in the address of an identity; an IP address is none. */
const hostPattern = "(?:[a-z0-9-]+\\.)*[a-z]{2,}";
const hostShape = new RegExp(`^${hostPattern}$`);
const addressShape = new RegExp(`^did:e:(${hostPattern}):dids:[0-9a-f]{22}$`);
const hostLengthMin = 3;
const hostLengthMax = 45;
const digestBytes = 10;
const erasedName = "deleted identity";

/** The address of an identity's public key (base64url) at the relay of that host name. */
export function addressOf(crypto: Crypto, publicKey: string, hostName: string): string {
  return addressOfBytes(crypto, ownBytes(publicKey), hostName);
}

/** True when the text is an address and its digits derive from this public key (base64url). */
export function isAddressOf(crypto: Crypto, address: string, publicKey: string): boolean {
  const bytes = fromBase64Url(publicKey);
  return bytes !== undefined && isAddressOfBytes(crypto, address, bytes);
}

/** The same for the key's bytes. */
export function isAddressOfBytes(crypto: Crypto, address: string, publicKey: Uint8Array): boolean {
  const host = hostOf(address);
  return (
    host !== undefined && publicKey.length === publicKeyBytes && addressOfBytes(crypto, publicKey, host) === address
  );
}

/** True for an address with the right checksum. */
export function isAddress(crypto: Crypto, text: unknown): text is string {
  if (typeof text !== "string" || hostOf(text) === undefined) return false;
  return text.endsWith(checksumOf(crypto, text.slice(0, -2)));
}

/** The host name in an address, or undefined when the text is none. */
export function hostOf(address: string): string | undefined {
  if (address.length > addressLengthMax) return undefined;
  const host = addressShape.exec(address)?.[1];
  return host !== undefined && isHost(host) ? host : undefined;
}

/** True for a host name that addresses may be made for. */
export function isHost(text: string): boolean {
  return text.length >= hostLengthMin && text.length <= hostLengthMax && hostShape.test(text);
}

/** What a client shows instead of the address of an erased identity. */
export function pseudonymOf(crypto: Crypto, hostName: string): string {
  return addressOfBytes(crypto, utf8(erasedName), hostName);
}

/** What a relay shows instead of the address of an erased identity: the same phrase as UTF-16LE. */
export function relayPseudonymOf(crypto: Crypto, hostName: string): string {
  const wide = Uint8Array.from({ length: erasedName.length * 2 }, (_, index) =>
    index % 2 === 0 ? erasedName.charCodeAt(index / 2) : 0,
  );
  return addressOfBytes(crypto, wide, hostName);
}

function addressOfBytes(crypto: Crypto, publicKey: Uint8Array, hostName: string): string {
  const digest = crypto.hashing.sha256(crypto.hashing.sha512(publicKey));
  const phrase = `did:e:${hostName}:dids:${toHex(digest.subarray(0, digestBytes))}`;
  return phrase + checksumOf(crypto, phrase);
}

function checksumOf(crypto: Crypto, phrase: string): string {
  return toHex(crypto.hashing.sha256(utf8(phrase)).subarray(0, 1));
}
