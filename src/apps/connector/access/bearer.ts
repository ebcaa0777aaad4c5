// Bearer tokens of an issuer (spec/connector-api.md 3).
import { createRemoteJWKSet, errors, jwtVerify } from "jose";
import { RapportError } from "rapport/core";
import type { JwtBearerConfig } from "../config/authentication-shape.ts";
import type { AccessGround, Caller } from "./access.ts";
import { callerNameOf } from "./caller-name.ts";
import { issuerCacheMs, issuerCooldownMs, issuerMs, tokenCharsMax } from "./limits.ts";

/** Knows the tokens of one issuer. */
export interface Bearer {
  /** Whose token it is; undefined for one that is not valid. Throws `access.issuerUnreachable`. */
  callerOf(authorization: string): Promise<Caller | undefined>;
}

/** Algorithms with key pairs: whoever can check a token cannot make one. */
export const bearerAlgorithms: readonly string[] = Object.freeze([
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
]);

/** Checks tokens by the keys that the issuer publishes; nothing is asked before the first token. */
export function createBearer(config: JwtBearerConfig, ground: AccessGround): Bearer {
  const { audience, tokenSigningAlg = bearerAlgorithms, clockTolerance } = config;
  const issuerOf = createIssuer(config, ground);
  return {
    callerOf: async (authorization) => {
      const [, token] = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+) *$/i.exec(authorization) ?? [];
      if (token === undefined || token.length > tokenCharsMax) return undefined;
      try {
        const { keys, names } = await issuerOf();
        const { payload } = await jwtVerify(token, keys, {
          issuer: [...names],
          audience: [audience].flat(),
          algorithms: [tokenSigningAlg].flat(),
          clockTolerance,
          currentDate: new Date(ground.clock.now()),
          requiredClaims: ["exp"],
        });
        const { sub = "somebody", scope } = payload;
        const scopes = typeof scope === "string" ? scope.split(" ").filter((one) => one !== "") : [];
        return { name: callerNameOf("bearer", sub), scopes };
      } catch (problem) {
        if (isAboutToken(problem)) return undefined;
        throw unreachable(problem);
      }
    },
  };
}

const aboutIssuer = new Set(["ERR_JWKS_TIMEOUT", "ERR_JWKS_INVALID", "ERR_JOSE_GENERIC"]);

// Whatever else goes wrong does so on the way to the issuer.
function isAboutToken(problem: unknown): boolean {
  return problem instanceof errors.JOSEError && !aboutIssuer.has(problem.code);
}

/** The fault for an issuer that does not answer, or not in its protocol. */
export function unreachable(cause: unknown): RapportError {
  if (cause instanceof RapportError) return cause;
  return new RapportError("access.issuerUnreachable", "The issuer does not answer as one. Repeat the call later.", {
    cause,
  });
}

interface Issuer {
  readonly keys: ReturnType<typeof createRemoteJWKSet>;
  /** What tokens of it may say about who made them. */
  readonly names: readonly string[];
}

/** Asks for the issuer's metadata at most once in a while; a failure is not remembered. */
function createIssuer(config: JwtBearerConfig, ground: AccessGround): () => Promise<Issuer> {
  let known: { readonly issuer: Promise<Issuer>; readonly sinceMs: number } | undefined;
  const ask = (): Promise<Issuer> => {
    const asked = { issuer: issuerAt(config), sinceMs: ground.clock.now() };
    known = asked;
    asked.issuer.catch(() => {
      if (known === asked) known = undefined;
    });
    return asked.issuer;
  };
  return () => (known !== undefined && ground.clock.now() - known.sinceMs < issuerCacheMs ? known.issuer : ask());
}

async function issuerAt({ issuerBaseURL, jwksUri }: JwtBearerConfig): Promise<Issuer> {
  const bare = issuerBaseURL.replace(/\/+$/, "");
  if (jwksUri !== undefined) return { keys: keysAt(jwksUri), names: [bare, `${bare}/`] };
  const { issuer, jwks_uri: uri } = await metadataAt(bare);
  if (typeof issuer !== "string" || typeof uri !== "string") {
    throw new RapportError("access.issuerUnreachable", "The issuer's metadata names no issuer or no keys.");
  }
  return { keys: keysAt(uri), names: [issuer] };
}

function keysAt(uri: string): Issuer["keys"] {
  return createRemoteJWKSet(new URL(uri), {
    timeoutDuration: issuerMs,
    cooldownDuration: issuerCooldownMs,
    cacheMaxAge: issuerCacheMs,
  });
}

async function metadataAt(bare: string): Promise<Record<string, unknown>> {
  for (const name of ["openid-configuration", "oauth-authorization-server"]) {
    const signal = AbortSignal.timeout(issuerMs);
    const answer = await fetch(`${bare}/.well-known/${name}`, { signal, redirect: "error" });
    if (answer.ok) return (await answer.json()) as Record<string, unknown>;
    await answer.body?.cancel();
  }
  throw new RapportError("access.issuerUnreachable", "The issuer has no metadata; name its keys with jwksUri.");
}
