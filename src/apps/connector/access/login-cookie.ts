// What a browser keeps between the begin and the end of a login.
import { createHash } from "node:crypto";
import { z } from "zod";

const loginShape = z.strictObject({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  returnTo: z.string(),
  endsAtMs: z.number(),
});

/** A login that has begun. */
export type BegunLogin = z.infer<typeof loginShape>;

/** The login as the text of a cookie, which is to be signed. */
export function sealedLogin(login: BegunLogin): string {
  return Buffer.from(JSON.stringify(login)).toString("base64url");
}

/** The login in the text of a cookie; undefined when it is none, or took too long. */
export function unsealedLogin(text: string, nowMs: number): BegunLogin | undefined {
  try {
    const login = loginShape.parse(JSON.parse(Buffer.from(text, "base64url").toString()));
    return nowMs < login.endsAtMs ? login : undefined;
  } catch {
    return undefined;
  }
}

/** A key for cookies of one purpose, out of the one secret that the operator chose, whatever its length. */
export function cookieKeyOf(secret: string, purpose: string): string {
  return createHash("sha256").update(`rapport connector cookie ${purpose}\n${secret}`).digest("hex");
}
