/**
 * Logging in. Access tokens are opaque random texts of which the store holds only a hash; whoever replaces them by signed
 * ones changes this file alone.
 */
import { type Outcome, type Refusal, refuse } from "../errors/refusal.ts";
import { accessTokenLifeMs, loginFailuresMax, loginLockMs } from "../limits.ts";
import { toBase64Url, utf8 } from "../model/bytes.ts";
import { isId } from "../model/ids.ts";
import { instantOf } from "../model/instant.ts";
import { type Reads, takeTurn } from "../turn/turn.ts";
import type { WireAccessToken } from "../wire/shapes.ts";
import { type OpenHandler, work } from "./asked.ts";
import type { Caller } from "./caller.ts";
import type { Desk } from "./desk.ts";
import {
  type AccessDocument,
  accessKey,
  type DeviceDocument,
  deviceKey,
  type IdentityDocument,
  identityKey,
  type LoginDocument,
  loginKey,
} from "./documents.ts";
import { createDraft, type Draft } from "./draft.ts";
import { isLiving } from "./living.ts";
import { isSameText, isSecret } from "./secrets.ts";

const accessTokenBytes = 32;

/** Checks credentials; counts wrong ones and locks the device after too many. */
export async function authenticate(desk: Desk, username: string, password: string): Promise<Outcome<Caller>> {
  const nowMs = desk.clock.now();
  const taken = await takeTurn(desk, {
    gather: (reads) => gatherLogin(reads, username),
    plan: (
      facts,
    ): { ok: true; value: { value: Outcome<Caller>; puts?: { key: string; document: LoginDocument }[] } } => {
      const judged = judgeLogin(desk, facts, { password, nowMs });
      if (judged.login === undefined) return { ok: true, value: { value: judged.outcome } };
      return {
        ok: true,
        value: { value: judged.outcome, puts: [{ key: loginKey(username), document: judged.login }] },
      };
    },
  });
  return taken.ok ? taken.value : taken;
}

/** The token endpoint: the same check, and a token. */
export const connectToken: OpenHandler = (asked, desk) => {
  const { username, password, grant_type: grantType } = asked.body;
  if (grantType !== "password" || typeof username !== "string" || typeof password !== "string") {
    return wrongCredentials("Give grant_type=password, username and password.");
  }
  if (!isKnownClient(desk, asked.body["client_id"], asked.body["client_secret"])) {
    return refuse("error.platform.unauthorized", "The client id or secret is wrong.", { reason: "invalid_client" });
  }
  const token = toBase64Url(desk.entropy.bytes(accessTokenBytes));
  return work({
    gather: (reads) => gatherLogin(reads, username),
    plan: (facts) => {
      const { outcome, login } = judgeLogin(desk, facts, { password, nowMs: asked.nowMs });
      const draft = createDraft();
      if (login !== undefined) draft.put(loginKey(username), login);
      if (!outcome.ok) return draft.refuse(outcome.refusal);
      putAccess(desk, draft, { token, caller: outcome.value, nowMs: asked.nowMs });
      const result: WireAccessToken = {
        access_token: token,
        token_type: "Bearer",
        expires_in: accessTokenLifeMs / 1000,
      };
      return draft.answer(result);
    },
  });
};

/** Who the token belongs to. */
export async function callerOf(desk: Desk, token: string): Promise<Outcome<Caller>> {
  const found = await desk.store.get<AccessDocument>(accessKey(hashOf(desk, token)));
  const nowMs = desk.clock.now();
  if (found === undefined || found.document.expiresAtMs <= nowMs) return unknownToken;
  const { address, deviceId, username } = found.document;
  const identity = await desk.store.get<IdentityDocument>(identityKey(address));
  if (!isLiving(identity?.document, nowMs)) return unknownToken;
  return { ok: true, value: { address, deviceId, username } };
}

const unknownToken = refuse("error.platform.unauthorized", "The access token is unknown or has expired. Log in again.");

interface LoginFacts {
  readonly identity: IdentityDocument | undefined;
  readonly device: DeviceDocument | undefined;
  readonly login: LoginDocument | undefined;
}

const nobody: LoginFacts = { identity: undefined, device: undefined, login: undefined };

async function gatherLogin(reads: Reads, username: string): Promise<LoginFacts> {
  if (!isId(username, "USR")) return nobody;
  const device = await reads.get<DeviceDocument>(deviceKey(username));
  // A stranger's guesses at names that do not exist must not fill the store.
  if (device === undefined) return nobody;
  const identity = await reads.get<IdentityDocument>(identityKey(device.document.address));
  const login = await reads.get<LoginDocument>(loginKey(username));
  return { identity: identity?.document, device: device.document, login: login?.document };
}

function judgeLogin(
  desk: Desk,
  { identity, device, login }: LoginFacts,
  { password, nowMs }: { readonly password: string; readonly nowMs: number },
): { outcome: Outcome<Caller>; login?: LoginDocument } {
  // Nobody logs in as an identity that has ended, and nothing is counted that would outlive it.
  if (device === undefined || !isLiving(identity, nowMs))
    return { outcome: wrongCredentials("The username or password is wrong.") };
  if (login !== undefined && login.lockedUntilMs > nowMs) {
    return {
      outcome: refuse("error.platform.unauthorized", "The device is locked for a while.", { reason: "locked" }),
    };
  }
  const lastLoginAt = login?.lastLoginAt ?? null;
  if (!isSecret(desk, device.password, password)) {
    const failures = (login?.failures ?? 0) + 1;
    const isLocked = failures >= loginFailuresMax;
    return {
      outcome: wrongCredentials("The username or password is wrong."),
      login: { failures: isLocked ? 0 : failures, lockedUntilMs: isLocked ? nowMs + loginLockMs : 0, lastLoginAt },
    };
  }
  const { address, id: deviceId, username } = device;
  return {
    outcome: { ok: true, value: { address, deviceId, username } },
    login: { failures: 0, lockedUntilMs: 0, lastLoginAt: instantOf(nowMs) },
  };
}

function putAccess(
  desk: Desk,
  draft: Draft,
  { token, caller, nowMs }: { token: string; caller: Caller; nowMs: number },
): void {
  const document: AccessDocument = { ...caller, expiresAtMs: nowMs + accessTokenLifeMs };
  draft.put(accessKey(hashOf(desk, token)), document);
}

function wrongCredentials(message: string): { ok: false; refusal: Refusal } {
  return refuse("error.platform.unauthorized", message, { reason: "invalid_grant" });
}

/** A token is random enough that a plain hash finds it and tells nothing. */
function hashOf({ crypto }: Desk, token: string): string {
  return toBase64Url(crypto.hashing.sha256(utf8(token)));
}

/** True when the registry knows the client, or when there is no registry. */
export function isKnownClient({ clients }: Desk, clientId: unknown, clientSecret: unknown): boolean {
  if (clients === undefined) return true;
  if (typeof clientSecret !== "string") return false;
  return clients.some(({ id, secret }) => id === clientId && isSameText(secret, clientSecret));
}
