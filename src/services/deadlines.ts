// T1: what a deadline does when it has passed.

import { deleteDueAttribute } from "../engine/attribute-deletion.ts";
import { accountTurn } from "../engine/change.ts";
import type { Account } from "../engine/context.ts";
import { announceMoved } from "../engine/receive.ts";
import { afterClock, deadlineOf } from "../engine/request-state.ts";
import { runDueTimers } from "../engine/timers.ts";
import { hasCode } from "../errors/rapport-error.ts";
import { allow } from "../errors/refusal.ts";
import { backgroundWaitMs } from "../limits.ts";
import { instantOf } from "../model/instant.ts";
import { keyOf } from "../model/keys.ts";
import type { RequestRecord, TimerRecord } from "../model/records.ts";

/** Runs what is due by now as ordinary turns; reads call it first. */
export function settleTimers(account: Account): Promise<void> {
  return runDueTimers(account, (entity) => fire(account, entity));
}

async function fire(account: Account, entity: string): Promise<void> {
  if (entity.startsWith("command-")) return forgetCommand(account, entity);
  if (entity.startsWith("attribute-")) return deleteAttributeOrWait(account, entity);
  await accountTurn(account, {
    gather: async (reads) => ({
      request: (await reads.get<RequestRecord>(keyOf(account.id, "requests", entity)))?.document,
      now: instantOf(account.clock.now()),
    }),
    plan({ request, now }, change) {
      if (request === undefined) {
        change.deadline(entity, undefined);
        return allow(undefined);
      }
      const moved = afterClock(request, now);
      if (moved.record !== request) {
        change.put("requests", entity, moved.record);
        announceMoved(change, moved);
      }
      change.deadline(entity, deadlineOf(moved.record));
      return allow(undefined);
    },
  });
}

// Telling the peer takes message counters, which only the relay gives. As long as it is silent, the attribute waits; a read
// does not.
async function deleteAttributeOrWait(account: Account, entity: string): Promise<void> {
  try {
    await deleteDueAttribute(account, entity);
  } catch (problem) {
    if (!hasCode(problem, "relay.unreachable")) throw problem;
    const { memory, clock } = account;
    memory.nextDueAt = Math.min(memory.nextDueAt, clock.now() + backgroundWaitMs);
  }
}

// A command whose id was used again meanwhile has a later deadline, and stays.
async function forgetCommand(account: Account, entity: string): Promise<void> {
  await accountTurn(account, {
    gather: async (reads) => ({
      timer: (await reads.get<TimerRecord>(keyOf(account.id, "timers", entity)))?.document,
      now: instantOf(account.clock.now()),
    }),
    plan({ timer, now }, change) {
      if (timer !== undefined && timer.dueAt >= now) return allow(undefined);
      change.remove("commands", entity.slice("command-".length));
      change.deadline(entity, undefined);
      return allow(undefined);
    },
  });
}
