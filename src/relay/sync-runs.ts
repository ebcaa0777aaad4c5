/**
 * Sync runs and external events (spec/backbone-protocol.md 6, 7).
 *
 * Y1. The one run of an identity is one document, so two starts cannot both win.
 * Y2. Events that a client is done with are deleted; the stream holds what is still to be told.
 * Y3. An event is given up after `externalEventErrorsMax` reported errors, never because runs expired (design.md 7): an
 *     expired run just releases its events, and so does a finalise that says nothing about one.
 */

import { type Outcome, refuse } from "../errors/refusal.ts";
import {
  earlierSyncRunsMax,
  externalEventsPerRunMax,
  syncRunRefreshMs,
  syncRunSecondsDefault,
  syncRunSecondsMax,
} from "../limits.ts";
import { extended } from "../model/extended.ts";
import { newId } from "../model/ids.ts";
import { instantOf } from "../model/instant.ts";
import type { Reads } from "../turn/turn.ts";
import type { WireExternalEvent, WireSyncRun, WireSyncRunStart, WireSyncRunType } from "../wire/shapes.ts";
import { type Asked, cut, type Handler, idOf, notFound, pageOf, work } from "./asked.ts";
import type { Caller } from "./caller.ts";
import { gatherWallet, supports } from "./datawallet.ts";
import type { Desk } from "./desk.ts";
import {
  type EventDocument,
  entryIndex,
  eventStream,
  type IdentityDocument,
  identityKey,
  type SyncRunDocument,
  syncRunKey,
} from "./documents.ts";
import { answerOnly, createDraft } from "./draft.ts";
import { fieldsOf } from "./fields.ts";

const prefix = "error.platform.validation.syncRun";

export const startSyncRun: Handler = (asked, desk, caller) => {
  const fields = fieldsOf(asked.body);
  const type = typeIn(asked);
  if (type === undefined) fields.fail("type", "ExternalEventSync or DatawalletVersionUpgrade");
  const seconds = Math.min(fields.integerOrNull("duration", 1) ?? syncRunSecondsDefault, syncRunSecondsMax);
  if (fields.problem !== undefined || type === undefined) {
    return fields.problem === undefined ? notFound("SyncRun") : { ok: false, refusal: fields.problem };
  }
  return work({
    gather: async (reads) => ({
      before: (await reads.get<SyncRunDocument>(syncRunKey(caller.address)))?.document,
      identity: await reads.get<IdentityDocument>(identityKey(caller.address)),
      wallet: await gatherWallet(reads, caller),
      events: type === "ExternalEventSync" ? await gatherNews(reads, caller) : {},
    }),
    plan: ({ before, identity, wallet, events }) => {
      const supported = supports(asked, wallet);
      if (!supported.ok) return supported;
      if (identity?.document.status === "ToBeDeleted") {
        return refuse(`${prefix}.cannotStartSyncRunWhileIdentityIsToBeDeleted`, "The identity is about to be deleted.");
      }
      if (type === "ExternalEventSync" && wallet === undefined) return notFound("Datawallet");
      if (before !== undefined && !before.finalized && before.expiresAtMs > asked.nowMs) {
        return refuse(`${prefix}.cannotStartSyncRunWhenAnotherSyncRunIsRunning`, "Another sync run is active.", {
          until: instantOf(before.expiresAtMs),
        });
      }
      const eventCount = Object.keys(events).length;
      const none: WireSyncRunStart = { status: "NoNewEvents", syncRun: null };
      if (type === "ExternalEventSync" && eventCount === 0) return answerOnly(none, { status: 200 });
      const document = newRun(asked, desk, { caller, type, before, events, eventCount, lifeMs: seconds * 1000 });
      const draft = createDraft();
      draft.put(syncRunKey(caller.address), document);
      const created: WireSyncRunStart = { status: "Created", syncRun: document.run };
      return draft.answer(created);
    },
  });
};

function typeIn({ body }: Asked): WireSyncRunType | undefined {
  const { type } = body;
  return type === "ExternalEventSync" || type === "DatawalletVersionUpgrade" ? type : undefined;
}

async function gatherNews(reads: Reads, caller: Caller): Promise<{ [id: string]: number }> {
  const events: { [id: string]: number } = {};
  const query = { under: eventStream(caller.address), limit: externalEventsPerRunMax };
  for await (const { key, document } of reads.find<EventDocument>(query)) events[document.id] = entryIndex(key);
  return events;
}

interface NewRun {
  readonly caller: Caller;
  readonly type: WireSyncRunType;
  readonly before: SyncRunDocument | undefined;
  readonly events: { readonly [id: string]: number };
  readonly eventCount: number;
  readonly lifeMs: number;
}

