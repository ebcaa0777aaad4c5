import { type Outcome, refuse } from "../errors/refusal.ts";
import { toBase64Url, utf8 } from "../model/bytes.ts";
import type { Json } from "../model/json.ts";
import type { Crypto } from "../ports/crypto.ts";
import { ownBytes } from "./keys.ts";
import { bytesOf, parseEncoded, parseObject } from "./shape.ts";
import { readSignature } from "./signature.ts";
import { publicKeyBytes } from "./suite.ts";

/** A challenge as the relay gave it; the last two are null or absent when it was asked for without a login. */
export type Challenge = {
  readonly id: string;
  readonly expiresAt: string;
  readonly createdBy?: string | null;
  readonly createdByDevice?: string | null;
};

/** Which kind of key signed. */
export type ChallengeType = "Identity" | "Device" | "Relationship";

/** A challenge's exact text, and the signature over it. */
export type SignedChallenge = { readonly challenge: string; readonly signature: string };

/** Signs a challenge (spec/backbone-protocol.md 4.1). The private key is base64url. */
export function signChallenge(
  crypto: Crypto,
  { id, expiresAt, createdBy, createdByDevice }: Challenge,
  { type, privateKey }: { readonly type: ChallengeType; readonly privateKey: string },
): SignedChallenge {
  const challenge = JSON.stringify({
    createdBy: createdBy ?? undefined,
    createdByDevice: createdByDevice ?? undefined,
    expiresAt,
    id,
    type,
  });
  const sig = toBase64Url(crypto.signing.sign(utf8(challenge), ownBytes(privateKey)));
  return { challenge, signature: toBase64Url(utf8(`{"sig":"${sig}","alg":2,"@type":"CryptoSignature"}`)) };
}

/** The id of the challenge, when the signature over its received text is by this key (base64url). */
export function verifyChallenge(
  crypto: Crypto,
  { challenge, signature }: SignedChallenge,
  publicKey: string,
): Outcome<{ readonly id: string; readonly type: Json | undefined }> {
  const read = readSignature(parseEncoded(signature), "challenge");
  const key = bytesOf(publicKey, publicKeyBytes);
  if (!read.ok || key === undefined || !crypto.signing.verify(utf8(challenge), read.value, key)) {
    const message = "The challenge's signature does not match the public key. Sign the exact text that is sent.";
    return refuse("error.platform.validation.device.invalidSignature", message);
  }
  const parsed = parseObject(challenge);
  const id = parsed?.["id"];
  if (typeof id !== "string") return refuse("error.platform.inputCannotBeParsed", "The challenge has no id.");
  return { ok: true, value: { id, type: parsed?.["type"] } };
}
