// An issuer of tokens on this machine: its metadata, its keys, and tokens good and bad.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { onTestFinished } from "vitest";

/** What a token may differ in. */
export interface TokenOptions {
  readonly issuer?: string;
  readonly audience?: string;
  readonly expiresAt?: number;
  readonly isEndless?: boolean;
  readonly notBefore?: number;
  readonly payload?: JWTPayload;
  readonly algorithm?: string;
  readonly key?: CryptoKey | Uint8Array;
  readonly kid?: string;
}

/** An issuer that listens. */
export interface Issuer {
  readonly url: string;
  /** The public key as PEM, as an attacker would use it for a secret. */
  readonly publicPem: string;
  /** How often something was asked. */
  readonly asked: { metadata: number; keys: number };
  token(options?: TokenOptions): Promise<string>;
  /** Signs with a new key from now on, which is published under a new id. */
  rotate(): Promise<void>;
  close(): Promise<void>;
}

/** Opens one with the time of a clock in seconds. */
export async function openIssuer(nowSeconds: () => number): Promise<Issuer> {
  let { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
  let kid = "first";
  const asked = { metadata: 0, keys: 0 };
  const server = createServer(async (request, response) => {
    const send = (body: object) =>
      void response.setHeader("content-type", "application/json").end(JSON.stringify(body));
    if (request.url === "/.well-known/openid-configuration") {
      asked.metadata += 1;
      return send({ issuer: url, jwks_uri: `${url}/keys` });
    }
    if (request.url === "/keys") {
      asked.keys += 1;
      return send({ keys: [{ ...(await exportJWK(publicKey)), kid, alg: "RS256", use: "sig" }] });
    }
    response.statusCode = 404;
    response.end();
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  onTestFinished(close);
  const publicPem = await exportSPKI(publicKey);
  return {
    url,
    publicPem,
    asked,
    close,
    rotate: async () => {
      ({ privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true }));
      kid = "second";
    },
    token: ({ issuer = url, audience = "connector", expiresAt = nowSeconds() + 60, ...more } = {}) => {
      const token = new SignJWT({ sub: "service", scope: "core:account monitoring:version", ...more.payload })
        .setProtectedHeader({ alg: more.algorithm ?? "RS256", kid: more.kid ?? kid })
        .setIssuer(issuer)
        .setAudience(audience);
      if (more.isEndless !== true) token.setExpirationTime(expiresAt);
      if (more.notBefore !== undefined) token.setNotBefore(more.notBefore);
      return token.sign(more.key ?? privateKey);
    },
  };
}
