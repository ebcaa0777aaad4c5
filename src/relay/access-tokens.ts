/**
 * Access tokens: signed, so that a login writes nothing for them and a call reads nothing (spec/backbone-protocol.md 2).
 * Nobody can take one back; it ends after `accessTokenLifeMs`.
 */
import { type Outcome, refuse } from "../errors/refusal.ts";
import { accessTokenCharsMax, accessTokenLifeMs, verifiedTokensMax } from "../limits.ts";
import { isId, newId } from "../model/ids.ts";
import type { JsonObject } from "../model/json.ts";
import type { Caller } from "./caller.ts";
import type { Desk } from "./desk.ts";
import { partsOf, signToken, type TokenKey, verifiedClaims } from "./signed-token.ts";

/** Makes and checks access tokens. */
export interface AccessTokens {
  /** A token of the caller, signed with a key of `desk.signingKeys`. */
  issue(key: TokenKey, caller: Caller, at: { readonly clientId: string | null; readonly nowMs: number }): string;
  /** Who the token belongs to. Whatever is wrong with a token, the refusal is the same. */
  callerOf(token: string): Promise<Outcome<Caller>>;
}

interface Verified {
  readonly caller: Caller;
  readonly expiresAtMs: number;
}

/** The tokens of one process; it remembers some that it has verified. */
export function createAccessTokens(desk: Pick<Desk, "clock" | "entropy" | "crypto" | "signingKeys">): AccessTokens {
  const { clock, entropy, crypto, signingKeys } = desk;
  const verifiedByToken = new Map<string, Verified>();

  const verify = async (token: string): Promise<Verified | undefined> => {
    const parts = token.length > accessTokenCharsMax ? undefined : partsOf(token);
    const key = parts === undefined ? undefined : await signingKeys.find(parts.header);
    if (parts === undefined || key === undefined) return undefined;
    const claims = verifiedClaims(crypto, key, parts);
    return claims === undefined ? undefined : verifiedIn(claims);
  };
  const remember = (token: string, verified: Verified) => {
    const oldest = verifiedByToken.size >= verifiedTokensMax ? verifiedByToken.keys().next().value : undefined;
    if (oldest !== undefined) verifiedByToken.delete(oldest);
    verifiedByToken.set(token, verified);
  };

  return {
    issue: (key, { address, deviceId, username }, { clientId, nowMs }) => {
      // A user of the protocol is a device's login, so its id and its name are the same.
      const claims = {
        sub: username,
        name: username,
        nmshd_address: address,
        device_id: deviceId,
        client_id: clientId ?? undefined,
        iat: Math.floor(nowMs / 1000),
        exp: Math.floor((nowMs + accessTokenLifeMs) / 1000),
        jti: newId("ATK", entropy),
      };
      return signToken(crypto, key, claims);
    },
    callerOf: async (token) => {
      const known = verifiedByToken.get(token);
      const verified = known ?? (await verify(token));
      if (verified !== undefined && verified.expiresAtMs > clock.now()) {
        if (known === undefined) remember(token, verified);
        return { ok: true, value: verified.caller };
      }
      verifiedByToken.delete(token);
      return refuse("error.platform.unauthorized", "The access token is unknown or has expired. Log in again.");
    },
  };
}

/** Tokens of an earlier version of the relay may lack a claim; they end soon. */
function verifiedIn(claims: JsonObject): Verified | undefined {
  const { sub: username, nmshd_address: address, device_id: deviceId, exp } = claims;
  if (!isId(username, "USR") || !isId(deviceId, "DVC")) return undefined;
  if (typeof address !== "string" || typeof exp !== "number") return undefined;
  return { caller: { address, deviceId, username }, expiresAtMs: exp * 1000 };
}
