/**
 * News of the relay: whoever has some is synchronised, without anybody asking.
 *
 * N1. A wake is followed by a sync that begins after it; wakes that come meanwhile are one more sync.
 * N2. A sync that fails is logged and tried again with back-off, a few times; the next wake begins anew. One of an identity
 *     that is being deleted, or was, is not tried again: cancelling the deletion is a wake of its own.
 */
import { identityDeleted } from "../engine/account-end.ts";
import { waitOf } from "../engine/back-off.ts";
import type { Account } from "../engine/context.ts";
import { deletionStatusChanged } from "../engine/identity-deletion.ts";
import { synchronise } from "../engine/sync.ts";
import { RapportError } from "../errors/rapport-error.ts";
import { newsTriesMax, newsWaitMaxMs, newsWaitMs } from "../limits.ts";
import { settleTimers } from "./deadlines.ts";

/** An account that listens. `done` waits for the sync that runs, after `stop`. */
export interface Listener {
  stop(): void;
  done(): Promise<void>;
}

/** Listens for an account until `stop`, or until the engine is closed. A transport without news leaves it at that. */
export function listen(account: Account): Listener {
  const { transport, session, stopped, events } = account;
  let isWoken = false;
  let working: Promise<void> | undefined;
  const work = async () => {
    try {
      for (let tries = 0; isWoken && !stopped.aborted; ) {
        isWoken = false;
        if (await isSynchronised(account)) tries = 0;
        else if (++tries < newsTriesMax) {
          const waitMs = waitOf(account.entropy, tries, { firstMs: newsWaitMs, mostMs: newsWaitMaxMs });
          await account.clock.sleep(waitMs, stopped);
          isWoken = true;
        }
      }
    } finally {
      // Here and not in whoever waits for it: a wake in between would find nobody at work.
      working = undefined;
    }
  };
  const wake = () => {
    isWoken = true;
    working ??= work();
  };
  const stopNews = transport.onNews?.(session, wake);
  // Wakes of the time in which nothing was synchronised were for nothing.
  const stopWaiting = events.on(deletionStatusChanged, wake);
  const stop = () => {
    stopNews?.();
    stopWaiting();
    stopHearing();
  };
  const stopHearing = events.on(identityDeleted, stop);
  return { stop, done: async () => working };
}

async function isSynchronised(account: Account): Promise<boolean> {
  try {
    // The one that runs may have looked before the news came.
    await account.memory.syncing?.catch(() => undefined);
    await settleTimers(account);
    await synchronise(account);
    return true;
  } catch (problem) {
    if (problem instanceof RapportError && isEnding(problem)) return true;
    account.log.write("warn", "News could not be fetched.", { problem: String(problem) });
    return false;
  }
}

function isEnding({ code }: RapportError): boolean {
  return code === "account.toBeDeleted" || code === "account.deleted" || code === "account.notFound";
}
