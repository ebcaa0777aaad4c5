/**
 * One lane: the events of one entity for one target, one at a time.
 *
 * D1. The next event is looked up when the one before was noted, so that what was erased is not told any more.
 * D2. A failed try is noted with the time of the next one before anybody waits.
 */

import { instantOf } from "../model/instant.ts";
import type { PublishedEvent } from "../ports/publisher.ts";
import type { Stored } from "../ports/store.ts";
import { waitOf } from "./back-off.ts";
import type { Account } from "./context.ts";
import { holdsLease, outboxLease } from "./leases.ts";
import { deliveryAttemptsMax, deliveryWaitMaxMs, deliveryWaitMs } from "./limits.ts";
import { type OutboxEntry, streamOf, type Target } from "./outbox-entries.ts";
import { type Failure, noteFailed, noteTaken } from "./outbox-marks.ts";
import { withTemplateKeys } from "./outbox-templates.ts";
import { publishInTurn } from "./publishing.ts";

/** Delivers until nothing is left, the engine ends, or another process delivers for this account. */
export async function emptyLane(account: Account, target: Target, entity: string): Promise<void> {
  for (;;) {
    const dueAt = await deliverInOrder(account, target, entity);
    if (dueAt === undefined) return;
    await account.clock.sleep(Math.max(0, dueAt - account.clock.now()), account.stopped);
    if (isOver(account)) return;
  }
}

// When (ms) the first one that is not taken may be tried; undefined when there is none.
async function deliverInOrder(account: Account, target: Target, entity: string): Promise<number | undefined> {
  const where = { entity: [{ anyOf: [entity] }], to: [{ anyOf: [target.key] }] };
  let isFirst = true;
  for await (const found of account.store.find<OutboxEntry>({ under: streamOf(account), where })) {
    const stored = isFirst ? found : await account.store.get<OutboxEntry>(found.key);
    isFirst = false;
    if (stored?.document.to.includes(target.key) !== true) continue;
    const tried = stored.document.tried?.[target.key];
    if (tried !== undefined && Date.parse(tried.nextAt) > account.clock.now()) return Date.parse(tried.nextAt);
    if (isOver(account) || !(await holdsLease(account, outboxLease))) return undefined;
    const dueAt = await deliver(account, target, stored);
    if (dueAt !== undefined) return dueAt;
    if (isOver(account)) return undefined;
  }
  return undefined;
}

async function deliver(account: Account, target: Target, stored: Stored<OutboxEntry>): Promise<number | undefined> {
  const attempt = (stored.document.tried?.[target.key]?.count ?? 0) + 1;
  const event = await eventOf(account, stored, attempt);
  try {
    await publishInTurn(account, target, event);
  } catch (problem) {
    if (account.stopped.aborted) return undefined;
    return afterFailure(account, { target, key: stored.key, event, problem });
  }
  await noteTaken(account, stored.key, target.key);
  return undefined;
}

async function eventOf(account: Account, stored: Stored<OutboxEntry>, attempt: number): Promise<PublishedEvent> {
  const { name, at, correlationId } = stored.document;
  return {
    id: eventId(account, stored),
    account: account.self,
    accountName: account.record.name,
    name,
    at,
    data: await withTemplateKeys(account, name, stored.document.data),
    ...(correlationId === undefined ? {} : { correlationId }),
    attempt,
  };
}

function eventId(account: Account, { key, document }: Stored<OutboxEntry>): string {
  return document.id ?? `${account.id}-${key.slice(key.lastIndexOf("/") + 1)}`;
}

type Failed = Pick<Failure, "target" | "key"> & { readonly event: PublishedEvent; readonly problem: unknown };

async function afterFailure(account: Account, { target, key, event, problem }: Failed): Promise<number | undefined> {
  const {
    attemptsMax = deliveryAttemptsMax,
    waitMs = deliveryWaitMs,
    waitMaxMs = deliveryWaitMaxMs,
  } = target.publisher;
  const { id, name, attempt } = event;
  const isLast = attempt >= attemptsMax;
  const wait = waitOf(account.entropy, attempt, { firstMs: waitMs, mostMs: waitMaxMs });
  const dueAt = account.clock.now() + wait;
  const isKept = await noteFailed(account, { target, key, id, attempt, problem, isLast, nextAt: instantOf(dueAt) });
  if (!isLast) return dueAt;
  const details = { publisher: target.publisher.name, subscriber: target.subscriber, event: name };
  if (isKept) account.log.write("warn", "An event became a dead letter.", details);
  return undefined;
}

const isOver = ({ stopped, memory }: Account): boolean => stopped.aborted || memory.isErased;
