/**
 * Deletion processes (spec/backbone-protocol.md 4.4). What happens once the grace period is over is in
 * identity-erasure.ts.
 *
 * P1. At most one process of an identity is Active: the one that the identity's document names.
 * P2. The peers are told after the commit (telling.ts), since a Relationship that begins meanwhile must not be missed.
 * P3. Only the owner starts and cancels, from whichever device, so it is never told by an external event (chapter 6).
 */
import { type Outcome, refuse } from "../errors/refusal.ts";
import { deletionProcessesKeptMax, gracePeriodDaysMax, listMax } from "../limits.ts";
import { isId, newId } from "../model/ids.ts";
import { instantOf } from "../model/instant.ts";
import type { Reads } from "../turn/turn.ts";
import type { WireDeletion, WireDeletionProcess, WireDeletionProcessWithLog } from "../wire/shapes.ts";
import { type Asked, type Handler, idOf, notFound, type OpenHandler, queryText, work } from "./asked.ts";
import type { Caller } from "./caller.ts";
import type { Desk } from "./desk.ts";
import {
  type DeletionProcessDocument,
  type DeviceDocument,
  deletionProcessKey,
  deletionProcessPath,
  deviceKey,
  type FormerDocument,
  formerKey,
  type IdentityDocument,
  identityKey,
} from "./documents.ts";
import { answerOnly, createDraft } from "./draft.ts";
import { invalid } from "./fields.ts";
import { isLiving, unauthorized } from "./living.ts";
import { countAgainstQuota } from "./quotas.ts";
import { usernameHash } from "./secrets.ts";

const dayMs = 24 * 60 * 60 * 1000;

export const startDeletionProcess: Handler = (asked, desk, caller) => {
  const days = graceDaysIn(asked, desk);
  if (!days.ok) return days;
  const endsAtMs = asked.nowMs + Math.round(days.value * dayMs);
  const deletion = newProcess(asked, caller, { id: newId("IDP", desk.entropy), endsAtMs });
  return work({
    gather: async (reads) => ({
      identity: (await reads.get<IdentityDocument>(identityKey(caller.address)))?.document,
      outdated: await gatherOutdated(reads, caller.address),
    }),
    plan: ({ identity, outdated }) => {
      if (identity === undefined) return { ok: false, refusal: unauthorized };
      if (identity.status !== "Active") {
        return refuse(
          "error.platform.validation.device.onlyOneActiveDeletionProcessAllowed",
          "The deletion of the identity was started before.",
        );
      }
      const { id, gracePeriodEndsAt: deletionDate } = deletion;
      const draft = createDraft();
      for (const key of outdated) draft.delete(key);
      draft.put(deletionProcessKey(caller.address, id), deletion);
      const ending: IdentityDocument = { ...identity, status: "ToBeDeleted", deletionProcessId: id, endsAtMs };
      draft.put(identityKey(caller.address), ending);
      const { address } = caller;
      countAgainstQuota(draft, desk, {
        address,
        metric: "NumberOfStartedDeletionProcesses",
        by: 1,
        nowMs: asked.nowMs,
      });
      draft.leave({ id, telling: { about: caller.address, type: "PeerToBeDeleted", deletionDate, after: null } });
      return draft.answer(wireProcess(deletion));
    },
  });
};

/** Fractions of a day are allowed. */
function graceDaysIn({ body }: Asked, desk: Desk): Outcome<number> {
  const days = body["lengthOfGracePeriodInDays"] ?? desk.settings.gracePeriodDays;
  if (typeof days === "number" && days >= 0 && days <= gracePeriodDaysMax) return { ok: true, value: days };
  return invalid(`The member "lengthOfGracePeriodInDays" must be a number from 0 to ${gracePeriodDaysMax}.`);
}

function newProcess(
  { now }: Asked,
  { deviceId }: Caller,
  { id, endsAtMs }: { readonly id: string; readonly endsAtMs: number },
): DeletionProcessDocument {
  return {
    id,
    status: "Active",
    createdAt: now,
    createdByDevice: deviceId,
    gracePeriodEndsAt: instantOf(endsAtMs),
    auditLog: [{ createdAt: now, createdByDevice: deviceId, oldStatus: null, newStatus: "Active" }],
  };
}

/** Keys of cancelled processes that need not be kept: nothing rests on them. */
async function gatherOutdated(reads: Reads, address: string): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { key } of reads.find({ under: deletionProcessPath(address) })) keys.push(key);
  return keys.slice(0, Math.max(0, keys.length - deletionProcessesKeptMax + 1));
}

