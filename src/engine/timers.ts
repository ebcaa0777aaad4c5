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

/** Runs `fire` for every entity whose deadline has passed; cheap when nothing is due. */
export async function runDueTimers(account: Account, fire: (entity: string) => Promise<void>): Promise<void> {
  const now = account.clock.now();
  const { memory } = account;
  if (now < memory.nextDueAt && now < memory.timersLookedUntil) return;
  const due: string[] = [];
  let next = Number.POSITIVE_INFINITY;
  const until = now + horizonMs;
  const where = { dueAt: [{ below: new Date(until).toISOString() }] };
  for await (const { document } of account.store.find<TimerRecord>({ under: pathOf(account.id, "timers"), where })) {
    const dueAt = Date.parse(document.dueAt);
    if (dueAt < now && due.length < timersPerRunMax) due.push(document.entity);
    else next = Math.min(next, dueAt);
  }
  memory.nextDueAt = next;
  memory.timersLookedUntil = until;
  for (const entity of due) await account.lanes.run(entity, () => fire(entity));
}
