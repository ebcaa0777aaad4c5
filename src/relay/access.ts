/** Logging in (spec/backbone-protocol.md 2). */
import { type Outcome, type Refusal, refuse } from "../errors/refusal.ts";
import { accessTokenLifeMs, loginFailuresMax, loginLockMs } from "../limits.ts";
import { isId } from "../model/ids.ts";
import { instantOf } from "../model/instant.ts";
import { type Reads, takeTurn } from "../turn/turn.ts";
import type { WireAccessToken } from "../wire/shapes.ts";
import { type OpenHandler, work } from "./asked.ts";
import type { Caller } from "./caller.ts";
import { gatherClient, isKnownClient } from "./clients.ts";
import type { Desk } from "./desk.ts";
import {
  type DeviceDocument,
  deviceKey,
  type IdentityDocument,
  identityKey,
  type LoginDocument,
  loginKey,
} from "./documents.ts";
import { createDraft } from "./draft.ts";
import { isLiving } from "./living.ts";
import { isSecret } from "./secrets.ts";

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

/** The token endpoint: the same check, and a token. Its refusals carry the `error` of OAuth (RFC 6749, 5.2) as reason. */
export const connectToken: OpenHandler = (asked, desk) => {
  const { username, password, grant_type: grantType, client_id: clientId, client_secret: clientSecret } = asked.body;
  if (typeof grantType === "string" && grantType !== "password") {
    return denied("unsupported_grant_type", "The only grant is grant_type=password.");
  }
  if (grantType === undefined || typeof username !== "string" || typeof password !== "string") {
    return denied("invalid_request", "Give grant_type=password, username and password.");
  }
  return work({
    gather: async (reads) => ({
      client: await gatherClient(reads, desk, clientId),
      login: await gatherLogin(reads, username),
      key: await desk.signingKeys.current(),
    }),
    plan: ({ client, login: facts, key }) => {
      if (!isKnownClient(desk, client, clientSecret)) {
        return denied("invalid_client", "The client id or secret is wrong.", 401);
      }
      const { outcome, login } = judgeLogin(desk, facts, { password, nowMs: asked.nowMs });
      const draft = createDraft();
      if (login !== undefined) draft.put(loginKey(username), login);
      if (!outcome.ok) return draft.refuse(forTokenEndpoint(outcome.refusal));
      const result: WireAccessToken = {
        access_token: desk.accessTokens.issue(key, outcome.value, { clientId: client.id, nowMs: asked.nowMs }),
        token_type: "Bearer",
        expires_in: accessTokenLifeMs / 1000,
      };
      return draft.answer(result);
    },
  });
};

function denied(reason: string, message: string, status = 400): { ok: false; refusal: Refusal } {
  return refuse("error.platform.unauthorized", message, { reason, status });
}

/** Anywhere else a failed login is a 401; clients of the token endpoint know a 400. */
function forTokenEndpoint({ code, message, details }: Refusal): Refusal {
  return { code, message, details: { ...details, status: 400 } };
}

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
      outcome: refuse("error.platform.unauthorized", "The device is locked for a while.", { reason: "access_denied" }),
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

function wrongCredentials(message: string): { ok: false; refusal: Refusal } {
  return refuse("error.platform.unauthorized", message, { reason: "invalid_grant" });
}
