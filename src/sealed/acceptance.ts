/**
 * The second half of the handshake (spec/backbone-protocol.md 10.3), and the same form for a rejection with content.
 * C1: what does not match its author is refused. C2: every answer has keys of its own, so its counter 0 is used once,
 * even when an answer is sealed anew with other content.
 */

import { type Outcome, refuse } from "../errors/refusal.ts";
import { toBase64Url, utf8 } from "../model/bytes.ts";
import { extended } from "../model/extended.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { Crypto } from "../ports/crypto.ts";
import { exchangeChannels, type RelationshipSecrets, responseCounter, storedChannels, weakKey } from "./channels.ts";
import { decryptCounted, encryptCounted } from "./cipher.ts";
import { openSigned, type PublicRequest, publicJson, type RequestSecrets, signTwice } from "./creation.ts";
import { openPair, ownBytes, storedPair } from "./keys.ts";
import { bytesOf, isObject, malformed, parseEncoded, publicKeyOf, unsupported } from "./shape.ts";
import { nonceBytes, type Suite, seedBytes, suiteId } from "./suite.ts";

/** What answering a creation takes. `content` is read by our own clients and ignored by others. */
export type Answer = {
  readonly request: PublicRequest;
  readonly relationshipId: string;
  readonly devicePrivateKey: string;
  readonly content?: JsonObject;
};

/** What is sent to the relay, and what the templator keeps, sealed, for the messages to come. */
export type SealedAcceptance = { readonly creationResponseContent: string; readonly secrets: RelationshipSecrets };

/** What an answer says to the requestor. */
export type OpenedAcceptance = { readonly secrets: RelationshipSecrets; readonly content?: JsonObject };

const what = "answer to the creation of a Relationship";

/** Seals the acceptance of a creation. Refuses when the requestor's key would keep no secret. */
export function sealAcceptance({ crypto, entropy }: Suite, answer: Answer): Outcome<SealedAcceptance> {
  const { request, relationshipId, content } = answer;
  const exchange = crypto.exchange.keyPair(entropy.bytes(seedBytes));
  const signature = crypto.signing.keyPair(entropy.bytes(seedBytes));
  const nonce = entropy.bytes(nonceBytes);
  const keys = exchangeChannels(crypto, "templator", { own: exchange, peerKey: ownBytes(request.exchangeKey) });
  if (keys === undefined) return weakKey("creation of a Relationship");

  const contentMember = content === undefined ? "" : `"content":${JSON.stringify(content)},`;
  const wrapper =
    `{"@type":"RelationshipCreationResponseContentWrapper",${contentMember}` +
    `"relationshipId":${JSON.stringify(relationshipId)}}`;
  const signed = signTwice(crypto, wrapper, {
    devicePrivateKey: answer.devicePrivateKey,
    relationshipKey: signature.privateKey,
    member: "serializedCreationResponseContent",
  });
  const send = { key: keys.sendKey, nonce };
  const cipher = encryptCounted(crypto, signed, send, { counter: responseCounter });
  if (!cipher.ok) return cipher;
  const receive = { key: keys.receiveKey, nonce: ownBytes(request.nonce) };
  const own = storedPair(signature);
  const sealed =
    `{"@type":"RelationshipCreationResponseContentCipher","cipher":${cipher.value},` +
    `"publicCreationResponseContentCrypto":{"exc":${publicJson(toBase64Url(exchange.publicKey))},` +
    `"sig":${publicJson(own.publicKey)},"sta":{"nnc":"${toBase64Url(nonce)}","alg":${suiteId},"typ":2}}}`;
  const secrets = extended(storedChannels(send, receive), {
    signature: own,
    peerSignatureKey: request.signatureKey,
  });
  return { ok: true, value: { creationResponseContent: toBase64Url(utf8(sealed)), secrets } };
}

/** Opens the acceptance of the own creation; refuses what was made for another Relationship. */
export function openAcceptance(
  crypto: Crypto,
  creationResponseContent: string,
  expected: { readonly secrets: RequestSecrets; readonly relationshipId: string },
): Outcome<OpenedAcceptance> {
  const sealed = parseEncoded(creationResponseContent);
  const response = sealed?.["publicCreationResponseContentCrypto"];
  if (sealed === undefined || !isObject(response)) return malformed(what);
  const exchangeKey = publicKeyOf(response["exc"], what);
  if (!exchangeKey.ok) return exchangeKey;
  const signatureKey = publicKeyOf(response["sig"], what);
  if (!signatureKey.ok) return signatureKey;
  const nonce = readState(response["sta"]);
  if (!nonce.ok) return nonce;

  const { secrets } = expected;
  const own = openPair(secrets.exchange);
  const keys = exchangeChannels(crypto, "requestor", { own, peerKey: exchangeKey.value });
  if (keys === undefined) return weakKey(what);
  const receive = { key: keys.receiveKey, nonce: nonce.value };
  const text = decryptCounted(crypto, sealed["cipher"], receive, what);
  if (!text.ok) return text;
  const member = "serializedCreationResponseContent";
  const wrapper = openSigned(crypto, text.value, { member, key: signatureKey.value, what });
  if (!wrapper.ok) return wrapper;
  const { relationshipId, content } = wrapper.value;
  if (relationshipId !== expected.relationshipId) {
    return refuse("seal.broken", `The ${what} was made for another Relationship. Do not trust it.`);
  }
  const send = { key: keys.sendKey, nonce: ownBytes(secrets.nonce) };
  const final: RelationshipSecrets = extended(storedChannels(send, receive), {
    signature: secrets.signature,
    peerSignatureKey: toBase64Url(signatureKey.value),
  });
  return { ok: true, value: isObject(content) ? { secrets: final, content } : { secrets: final } };
}

/** Seals what a rejection says: the form of an acceptance, with keys that nobody keeps. */
export function sealRejection(suite: Suite, answer: Answer & { readonly content: JsonObject }): Outcome<string> {
  const sealed = sealAcceptance(suite, answer);
  return sealed.ok ? { ok: true, value: sealed.value.creationResponseContent } : sealed;
}

/** What a rejection says; undefined when it carries no content of ours. */
export function openRejection(
  crypto: Crypto,
  creationResponseContent: string,
  expected: { readonly secrets: RequestSecrets; readonly relationshipId: string },
): Outcome<JsonObject | undefined> {
  const opened = openAcceptance(crypto, creationResponseContent, expected);
  return opened.ok ? { ok: true, value: opened.value.content } : opened;
}

/** The nonce base in the CryptoPublicState of the templator's sending side. */
function readState(value: Json | undefined): Outcome<Uint8Array> {
  if (!isObject(value) || typeof value["alg"] !== "number") return malformed(what);
  if (value["alg"] !== suiteId) return unsupported(what);
  const nonce = bytesOf(value["nnc"], nonceBytes);
  return nonce === undefined ? malformed(what) : { ok: true, value: nonce };
}
