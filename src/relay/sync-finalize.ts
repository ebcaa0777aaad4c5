/** The end of a sync run (spec/backbone-protocol.md 7). The numbered rules are those of sync-runs.ts. */
import { refuse } from "../errors/refusal.ts";
import { externalEventErrorsMax, externalEventsPerRunMax } from "../limits.ts";
import { extended } from "../model/extended.ts";
import type { Json, JsonObject } from "../model/json.ts";
import type { Stored } from "../ports/store.ts";
import type { Reads } from "../turn/turn.ts";
import type { WireSyncFinalized, WireUpgradeFinalized } from "../wire/shapes.ts";
import { type Handler, idOf, work } from "./asked.ts";
import type { Caller } from "./caller.ts";
import { gatherNext, gatherWallet, modificationsIn, push, supports } from "./datawallet.ts";
import {
  datawalletKey,
  type EventDocument,
  eventKey,
  eventStream,
  type SyncRunDocument,
  syncRunKey,
} from "./documents.ts";
import { createDraft, type Draft } from "./draft.ts";
import { fieldsOf } from "./fields.ts";
import type { Warning } from "./reply.ts";
import { ownRun } from "./sync-runs.ts";

const prefix = "error.platform.validation.syncRun";
const unexpectedType = refuse(`${prefix}.unexpectedSyncRunType`, "Finalise the run by the call for its type.");

export const finalizeExternalEventSync: Handler = (asked, desk, caller) => {
  const id = idOf(asked, "SYR");
  if (!id.ok) return id;
  const fields = fieldsOf(asked.body);
  const results = fields.objects("externalEventResults", externalEventsPerRunMax);
  const sent = modificationsIn(fields, "datawalletModifications");
  if (fields.problem !== undefined) return { ok: false, refusal: fields.problem };
  return work({
    gather: async (reads) => {
      const stored = (await reads.get<SyncRunDocument>(syncRunKey(caller.address)))?.document;
      const run = ownRun(stored, { id: id.value, caller, otherDevice: "cannotFinalizeSyncRunStartedByAnotherDevice" });
      const reported = await gatherReported(reads, caller, { run: run.ok ? run.value : undefined, results });
      const { wallet, next } = {
        wallet: await gatherWallet(reads, caller),
        next: sent.length === 0 ? 0 : await gatherNext(reads, caller),
      };
      return { run, reported, wallet, next };
    },
    plan: ({ run, reported, wallet, next }) => {
      if (!run.ok) return run;
      const supported = supports(asked, wallet);
      if (!supported.ok) return supported;
      if (run.value.run.type !== "ExternalEventSync") return unexpectedType;
      const draft = createDraft();
      const pushed = push(asked, desk, { draft, caller, sent, next, version: wallet?.version ?? 0 });
      if (!pushed.ok) return pushed;
      const warnings = settle(draft, caller, reported);
      draft.put(syncRunKey(caller.address), { ...run.value, finalized: true, events: {} });
      const result: WireSyncFinalized = {
        newDatawalletModificationIndex: sent.length === 0 ? null : next + sent.length - 1,
        datawalletModifications: pushed.value,
        newUnsyncedExternalEventsExist: reported.hasMore,
      };
      return draft.answer(result, { warnings });
    },
  });
};

interface Failed {
  readonly event: Stored<EventDocument>;
  readonly errorCode: string;
}

interface Reported {
  /** Keys of events that the client is done with. */
  readonly done: readonly string[];
  readonly failed: readonly Failed[];
  /** Something will be there for the next run. */
  readonly hasMore: boolean;
}

