import { type Outcome, refuse } from "../errors/refusal.ts";
import { toBase64Url, utf8 } from "../model/bytes.ts";
import { isId } from "../model/ids.ts";
import type { Json } from "../model/json.ts";
import type { Crypto } from "../ports/crypto.ts";
import { ownBytes } from "./keys.ts";
import { bytesOf, parseEncoded, parseObject } from "./shape.ts";
import { readSignature, type SignatureLabel } from "./signature.ts";
import { publicKeyBytes } from "./suite.ts";

/** A challenge as the relay gave it; the last two are null or absent when it was asked for without a login. */
export type Challenge = {
  readonly id: string;
  readonly expiresAt: string;
  readonly createdBy?: string | null;
  readonly createdByDevice?: string | null;
};

/** Which kind of key signed. */
export const challengeTypes = ["Identity", "Device", "Relationship"] as const;
export type ChallengeType = (typeof challengeTypes)[number];

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
  const label: SignatureLabel = type === "Relationship" ? 1 : 2;
  return { challenge, signature: toBase64Url(utf8(`{"sig":"${sig}","alg":${label},"@type":"CryptoSignature"}`)) };
}

/** What a signed challenge says, before anybody has looked at who signed it; undefined when it is none. */
export function readChallenge({
  challenge,
  signature,
}: SignedChallenge): (Challenge & { readonly type: ChallengeType }) | undefined {
  const { id, expiresAt, createdBy, createdByDevice, type } = parseObject(challenge) ?? {};
  const known = challengeTypes.find((one) => one === type);
  if (known === undefined || !isId(id, "CHL") || typeof expiresAt !== "string") return undefined;
  if (!isTextOrNothing(createdBy) || !isTextOrNothing(createdByDevice)) return undefined;
  if (!readSignature(parseEncoded(signature), "challenge").ok) return undefined;
  return { id, expiresAt, createdBy: createdBy ?? null, createdByDevice: createdByDevice ?? null, type: known };
}

function isTextOrNothing(value: Json | undefined): value is string | null | undefined {
  return value === undefined || value === null || typeof value === "string";
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
