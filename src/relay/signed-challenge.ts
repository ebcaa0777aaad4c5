/** The proof that somebody has the key of an identity (spec/backbone-protocol.md 4.1). */
import { type Outcome, refuse } from "../errors/refusal.ts";
import { isId } from "../model/ids.ts";
import type { Stored } from "../ports/store.ts";
import { verifyChallenge } from "../sealed/challenge.ts";
import { type Asked, notFound } from "./asked.ts";
import type { Desk } from "./desk.ts";
import type { ChallengeDocument } from "./documents.ts";
import { invalid, isObject } from "./fields.ts";

/** A signed challenge is a small object and a signature; anything longer is not one. */
const signedChallengeCharsMax = 10_000;

/** The id of the challenge that this key (base64url) has signed. The signature is over the text as it was received. */
export function signedChallengeId({ body }: Asked, desk: Desk, publicKey: string): Outcome<string> {
  const signed = body["signedChallenge"];
  const challenge = isObject(signed) ? signed["challenge"] : undefined;
  const signature = isObject(signed) ? signed["signature"] : undefined;
  const isText = typeof challenge === "string" && typeof signature === "string";
  if (!isText || challenge.length + signature.length > signedChallengeCharsMax) {
    return invalid('The member "signedChallenge" must hold a challenge and its signature.');
  }
  const verified = verifyChallenge(desk.crypto, { challenge, signature }, publicKey);
  if (!verified.ok) return verified;
  const { id } = verified.value;
  return isId(id, "CHL") ? { ok: true, value: id } : notFound("Challenge");
}

/** The challenge, while it can be used. Whoever uses it deletes it in the same commit, so that it is used once. */
export function usableChallenge(
  challenge: Stored<ChallengeDocument> | undefined,
  nowMs: number,
): Outcome<Stored<ChallengeDocument>> {
  if (challenge === undefined) return notFound("Challenge");
  if (challenge.document.expiresAtMs > nowMs) return { ok: true, value: challenge };
  return refuse("error.platform.validation.device.challengeHasExpired", "The challenge has expired.");
}