export const getDeletionProcess: Handler = (asked, _desk, caller) => {
  const id = idOf(asked, "IDP");
  if (!id.ok) return id;
  return work({
    gather: (reads) => reads.peek<DeletionProcessDocument>(deletionProcessKey(caller.address, id.value)),
    plan: (deletion) => (deletion === undefined ? unknownProcess : answerOnly(wireWithLog(deletion.document))),
  });
};

const unknownProcess = notFound("IdentityDeletionProcess");

export const listDeletionProcesses: Handler = (_asked, _desk, caller) =>
  work({
    gather: async (reads) => {
      const found: WireDeletionProcessWithLog[] = [];
      const query = { under: deletionProcessPath(caller.address), limit: listMax };
      for await (const { document } of reads.find<DeletionProcessDocument>(query)) found.push(wireWithLog(document));
      return found;
    },
    plan: (found) => answerOnly(found),
  });

/** Whose grace period is over cannot call any more, so nothing has to be asked about time here. */
export const cancelDeletionProcess: Handler = (asked, _desk, caller) => {
  const id = idOf(asked, "IDP");
  if (!id.ok) return id;
  return work({
    gather: async (reads) => ({
      identity: (await reads.get<IdentityDocument>(identityKey(caller.address)))?.document,
      deletion: (await reads.get<DeletionProcessDocument>(deletionProcessKey(caller.address, id.value)))?.document,
    }),
    plan: ({ identity, deletion }) => {
      if (identity === undefined) return { ok: false, refusal: unauthorized };
      if (deletion === undefined) return unknownProcess;
      if (deletion.status !== "Active") {
        return refuse(
          "error.platform.validation.device.deletionProcessIsNotInRequiredStatus",
          "The deletion process has ended.",
        );
      }
      const draft = createDraft();
      const cancelled = cancel(asked, caller, deletion);
      draft.put(deletionProcessKey(caller.address, deletion.id), cancelled);
      const { deletionProcessId: _, endsAtMs: __, ...rest } = identity;
      draft.put(identityKey(caller.address), { ...rest, status: "Active" });
      const telling = { about: caller.address, deletionDate: null, after: null };
      draft.leave({ id: deletion.id, telling: { ...telling, type: "PeerDeletionCancelled" } });
      return draft.answer(wireProcess(cancelled));
    },
  });
};

function cancel({ now }: Asked, { deviceId }: Caller, deletion: DeletionProcessDocument): DeletionProcessDocument {
  const entry = { createdAt: now, createdByDevice: deviceId, oldStatus: "Active", newStatus: "Cancelled" } as const;
  return {
    ...deletion,
    status: "Cancelled",
    gracePeriodEndsAt: null,
    cancelledAt: now,
    cancelledByDevice: deviceId,
    auditLog: [...deletion.auditLog, entry],
  };
}

/** The owner approves by starting it. */
function wireProcess({ auditLog: _, ...deletion }: DeletionProcessDocument): WireDeletionProcess {
  const { createdAt: approvedAt, createdByDevice: approvedByDevice } = deletion;
  return {
    ...deletion,
    approvedAt,
    approvedByDevice,
    gracePeriodReminder1SentAt: null,
    gracePeriodReminder2SentAt: null,
    gracePeriodReminder3SentAt: null,
  };
}

function wireWithLog(deletion: DeletionProcessDocument): WireDeletionProcessWithLog {
  return { ...wireProcess(deletion), auditLog: deletion.auditLog };
}

/** Anybody may ask, so that a device that can no longer log in learns why. */
export const isIdentityDeleted: OpenHandler = (asked, desk) => {
  const username = queryText(asked, "username");
  if (!isId(username, "USR")) {
    return refuse("error.platform.validation.invalidId", "The username must have 20 characters and begin with USR.");
  }
  return work({
    gather: async (reads) => {
      const device = await reads.peek<DeviceDocument>(deviceKey(username));
      if (device === undefined) {
        const former = await reads.peek<FormerDocument>(formerKey(usernameHash(desk, username)));
        return former?.document.erasedAt;
      }
      const identity = (await reads.peek<IdentityDocument>(identityKey(device.document.address)))?.document;
      return identity === undefined || isLiving(identity, asked.nowMs)
        ? undefined
        : instantOf(identity.endsAtMs ?? asked.nowMs);
    },
    plan: (endedAt) => {
      const result: WireDeletion = { isDeleted: endedAt !== undefined, deletionDate: endedAt ?? null };
      return answerOnly(result);
    },
  });
};
