/**
 * Access tokens of sessions (spec/backbone-protocol.md 2).
 *
 * T1. One token per session; calls at the same time share one login.
 * T2. A refused or failed login is not remembered.
 */
import type { Answer, Session } from "rapport/core";
import { sessionsMax, tokenRestMs } from "./limits.ts";

/** What a login gave: a token, or what the relay says instead. */
export type Login =
  | { readonly ok: true; readonly token: string; readonly endsAtMs: number }
  | { readonly ok: false; readonly answer: Extract<Answer, { ok: false }>; readonly isTemporary: boolean };

/** The sessions of one transport. */
export interface Sessions {
  loginOf(session: Session): Promise<Login>;
  /** Forgets the token, unless the session has a newer one. */
  forget(session: Session, token: string): void;
  forgetAll(): void;
}

interface Known {
  readonly password: string;
  readonly login: Promise<Login>;
  token: string | undefined;
  endsAtMs: number;
}

/** Sessions that log in with `login` when they have no token that is still good at `now`. */
export function createSessions(login: (session: Session) => Promise<Login>, now: () => number): Sessions {
  const knownByUsername = new Map<string, Known>();

  const forgetKnown = (username: string, known: Known) => {
    if (knownByUsername.get(username) === known) knownByUsername.delete(username);
  };
  const begin = async (session: Session): Promise<Login> => {
    const { username, password } = session;
    const mine: Known = { password, login: login(session), token: undefined, endsAtMs: Number.POSITIVE_INFINITY };
    knownByUsername.delete(username);
    const oldest = knownByUsername.size >= sessionsMax ? knownByUsername.keys().next().value : undefined;
    if (oldest !== undefined) knownByUsername.delete(oldest);
    knownByUsername.set(username, mine);
    try {
      const made = await mine.login;
      if (made.ok) Object.assign(mine, { token: made.token, endsAtMs: made.endsAtMs });
      else forgetKnown(username, mine);
      return made;
    } catch (problem) {
      forgetKnown(username, mine);
      throw problem;
    }
  };

  return {
    loginOf: (session) => {
      const known = knownByUsername.get(session.username);
      const isGood = known?.password === session.password && now() < known.endsAtMs - tokenRestMs;
      return known !== undefined && isGood ? known.login : begin(session);
    },
    forget: (session, token) => {
      const known = knownByUsername.get(session.username);
      if (known !== undefined && known.token === token) forgetKnown(session.username, known);
    },
    forgetAll: () => knownByUsername.clear(),
  };
}
