/**
 * Notifications of peers (spec/domain.md 8.2). The Message stores them Open; processing is a turn of its own, whose commit
 * has all that the items do, or none of it and the status Error. Only the device that received one processes it.
 */
import { RapportError } from "../errors/rapport-error.ts";
import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import { createLedger, type Ledger } from "../items/attribute-ledger.ts";
import { type Informed, itemNeeds, processItem } from "../items/notification-items.ts";
import { newId } from "../model/ids.ts";
import { instantOf } from "../model/instant.ts";
import { keyOf, pathOf } from "../model/keys.ts";
import type { NotificationItem } from "../model/notification.ts";
import type { NotificationRecord } from "../model/records.ts";
import type { Reads } from "../turn/turn.ts";
import { accountTurn, type Change } from "./change.ts";
import { type CommandTag, recordResult } from "./commands.ts";
import type { Account } from "./context.ts";
import { applyEffects } from "./effects.ts";
import { refusing } from "./inbox.ts";
import { gatherDocuments, type Known, nothingKnown } from "./knowledge.ts";

/** Processes what is Open on this device. What had to wait for a version that came just now is tried once more. */
export async function processOpen(account: Account): Promise<void> {
  const completed = new Set<string>();
  for (const { id, peer } of await waiting(account, "Open")) {
    const outcome = await processNotification(account, id);
    if (outcome.ok && outcome.value.status === "Completed") completed.add(peer);
  }
  if (completed.size === 0) return;
  for (const { id, peer, error } of await waiting(account, "Error"))
    if (completed.has(peer) && error?.code === waitsForPredecessor) await processNotification(account, id);
}

const waitsForPredecessor = "error.consumption.attributes.predecessorDoesNotExist";

async function waiting(account: Account, status: string): Promise<NotificationRecord[]> {
  const found: NotificationRecord[] = [];
  const query = { under: pathOf(account.id, "notifications"), where: { status: [{ anyOf: [status] }] } };
  for await (const { document } of account.store.find<NotificationRecord>(query))
    if (!document.isOwn && document.receivedByDevice === account.record.deviceId) found.push(document);
  return found.sort((one, other) => (one.createdAt < other.createdAt ? -1 : 1));
}

/** Processes one; the value says whether it is Completed now, or why not. */
export function processNotification(
  account: Account,
  id: string,
  tag?: CommandTag,
): Promise<Outcome<NotificationRecord>> {
  return accountTurn(account, {
    gather: (reads) => gather(account, reads, id),
    plan: (seen, change) => plan(account, change, { ...seen, id, tag }),
  });
}

const itemsOf = ({ content }: NotificationRecord) => (content["items"] ?? []) as readonly NotificationItem[];

async function gather(account: Account, reads: Reads, id: string) {
  const record = (await reads.get<NotificationRecord>(keyOf(account.id, "notifications", id)))?.document;
  const now = instantOf(account.clock.now());
  if (record === undefined) return { record, now, known: allow(nothingKnown) };
  const informed = { peer: record.peer, notificationId: id, now };
  const needs = (known: Known) => itemsOf(record).flatMap((item) => itemNeeds(item, known, informed));
  // What a peer wrote must not stop the sync here either.
  return { record, now, known: await refusing(async () => allow<Known>(await gatherDocuments(account, reads, needs))) };
}

interface Seen {
  readonly id: string;
  readonly record: NotificationRecord | undefined;
  readonly known: Outcome<Known>;
  readonly now: string;
  readonly tag: CommandTag;
}

function plan(account: Account, change: Change, { id, record, known, now, tag }: Seen): Outcome<NotificationRecord> {
  if (record === undefined) return refuse("error.runtime.recordNotFound", `There is no Notification ${id}.`);
  const legal = mayProcess(account, record);
  if (!legal.ok) return legal;
  const documents = known.ok ? known.value : nothingKnown;
  const ledger = createLedger({ known: documents, now, newId: (prefix) => newId(prefix, account.entropy) });
  const processed = known.ok ? processAll(record, ledger, { peer: record.peer, notificationId: id, now }) : known;
  const { error: _before, ...rest } = record;
  const next: NotificationRecord = processed.ok
    ? { ...rest, status: "Completed" }
    : { ...rest, status: "Error", error: { code: processed.refusal.code, message: processed.refusal.message } };
  if (processed.ok) applyEffects(change, ledger.effects());
  else account.log.write("warn", "A Notification could not be processed.", { id, code: processed.refusal.code });
  change.put("notifications", id, next);
  recordResult(account, change, { tag, result: next });
  return allow(next);
}

function mayProcess({ record }: Account, notification: NotificationRecord): Outcome<undefined> {
  const { id, isOwn, status, receivedByDevice } = notification;
  if (isOwn)
    return refuse("error.runtime.notifications.cannotReceiveNotificationFromOwnMessage", `${id} was sent from here.`);
  if (receivedByDevice !== record.deviceId)
    return refuse("notification.otherDevice", `The Notification ${id} was received by the device ${receivedByDevice}.`);
  if (status === "Open" || status === "Error") return allow(undefined);
  return refuse("notification.alreadyProcessed", `The Notification ${id} is ${status}.`);
}

// What a peer wrote must not stop the sync, whatever it makes of our code.
function processAll(record: NotificationRecord, ledger: Ledger, informed: Informed): Outcome<undefined> {
  for (const item of itemsOf(record)) {
    try {
      const outcome = processItem(item, ledger, informed);
      if (!outcome.ok) return outcome;
    } catch (problem) {
      if (problem instanceof RapportError) throw problem;
      return refuse("error.runtime.unknown", `${item["@type"]}: ${String(problem)}`);
    }
  }
  return allow(undefined);
}
