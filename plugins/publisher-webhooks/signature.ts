import { fault } from "rapport/core";
import { Webhook } from "standardwebhooks";

/** The headers of Standard Webhooks for one call. */
export type SignatureHeaders = {
  readonly "webhook-id": string;
  readonly "webhook-timestamp": string;
  readonly "webhook-signature"?: string;
};

/** What is signed: the event's id, the time of this try, the exact body. */
export interface Signed {
  readonly id: string;
  readonly at: Date;
  readonly body: string;
}

/** Signs with every secret that counts. */
export interface Signer {
  sign(signed: Signed): string;
}

/** Makes a signer, or none when there are no secrets. Faults: `publisher.invalid` for what is no secret. */
export function createSigner(secrets: readonly string[]): Signer | undefined {
  if (secrets.length === 0) return undefined;
  const keys = secrets.map(keyOf);
  return { sign: ({ id, at, body }) => keys.map((key) => key.sign(id, at, body)).join(" ") };
}

/** The headers that let a receiver know a repeat, and, with a signer, that nobody else has sent it. */
export function signatureHeaders(signed: Signed, signer: Signer | undefined): SignatureHeaders {
  const known = { "webhook-id": signed.id, "webhook-timestamp": String(Math.floor(signed.at.getTime() / 1000)) };
  return signer === undefined ? known : { ...known, "webhook-signature": signer.sign(signed) };
}

function keyOf(secret: string): Webhook {
  // The package accepts almost any text; a secret that was cut off would sign, and nobody could check it.
  if (!/^(whsec_)?[A-Za-z0-9+/]{32,88}={0,2}$/.test(secret))
    throw fault(
      "publisher.invalid",
      "A signing secret must be whsec_ and the base64 of 24 to 64 random bytes; make one with: openssl rand -base64 32.",
    );
  return new Webhook(secret);
}