function newRun(
  asked: Asked,
  desk: Desk,
  { caller, type, before, events, eventCount, lifeMs }: NewRun,
): SyncRunDocument {
  const expiresAtMs = asked.nowMs + lifeMs;
  const run: WireSyncRun = {
    id: newId("SYR", desk.entropy),
    type,
    expiresAt: instantOf(expiresAtMs),
    index: before === undefined ? 0 : before.run.index + 1,
    createdAt: asked.now,
    createdBy: caller.address,
    createdByDevice: caller.deviceId,
    eventCount,
  };
  const earlier = before === undefined ? [] : [before.run.id, ...before.earlier].slice(0, earlierSyncRunsMax);
  return { run, expiresAtMs, lifeMs, finalized: false, events, earlier };
}

export const getSyncRun: Handler = (asked, _desk, caller) => {
  const id = idOf(asked, "SYR");
  if (!id.ok) return id;
  return work({
    gather: (reads) => reads.peek<SyncRunDocument>(syncRunKey(caller.address)),
    plan: (stored) => (stored?.document.run.id === id.value ? answerOnly(stored.document.run) : notFound("SyncRun")),
  });
};

/** Extends the run by what it was asked for, at least by what the protocol says. */
export const refreshSyncRun: Handler = (asked, _desk, caller) => {
  const id = idOf(asked, "SYR");
  if (!id.ok) return id;
  return work({
    gather: (reads) => reads.get<SyncRunDocument>(syncRunKey(caller.address)),
    plan: (stored) => {
      const own = ownRun(stored?.document, {
        id: id.value,
        caller,
        otherDevice: "cannotFinalizeSyncRunStartedByAnotherDevice",
      });
      if (!own.ok) return own;
      const expiresAtMs = asked.nowMs + Math.max(own.value.lifeMs, syncRunRefreshMs);
      const expiresAt = instantOf(expiresAtMs);
      const draft = createDraft();
      draft.put(syncRunKey(caller.address), { ...own.value, run: { ...own.value.run, expiresAt }, expiresAtMs });
      return draft.answer({ expiresAt });
    },
  });
};

export const listExternalEvents: Handler = (asked, _desk, caller) => {
  const id = idOf(asked, "SYR");
  if (!id.ok) return id;
  const page = pageOf(asked);
  if (!page.ok) return page;
  return work({
    gather: async (reads) => {
      const stored = await reads.peek<SyncRunDocument>(syncRunKey(caller.address));
      const run = ownRun(stored?.document, {
        id: id.value,
        caller,
        otherDevice: "cannotReadExternalEventsOfASyncRunStartedByAnotherDevice",
      });
      return run.ok ? { run, events: await gatherEvents(reads, caller, run.value) } : { run, events: [] };
    },
    plan: ({ run, events }) => {
      if (!run.ok) return run;
      const { items, pagination } = cut(events, page.value);
      return answerOnly(items, pagination === undefined ? {} : { pagination });
    },
  });
};

async function gatherEvents(reads: Reads, caller: Caller, { events }: SyncRunDocument): Promise<WireExternalEvent[]> {
  const found: WireExternalEvent[] = [];
  const last = Math.max(-1, ...Object.values(events));
  for await (const { key, document } of reads.find<EventDocument>({ under: eventStream(caller.address) })) {
    const index = entryIndex(key);
    // Some may be gone; what came later is not part of the run.
    if (index > last) break;
    const { relationshipId: _, ...shown } = document;
    if (Object.hasOwn(events, document.id)) found.push(extended(shown, { index }));
  }
  return found;
}

type OtherDevice =
  | "cannotFinalizeSyncRunStartedByAnotherDevice"
  | "cannotReadExternalEventsOfASyncRunStartedByAnotherDevice";

/** The caller's unfinished run with this id. An expired one counts until the next one starts. */
export function ownRun(
  document: SyncRunDocument | undefined,
  at: { readonly id: string; readonly caller: Caller; readonly otherDevice: OtherDevice },
): Outcome<SyncRunDocument> {
  const { id, caller, otherDevice } = at;
  if (document === undefined) return notFound("SyncRun");
  const ended = refuse(`${prefix}.syncRunAlreadyFinalized`, "The sync run has ended.");
  if (document.run.id !== id) return document.earlier.includes(id) ? ended : notFound("SyncRun");
  if (document.run.createdByDevice !== caller.deviceId) {
    return refuse(`${prefix}.${otherDevice}`, "Another device started the sync run.");
  }
  return document.finalized ? ended : { ok: true, value: document };
}
