// T1: what a deadline does when it has passed.

import { deleteDueAttribute } from "../engine/attribute-deletion.ts";
import { accountTurn } from "../engine/change.ts";
import type { Account } from "../engine/context.ts";
import { creationEntity } from "../engine/creation.ts";
import { gatherExchanged, takeBack } from "../engine/exchanged.ts";
import { announceMoved } from "../engine/receive.ts";
import { afterClock, deadlineOf, isIncoming } from "../engine/request-state.ts";
import { runDueTimers } from "../engine/timers.ts";
import { RapportError } from "../errors/rapport-error.ts";
import { allow } from "../errors/refusal.ts";
import { backgroundWaitMs } from "../limits.ts";
import { instantOf } from "../model/instant.ts";
import { keyOf } from "../model/keys.ts";
import type { IntentRecord, RequestRecord, TimerRecord } from "../model/records.ts";
import type { Reads } from "../turn/turn.ts";

/** Runs what is due by now as ordinary turns; reads call it first. */
export function settleTimers(account: Account): Promise<void> {
  return runDueTimers(account, (entity) => fire(account, entity));
}

async function fire(account: Account, entity: string): Promise<void> {
  if (entity.startsWith("command-")) return forgetCommand(account, entity);
  if (entity.startsWith("attribute-")) return deleteAttributeOrWait(account, entity);
  await accountTurn(account, {
    async gather(reads) {
      const request = (await reads.get<RequestRecord>(keyOf(account.id, "requests", entity)))?.document;
      const now = instantOf(account.clock.now());
      const isLost = request !== undefined && (await isLostForever(account, reads, { request, now }));
      return { request, now, exchanged: isLost ? await gatherExchanged(account, reads, request.peer) : undefined };
    },
    plan({ request, now, exchanged }, change) {
      if (request === undefined) {
        change.deadline(entity, undefined);
        return allow(undefined);
      }
      const moved = afterClock(request, now);
      if (moved.record !== request) {
        change.put("requests", entity, moved.record);
        announceMoved(change, moved);
      }
      if (exchanged !== undefined) takeBack(account, change, { request, exchanged, now });
      change.deadline(entity, deadlineOf(moved.record));
      return allow(undefined);
    },
  });
}

// Decided and over, and nothing is on its way: the peer never hears of the Response.
async function isLostForever(
  account: Account,
  reads: Reads,
  { request, now }: { readonly request: RequestRecord; readonly now: string },
): Promise<boolean> {
  if (!isIncoming(request, "decided") || afterClock(request, now).record === request) return false;
  for (const entity of [request.id, creationEntity(request.peer)]) {
    const intent = (await reads.get<IntentRecord>(keyOf(account.id, "intents", entity)))?.document;
    if (intent?.facts["answers"] === request.id) return false;
  }
  return true;
}

// Telling the peer takes message counters, which only the relay gives. As long as it is silent, the attribute waits; a read
// does not.
async function deleteAttributeOrWait(account: Account, entity: string): Promise<void> {
  try {
    await deleteDueAttribute(account, entity);
  } catch (problem) {
    // A store that fails, fails the read, too; what else is wrong with one deletion is no reason to refuse all reads.
    if (!(problem instanceof RapportError) || problem.code.startsWith("store.")) throw problem;
    const { memory, clock, log } = account;
    if (problem.code !== "relay.unreachable")
      log.write("error", "An attribute that is due could not be deleted.", { timer: entity, code: problem.code });
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
