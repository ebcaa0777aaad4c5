// C2. The two directions of a Relationship have keys of their own, and each counter belongs to one direction.
import { type Outcome, refuse } from "../errors/refusal.ts";
import { toBase64Url } from "../model/bytes.ts";
import type { Crypto, KeyPair } from "../ports/crypto.ts";
import type { Channel } from "./cipher.ts";
import { ownBytes, type StoredKeyPair } from "./keys.ts";

/** What a party of a Relationship keeps, sealed: keys, nonce bases and signature keys, all base64url. */
export type RelationshipSecrets = {
  readonly sendKey: string;
  readonly sendNonce: string;
  readonly receiveKey: string;
  readonly receiveNonce: string;
  /** The own signature key of this Relationship. */
  readonly signature: StoredKeyPair;
  /** The peer's, which its messages are verified with. */
  readonly peerSignatureKey: string;
};

/** The counter of the first message: the answer to the creation used the one before. */
export const firstMessageCounter = 1;

/** The counter that sealing an acceptance or a rejection uses, once, with keys made for it alone. */
export const responseCounter = 0;

/** Keys of both directions for one side; undefined when the peer's public key is of small order. */
export function exchangeChannels(
  crypto: Crypto,
  side: "requestor" | "templator",
  keys: { readonly own: KeyPair; readonly peerKey: Uint8Array },
): { readonly sendKey: Uint8Array; readonly receiveKey: Uint8Array } | undefined {
  const shared = exchange(crypto, side, keys);
  if (shared === undefined) return undefined;
  const { derive } = crypto.hashing;
  const [send, receive] = side === "requestor" ? ["RELREQ01", "RELTEM01"] : ["RELTEM01", "RELREQ01"];
  return { sendKey: derive(shared.tx, 1, send), receiveKey: derive(shared.rx, 1, receive) };
}

/** The key of the creation's cipher: what the requestor's short-lived key and the template key share. */
export function creationKey(
  crypto: Crypto,
  side: "requestor" | "templator",
  keys: { readonly own: KeyPair; readonly peerKey: Uint8Array },
): Uint8Array | undefined {
  const shared = exchange(crypto, side, keys);
  if (shared === undefined) return undefined;
  return crypto.hashing.derive(side === "requestor" ? shared.tx : shared.rx, 1, "REQTMP01");
}

/** The channel that the owner of the secrets sends on. */
export function sendChannel(secrets: RelationshipSecrets): Channel {
  return { key: ownBytes(secrets.sendKey), nonce: ownBytes(secrets.sendNonce) };
}

/** The channel that the owner of the secrets receives on. */
export function receiveChannel(secrets: RelationshipSecrets): Channel {
  return { key: ownBytes(secrets.receiveKey), nonce: ownBytes(secrets.receiveNonce) };
}

/** The secrets of two channels as they are kept. */
export function storedChannels(send: Channel, receive: Channel) {
  return {
    sendKey: toBase64Url(send.key),
    sendNonce: toBase64Url(send.nonce),
    receiveKey: toBase64Url(receive.key),
    receiveNonce: toBase64Url(receive.nonce),
  };
}

/** The refusal for a public key that would make the shared secret known to everybody. */
export function weakKey(what: string): Outcome<never> {
  return refuse("seal.malformed", `The ${what} offers a key that keeps no secret. Do not trust it.`);
}

/** The requestor always plays the server of libsodium's exchange, the templator the client. */
function exchange(
  crypto: Crypto,
  side: "requestor" | "templator",
  { own, peerKey }: { readonly own: KeyPair; readonly peerKey: Uint8Array },
): { readonly rx: Uint8Array; readonly tx: Uint8Array } | undefined {
  try {
    return side === "requestor" ? crypto.exchange.asServer(own, peerKey) : crypto.exchange.asClient(own, peerKey);
  } catch {
    return undefined;
  }
}
