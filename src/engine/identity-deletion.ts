/**
 * Deletion of the own identity (spec/backbone-protocol.md 4.4): processes as the relay has them. The one that is Active is
 * named by a document of its own, since at most one is.
 */
import { allow, type Outcome } from "../errors/refusal.ts";
import { extended } from "../model/extended.ts";
import type { DeletionProcessRecord } from "../model/identity-records.ts";
import { keyOf } from "../model/keys.ts";
import type { IntentRecord } from "../model/records.ts";
import type { Answer } from "../ports/transport.ts";
import type { Reads } from "../turn/turn.ts";
import type { WireDeletionProcess, WireExternalEvent } from "../wire/shapes.ts";
import { accountTurn, type Change, no } from "./change.ts";
import { recordResult, tagOf } from "./commands.ts";
import type { Account } from "./context.ts";
import { mark } from "./inbox-marks.ts";
import { closeIntent, closeRefused, type IntentKind, type Sighting } from "./intents.ts";
import { isPassing, refusalOf } from "./relay-refusals.ts";

/** The entity of both commands: they wait for each other. */
export const deletionEntity = "deletion";

/** The event of spec/domain.md 9. */
export const deletionStatusChanged = "transport.identityDeletionProcessStatusChanged";

/** The process that is Active, if any. */
export async function activeDeletion(account: Account, reads: Reads): Promise<DeletionProcessRecord | undefined> {
  const active = await reads.get<{ id: string }>(keyOf(account.id, "sync", "deletion"));
  if (active === undefined) return undefined;
  return (await reads.get<DeletionProcessRecord>(keyOf(account.id, "deletions", active.document.id)))?.document;
}

/** Turn 2 of starting: the relay gave the process its id. */
export const startDeletionIntent: IntentKind = {
  applied: (account, intent, result) => applied(account, intent, result as unknown as WireDeletionProcess),
  refused: refusedWithNews,

  async look(account): Promise<Sighting> {
    const all = await processesAtRelay(account);
    if (all === undefined) return "open";
    const mine = all.find((one) => one.status !== "Cancelled" && one.createdByDevice === account.record.deviceId);
    return mine === undefined ? "undone" : { done: mine };
  },
};

/** Turn 2 of cancelling. */
export const cancelDeletionIntent: IntentKind = {
  applied: (account, intent, result) => applied(account, intent, result as unknown as WireDeletionProcess),
  refused: refusedWithNews,

  async look(account, { call }): Promise<Sighting> {
    const answer = await deletionAtRelay(account, call.params?.["id"] ?? "");
    if (!answer.ok) return isPassing(answer) ? "open" : "undone";
    const found = answer.result as unknown as WireDeletionProcess;
    return found.status === "Cancelled" ? { done: found } : "undone";
  },
};

function applied(
  account: Account,
  intent: IntentRecord,
  wire: WireDeletionProcess,
): Promise<Outcome<DeletionProcessRecord>> {
  return follow(account, wire, (change) => {
    closeIntent(change, intent);
    recordResult(account, change, { tag: tagOf(intent), result: { id: wire.id } });
  });
}

// What the relay refuses is not as we thought: another device has been at it.
async function refusedWithNews(
  account: Account,
  intent: IntentRecord,
  answer: Extract<Answer, { ok: false }>,
): Promise<Outcome<unknown>> {
  await adoptDeletions(account);
  return closeRefused(account, intent, answer);
}

/** Brings every process up to the relay's copy. A relay that has no list of them leaves it as it is. */
export async function adoptDeletions(account: Account): Promise<void> {
  for (const wire of (await processesAtRelay(account)) ?? []) await follow(account, wire);
}

/** What external events about deletion processes do: another device, or the relay's operator, acted. */
export async function applyDeletionEvent(account: Account, event: WireExternalEvent): Promise<Outcome<undefined>> {
  const answer = await deletionAtRelay(account, event.payload["deletionProcessId"] ?? "");
  if (!answer.ok) return no(refusalOf(answer, "getDeletionProcess"));
  await follow(account, answer.result as unknown as WireDeletionProcess, (change) => mark(change, [event]));
  return allow(undefined);
}

function follow(
  account: Account,
  wire: WireDeletionProcess,
  also: (change: Change) => void = () => undefined,
): Promise<Outcome<DeletionProcessRecord>> {
  const record = recordOf(wire);
  const { id } = record;
  return accountTurn(account, {
    gather: async (reads) => ({
      known: (await reads.get<DeletionProcessRecord>(keyOf(account.id, "deletions", id)))?.document,
      active: (await reads.get<{ id: string }>(keyOf(account.id, "sync", "deletion")))?.document.id,
    }),
    plan({ known, active }, change) {
      also(change);
      // A cancelled one stays so: this answer is older than what we know.
      if (known?.status === "Cancelled" || known?.status === record.status) return allow(known);
      change.put("deletions", id, record);
      if (record.status === "Active") change.put("sync", "deletion", { id });
      else if (active === id) change.remove("sync", "deletion");
      change.event(deletionStatusChanged, () => record);
      return allow(record);
    },
  });
}

function recordOf(wire: WireDeletionProcess): DeletionProcessRecord {
  const { id, status, createdAt, createdByDevice, gracePeriodEndsAt, cancelledAt, cancelledByDevice } = wire;
  const begun = { id, createdAt, createdByDevice };
  if (status !== "Cancelled") {
    return extended(begun, { status: "Active" as const, ...(gracePeriodEndsAt === null ? {} : { gracePeriodEndsAt }) });
  }
  return extended(begun, {
    status,
    ...(cancelledAt === undefined ? {} : { cancelledAt }),
    ...(cancelledByDevice === undefined ? {} : { cancelledByDevice }),
  });
}

function deletionAtRelay(account: Account, id: string): Promise<Answer> {
  return account.transport.call({ operation: "getDeletionProcess", params: { id } }, account.session);
}

async function processesAtRelay(account: Account): Promise<readonly WireDeletionProcess[] | undefined> {
  const answer = await account.transport.call({ operation: "listDeletionProcesses" }, account.session);
  if (!answer.ok) return isPassing(answer) ? undefined : [];
  return answer.result as unknown as WireDeletionProcess[];
}
