/**
 * Carries stored events to whom they are for (docs/decisions/0012-deliveries-and-leases.md).
 *
 * O1. Every entry was committed with the state it tells of; it is deleted in the commit that notes its last target.
 * O2. At most one lane runs per account, target and entity, in all processes on one store.
 * O3. Lanes do not wait for each other. What has no lane yet is looked for when half of them are free.
 */
import type { Stored } from "../ports/store.ts";
import type { Account, Deliveries } from "./context.ts";
import { emptyLane } from "./delivering.ts";
import { holdsLease, outboxLease } from "./leases.ts";
import { entriesLookedAtMax, lanesMax, strandedKeepMs } from "./limits.ts";
import { completed, type OutboxEntry, streamOf, targetOf } from "./outbox-entries.ts";
import { leaveOut } from "./outbox-marks.ts";

/** Has the entries of a commit delivered; `indexes` are theirs in the stream. Never throws and never waits. */
export function deliverCommitted(account: Account, entries: readonly OutboxEntry[], indexes: readonly number[]): void {
  const { deliveries } = account.memory;
  const [first] = indexes;
  // Nobody else committed in between, so there is nothing to be looked for.
  if (first !== undefined && deliveries.seen === first) deliveries.seen = first + indexes.length;
  inBackground(account, async () => {
    if (!(await isDeliverer(account))) return;
    for (const entry of entries) startLanes(account, entry);
    if (deliveries.seen === undefined) drainOutbox(account);
  });
}

/** Has everything delivered that waits and that nobody looks after, such as what a crash or another process left. */
export function drainOutbox(account: Account): void {
  const { deliveries } = account.memory;
  if (account.publishers.length === 0 || deliveries.isLooking) return;
  deliveries.isLooking = true;
  inBackground(account, async () => {
    try {
      if (await isDeliverer(account)) await look(account);
    } finally {
      deliveries.isLooking = false;
    }
  });
}

// What another process delivered until it ended has to be looked for.
async function isDeliverer(account: Account): Promise<boolean> {
  if (await holdsLease(account, outboxLease)) return true;
  account.memory.deliveries.seen = undefined;
  return false;
}

// Work that nobody waits for but who closes the engine.
function inBackground(account: Account, work: () => Promise<void>): void {
  const { deliveries } = account.memory;
  const mine = work()
    .catch((problem) => {
      if (isOver(account)) return;
      deliveries.seen = undefined;
      account.log.write("warn", "Events wait for their publisher.", { problem: String(problem) });
    })
    .finally(() => deliveries.running.delete(mine));
  deliveries.running.add(mine);
}

async function look(account: Account): Promise<void> {
  const { deliveries } = account.memory;
  const stream = streamOf(account);
  const head = await account.store.get<{ next: number }>(stream);
  const next = head?.document.next ?? 0;
  const { seen } = deliveries;
  // Before any lane starts: one that fails while this goes on takes it back, and what it left is looked for again.
  deliveries.seen = next;
  if (seen === undefined || next - seen > entriesLookedAtMax) await scan(account);
  else {
    for (let index = seen; index < next; index += 1) {
      const stored = await account.store.get<OutboxEntry>(`${stream}/${String(index).padStart(12, "0")}`);
      if (stored !== undefined) startLanes(account, stored.document);
    }
  }
}

/** Goes through what waits, for one target or for all; ends early when the one has no lane left. */
async function scan(account: Account, only?: string): Promise<void> {
  const where = only === undefined ? {} : { to: [{ anyOf: [only] }] };
  for await (const stored of account.store.find<OutboxEntry>({ under: streamOf(account), where })) {
    if (isOver(account)) return;
    if (stored.document.to === undefined) await complete(account, stored);
    else {
      await dropStranded(account, stored);
      startLanes(account, stored.document, only);
    }
    if (only !== undefined && account.memory.deliveries.fullTargets.has(only)) return;
  }
}

async function complete(account: Account, { key, version, document: old }: Stored<OutboxEntry>): Promise<void> {
  const document = completed(account, old);
  const { ok } = await account.store.commit({ puts: [{ key, document, expect: version }] });
  if (ok) startLanes(account, document);
}

// Its publisher is not among those of this engine, and will not come back.
async function dropStranded(account: Account, { key, document }: Stored<OutboxEntry>): Promise<void> {
  if (account.clock.now() - Date.parse(document.at) < strandedKeepMs) return;
  for (const target of document.to) if (targetOf(account, target) === undefined) await leaveOut(account, key, target);
}

function startLanes(account: Account, entry: OutboxEntry, only?: string): void {
  for (const target of entry.to) if (only === undefined || only === target) startLane(account, target, entry.entity);
}

function startLane(account: Account, targetKey: string, entity: string): void {
  const { deliveries } = account.memory;
  const target = targetOf(account, targetKey);
  if (target === undefined) return;
  const lanes = lanesOf(deliveries, targetKey);
  const running = lanes.get(entity);
  if (running !== undefined) running.again = true;
  else if (lanes.size >= lanesMax || deliveries.fullTargets.has(targetKey)) deliveries.fullTargets.add(targetKey);
  else {
    const lane = { again: true };
    lanes.set(entity, lane);
    inBackground(account, async () => {
      try {
        while (lane.again && !isOver(account)) {
          lane.again = false;
          await emptyLane(account, target, entity);
        }
      } finally {
        lanes.delete(entity);
        if (lanes.size === 0) deliveries.lanesByTarget.delete(targetKey);
        if (lanes.size <= lanesMax / 2 && deliveries.fullTargets.delete(targetKey)) refill(account, targetKey);
      }
    });
  }
}

function refill(account: Account, target: string): void {
  if (!isOver(account)) inBackground(account, () => scan(account, target));
}

function lanesOf({ lanesByTarget }: Deliveries, target: string): Map<string, { again: boolean }> {
  const lanes = lanesByTarget.get(target) ?? new Map<string, { again: boolean }>();
  lanesByTarget.set(target, lanes);
  return lanes;
}

const isOver = ({ stopped, memory }: Account): boolean => stopped.aborted || memory.isErased;
