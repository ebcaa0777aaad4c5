/**
 * News of the relay: whoever has some is synchronised, without anybody asking.
 *
 * N1. A wake is followed by a sync that begins after it; wakes that come meanwhile are one more sync.
 * N2. A sync that fails is logged and tried again with back-off, a few times; the next wake begins anew.
 */
import { waitOf } from "../engine/back-off.ts";
import type { Account } from "../engine/context.ts";
import { synchronise } from "../engine/sync.ts";
import { newsTriesMax, newsWaitMaxMs, newsWaitMs } from "../limits.ts";
import { settleTimers } from "./deadlines.ts";

/** An account that listens. `done` waits for the sync that runs, after `stop`. */
export interface Listener {
  stop(): void;
  done(): Promise<void>;
}

/** Listens for an account until `stop`, or until the engine is closed. A transport without news leaves it at that. */
export function listen(account: Account): Listener {
  const { transport, session, stopped } = account;
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
  const stopNews = transport.onNews?.(session, () => {
    isWoken = true;
    working ??= work();
  });
  return {
    stop: () => stopNews?.(),
    done: async () => working,
  };
}

async function isSynchronised(account: Account): Promise<boolean> {
  try {
    // The one that runs may have looked before the news came.
    await account.memory.syncing?.catch(() => undefined);
    await settleTimers(account);
    await synchronise(account);
    return true;
  } catch (problem) {
    account.log.write("warn", "News could not be fetched.", { problem: String(problem) });
    return false;
  }
}
