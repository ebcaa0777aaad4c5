import { type Answer, type Call, fault, type Session, type TransportPort } from "rapport/core";
import type { Relay } from "rapport/relay";

/** Sessions kept at most; the oldest is forgotten, and simply logs in again. */
const sessionsMax = 10_000;

/** A transport that calls the relay in the process. It logs a session in once and remembers who it is. */
export function createLoopbackTransport(relay: Relay): TransportPort {
  const sessions = createSessions(relay);
  let isClosed = false;

  const carry = async (call: Call, session: Session | undefined): Promise<Answer> => {
    if (session === undefined) return relay.call(call);
    const login = await sessions.callerOf(session);
    if (!login.ok) {
      const { code, message } = login.refusal;
      return { ok: false, status: 401, error: { code, message }, rapport: true };
    }
    const answer = await relay.call(call, login.value);
    if (!answer.ok && answer.status === 401) sessions.forget(session);
    if (answer.ok && call.operation === "changePassword") sessions.forget(session);
    return answer;
  };

  return {
    baseUrl: relay.baseUrl,
    hostName: relay.hostName,
    call: async (call, session) => {
      if (isClosed) throw unreachable(new Error("The transport was closed."));
      try {
        return await carry(call, session);
      } catch (cause) {
        throw unreachable(cause);
      }
    },
    onNews: (session, wake) => listen({ relay, sessions, session, wake }),
    [Symbol.asyncDispose]: async () => {
      isClosed = true;
      sessions.forgetAll();
    },
  };
}

function unreachable(cause: unknown) {
  return fault("relay.unreachable", "The relay did not answer. Repeat the call later.", { cause });
}

/** Relay news go by address, which only a login tells; until then nothing can be missed that a wake at once does not cover. */
function listen(at: { relay: Relay; sessions: Sessions; session: Session; wake: () => void }): () => void {
  const { relay, sessions, session, wake } = at;
  let stop: (() => void) | undefined;
  let isOver = false;
  const begin = async () => {
    const login = await sessions.callerOf(session);
    if (isOver || !login.ok) return;
    stop = relay.onNews(login.value.address, ({ kind }) => {
      if (kind === "ExternalEventCreated") wake();
    });
    wake();
  };
  // Without news the engine synchronises when it is asked to; a failed login shows at its next call.
  begin().catch(() => undefined);
  return () => {
    isOver = true;
    stop?.();
  };
}

type Login = Awaited<ReturnType<Relay["authenticate"]>>;

interface Sessions {
  callerOf(session: Session): Promise<Login>;
  forget(session: Session): void;
  forgetAll(): void;
}

interface Known {
  readonly password: string;
  readonly login: Promise<Login>;
}

/** Concurrent calls of one session share one login; a refused login is not remembered. */
function createSessions(relay: Relay): Sessions {
  const knownByUsername = new Map<string, Known>();
  return {
    callerOf: async (session) => {
      const known = knownByUsername.get(session.username);
      if (known !== undefined && known.password === session.password) return known.login;
      const mine: Known = { password: session.password, login: relay.authenticate(session.username, session.password) };
      const oldest = knownByUsername.size >= sessionsMax ? knownByUsername.keys().next().value : undefined;
      if (oldest !== undefined) knownByUsername.delete(oldest);
      knownByUsername.set(session.username, mine);
      const forget = () => {
        if (knownByUsername.get(session.username) === mine) knownByUsername.delete(session.username);
      };
      try {
        const login = await mine.login;
        if (!login.ok) forget();
        return login;
      } catch (error) {
        forget();
        throw error;
      }
    },
    forget: ({ username }) => {
      knownByUsername.delete(username);
    },
    forgetAll: () => knownByUsername.clear(),
  };
}