async function gatherReported(
  reads: Reads,
  caller: Caller,
  at: { readonly run: SyncRunDocument | undefined; readonly results: readonly JsonObject[] },
): Promise<Reported> {
  const done = new Set<string>();
  const failed = new Map<string, Failed>();
  const indexById = at.run?.events ?? {};
  for (const { externalEventId, errorCode } of at.results) {
    if (typeof externalEventId !== "string" || !Object.hasOwn(indexById, externalEventId)) continue;
    const key = eventKey(caller.address, indexById[externalEventId] ?? 0);
    if (errorCode === undefined || errorCode === null || errorCode === "") {
      done.add(key);
      continue;
    }
    const event = await reads.get<EventDocument>(key);
    if (event !== undefined) failed.set(key, { event, errorCode: codeOf(errorCode) });
  }
  for (const key of done) failed.delete(key);
  const isGone = (key: string) => {
    const failure = failed.get(key);
    return failure === undefined ? done.has(key) : isGivenUp(failure);
  };
  return { done: [...done], failed: [...failed.values()], hasMore: await someRemain(reads, caller, isGone) };
}

/** Ends at the first event that stays, so it looks at no more than what was just reported and one. */
async function someRemain(reads: Reads, caller: Caller, isGone: (key: string) => boolean): Promise<boolean> {
  for await (const { key } of reads.find<EventDocument>({ under: eventStream(caller.address) })) {
    if (!isGone(key)) return true;
  }
  return false;
}

/** What clients write goes to the log only where it looks like a code. */
function codeOf(errorCode: Json): string {
  return typeof errorCode === "string" && /^[\w.-]{1,100}$/.test(errorCode) ? errorCode : "unreadable";
}

function isGivenUp({ event }: Failed): boolean {
  return event.document.syncErrorCount + 1 >= externalEventErrorsMax;
}

/** An event that is given up is gone; the operator reads in the log which client could not handle what. */
function settle(draft: Draft, caller: Caller, { done, failed }: Reported): readonly Warning[] {
  for (const key of done) draft.delete(key);
  return failed.flatMap((failure) => {
    const { key, document } = failure.event;
    if (!isGivenUp(failure)) {
      draft.put(key, extended(document, { syncErrorCount: document.syncErrorCount + 1 }));
      return [];
    }
    draft.delete(key);
    const { address, deviceId } = caller;
    const facts = { address, deviceId, event: document.id, type: document.type, errorCode: failure.errorCode };
    return [{ message: "An external event was given up after too many reported errors.", facts }];
  });
}

export const finalizeDatawalletVersionUpgrade: Handler = (asked, desk, caller) => {
  const id = idOf(asked, "SYR");
  if (!id.ok) return id;
  const fields = fieldsOf(asked.body);
  const version = fields.integer("newDatawalletVersion", 1);
  const sent = modificationsIn(fields, "datawalletModifications");
  if (fields.problem !== undefined) return { ok: false, refusal: fields.problem };
  return work({
    gather: async (reads) => ({
      stored: await reads.get<SyncRunDocument>(syncRunKey(caller.address)),
      wallet: await gatherWallet(reads, caller),
      next: await gatherNext(reads, caller),
    }),
    plan: ({ stored, wallet, next }) => {
      const otherDevice = "cannotFinalizeSyncRunStartedByAnotherDevice";
      const run = ownRun(stored?.document, { id: id.value, caller, otherDevice });
      if (!run.ok) return run;
      const supported = supports(asked, wallet);
      if (!supported.ok) return supported;
      if (run.value.run.type !== "DatawalletVersionUpgrade") return unexpectedType;
      if (version < (wallet?.version ?? 0)) {
        return refuse("error.platform.datawallet.cannotDowngrade", `The datawallet has version ${wallet?.version}.`);
      }
      const draft = createDraft();
      const pushed = push(asked, desk, { draft, caller, sent, next, version });
      if (!pushed.ok) return pushed;
      draft.put(datawalletKey(caller.address), { version });
      draft.put(syncRunKey(caller.address), { ...run.value, finalized: true });
      const result: WireUpgradeFinalized = {
        newDatawalletModificationIndex: sent.length === 0 ? null : next + sent.length - 1,
        datawalletModifications: pushed.value,
      };
      return draft.answer(result);
    },
  });
};
