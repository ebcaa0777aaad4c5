/**
 * Sessions of people who are logged in, in the memory of this process.
 *
 * S1. There are at most `sessionsMax`; the one that is the oldest goes first.
 */
import type { Session } from "fastify";
import type { ClockPort } from "rapport/core";
import { sessionMs, sessionsMax } from "./limits.ts";

/** What the session plugin wants of a store. */
export interface SessionStore {
  set(id: string, session: Session, done: (problem?: unknown) => void): void;
  get(id: string, done: (problem: unknown, session?: Session | null) => void): void;
  destroy(id: string, done: (problem?: unknown) => void): void;
}

interface Kept {
  readonly session: Session;
  readonly endsAtMs: number;
}

/** A bounded store that forgets by the clock it is given. */
export function createSessionStore({ now }: Pick<ClockPort, "now">, max: number = sessionsMax): SessionStore {
  const keptById = new Map<string, Kept>();
  return {
    set: (id, session, done) => {
      const endsAtMs = keptById.get(id)?.endsAtMs ?? now() + sessionMs;
      keptById.delete(id);
      const oldest = keptById.size >= max ? keptById.keys().next().value : undefined;
      if (oldest !== undefined) keptById.delete(oldest);
      keptById.set(id, { session, endsAtMs });
      done();
    },
    get: (id, done) => {
      const kept = keptById.get(id);
      const isOver = kept !== undefined && now() >= kept.endsAtMs;
      if (isOver) keptById.delete(id);
      done(null, isOver ? null : (kept?.session ?? null));
    },
    destroy: (id, done) => {
      keptById.delete(id);
      done();
    },
  };
}
