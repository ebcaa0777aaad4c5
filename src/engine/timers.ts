/**
 * T1. A deadline is a stored document, set and taken away by the turn that knows it. If it passes while the process is
 * down, it fires once after the start. Reading writes nothing: before a read is answered, what is due runs as turns.
 */
import { timersPerRunMax } from "../limits.ts";
import { pathOf } from "../model/keys.ts";
import type { TimerRecord } from "../model/records.ts";
import type { Account } from "./context.ts";

/** Deadlines further away than this are looked up again later. */
const horizonMs = 60 * 60 * 1000;

/**
 * Runs `fire` for every entity whose deadline has passed; cheap when nothing is due. A second call waits for the running
 * one, so that whoever reads after it reads what the deadlines did.
 */
export async function runDueTimers(account: Account, fire: (entity: string) => Promise<void>): Promise<void> {
  const { memory } = account;
  while (memory.settling !== undefined) await memory.settling;
  const now = account.clock.now();
  if (now < memory.nextDueAt && now < memory.timersLookedUntil) return;
  memory.settling = fireDue(account, now, fire).finally(() => {
    memory.settling = undefined;
  });
  await memory.settling;
}

async function fireDue(account: Account, now: number, fire: (entity: string) => Promise<void>): Promise<void> {
  const { memory } = account;
  const due: string[] = [];
  let next = Number.POSITIVE_INFINITY;
  const until = now + horizonMs;
  // Deadlines that are set while this looks make it smaller again.
  memory.nextDueAt = Number.POSITIVE_INFINITY;
  const where = { dueAt: [{ below: new Date(until).toISOString() }] };
  try {
    for await (const { document } of account.store.find<TimerRecord>({ under: pathOf(account.id, "timers"), where })) {
      const dueAt = Date.parse(document.dueAt);
      if (dueAt < now && due.length < timersPerRunMax) due.push(document.entity);
      else next = Math.min(next, dueAt);
    }
    // Not in the entity's lane: a read must not wait for a command that waits for the relay.
    for (const entity of due) await fire(entity);
    memory.timersLookedUntil = until;
  } catch (problem) {
    next = now;
    throw problem;
  } finally {
    memory.nextDueAt = Math.min(memory.nextDueAt, next);
  }
}
