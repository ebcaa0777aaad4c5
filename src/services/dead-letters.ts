import { assertLiving } from "../engine/account-end.ts";
import type { Account } from "../engine/context.ts";
import { discardLetter, letterById, listLetters, replayLetter } from "../engine/dead-letters.ts";
import { unwrap } from "../errors/refusal.ts";
import type { DeadLetterRecord } from "../model/records.ts";
import { atTheDoor, id } from "./door.ts";

/** What could not be delivered or processed, and is kept for a person to look at. */
export interface DeadLetters {
  /** The oldest first. */
  list(): Promise<DeadLetterRecord[]>;
  /** Throws `deadLetter.notFound`. */
  get(id: string): Promise<DeadLetterRecord>;
  /**
   * An event for a subscriber is queued again, with its old id, after what waits for it about the same entity; the letter
   * has `replayedAt` then and goes when it is taken. An external event of the relay is processed before this returns. Throws
   * `deadLetter.notFound`, `deadLetter.notReplayable`, and what processing meets.
   */
  replay(id: string): Promise<void>;
  /** Throws the letter away. Throws `deadLetter.notFound`. */
  discard(id: string): Promise<void>;
}

/** The dead letters of an account. */
export function createDeadLetters(account: Account): DeadLetters {
  return atTheDoor<DeadLetters>(
    {
      list: () => listLetters(account),
      get: async (id) => unwrap(await letterById(account, id)),
      async replay(id) {
        assertLiving(account);
        unwrap(await replayLetter(account, id));
      },
      async discard(id) {
        assertLiving(account);
        unwrap(await discardLetter(account, id));
      },
    },
    { list: [], get: [id], replay: [id], discard: [id] },
  );
}
