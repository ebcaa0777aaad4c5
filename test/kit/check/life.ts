// The life of one process: it begins with what is stored, does one thing, and ends. Whatever is committed on the way is a
// moment at which a crash could have come, so one run gives all of them.
import { Bug, type Call, type ClockPort, RapportError } from "rapport/core";
import { createRelay, type Relay } from "rapport/relay";
import type { Caller } from "../../../src/relay/caller.ts";
import { eventStream, type SyncRunDocument, syncRunKey } from "../../../src/relay/documents.ts";
import { createDraws } from "./draws.ts";
import {
  commitTo,
  createSnapshotStore,
  documentAt,
  documentsIn,
  type Held,
  nameOfSum,
  type Snapshot,
} from "./snapshot.ts";
import { createStandInCrypto, type Sealing } from "./stand-in-crypto.ts";

/** Where a life begins. `label` names what is done, so that equal steps draw equal bytes. */
export interface Beginning {
  readonly party: Snapshot;
  readonly relay: Snapshot;
  readonly nowMs: number;
  readonly label: string;
}

/** What is stored everywhere at one moment, and how many calls had left by then. */
export interface Moment {
  readonly party: Snapshot;
  readonly relay: Snapshot;
  readonly sent: number;
}

/** What a process has to do with while it lives. */
export interface Life {
  readonly party: Held;
  readonly relay: Held;
  readonly clock: ClockPort;
  readonly moments: Moment[];
  /** Calls that have an idempotency key and left for the relay, in order. */
  readonly sent: Call[];
  readonly sealings: Sealing[];
  readonly parts: Parts;
  /** Carries a call to the relay, in this very moment. */
  carry(call: Call, caller: Caller | undefined): ReturnType<Relay["call"]>;
  /** Does what is due at the relay. */
  runDueTimers(): Promise<unknown>;
  /** Ends the process: nothing is read or written any more. */
  end(): Ended;
}

/** The ports of the party's process. */
export interface Parts {
  readonly store: ReturnType<typeof createSnapshotStore>;
  readonly crypto: ReturnType<typeof createStandInCrypto>;
  readonly entropy: ReturnType<typeof createDraws>;
}

/** The process has ended, as planned. */
export class Ended extends Error {
  override readonly name = "Ended";
}

/** How the relay is made; tests plant faults here. */
export type MakeRelay = typeof createRelay;

/** A wait of at least this long is one for a sync run to expire. */
const waitForRunMs = 5_000;

/** Begins a life. */
export function beginLife(beginning: Beginning, makeRelay: MakeRelay = createRelay): Life {
  const party: Held = { snapshot: beginning.party };
  const relay: Held = { snapshot: beginning.relay };
  const moments: Moment[] = [];
  const sent: Call[] = [];
  const sealings: Sealing[] = [];
  let isOver = false;
  let label = "";
  const before = () => {
    if (isOver) throw new Ended("The process has ended.");
  };
  const after = () => {
    moments.push({ party: party.snapshot, relay: relay.snapshot, sent: sent.length });
  };
  const crypto = createStandInCrypto((sealing) => sealings.push(sealing));
  const clock: ClockPort = {
    now: () => beginning.nowMs,
    sleep: async (ms, stop) => {
      if (stop !== undefined) return until(stop);
      // Nothing else happens in that time; so the runs are over, and everything else is as it was.
      if (ms >= waitForRunMs) expireRuns(relay);
    },
  };
  const made = makeRelay({
    store: createSnapshotStore(relay, { before, after }),
    clock,
    crypto,
    entropy: createDraws(() => label),
  });
  return {
    party,
    relay,
    clock,
    moments,
    sent,
    sealings,
    parts: {
      store: createSnapshotStore(party, { before, after }),
      crypto,
      entropy: createDraws(() => beginning.label),
    },
    carry: (call, caller) => {
      label = `relay ${call.idempotencyKey ?? unkeyed(relay.snapshot, call, caller)}`;
      return made.call(withoutRunKey(call), caller);
    },
    runDueTimers: () => {
      label = `relay ${nameOfSum(relay.snapshot.sum)}`;
      return made.admin.runDueTimers();
    },
    end: () => {
      isOver = true;
      return new Ended("The process has ended.");
    },
  };
}

/** What went wrong in a life beside refusals and faults: somebody's mistake, which no way of events may lead to. */
export function mistakeIn(problem: unknown): string | undefined {
  if (problem instanceof Ended || (problem instanceof RapportError && !(problem instanceof Bug))) return undefined;
  return problem instanceof Error ? (problem.stack ?? problem.message) : String(problem);
}

function until(stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) resolve();
    else stop.addEventListener("abort", () => resolve(), { once: true });
  });
}

function expireRuns(relay: Held): void {
  for (const document of documentsIn<SyncRunDocument>(relay.snapshot, "relay/syncrun")) {
    const key = syncRunKey(document.run.createdBy);
    if (!document.finalized) commitTo(relay, { puts: [{ key, document: { ...document, expiresAtMs: 0 } }] });
  }
}

// Runs take two ids in turn: one that is over is never asked for again, and ids that only grew would make every sync a new
// state. Any other call without a key that makes something is named after the state that it finds.
function unkeyed(relay: Snapshot, call: Call, caller: Caller | undefined): string {
  const address = caller?.address ?? "";
  if (call.operation !== "startSyncRun") return `${call.operation} ${address} ${nameOfSum(relay.sum)}`;
  const index = documentAt<SyncRunDocument>(relay, syncRunKey(address))?.run.index ?? 0;
  const next = documentAt<{ next: number }>(relay, eventStream(address))?.next ?? 0;
  return `${call.operation} ${address} ${index % 2} ${next}`;
}

// A process that just started asks for its events first, and hears that the run is over; so nobody repeats a finalise.
function withoutRunKey(call: Call): Call {
  if (call.idempotencyKey?.startsWith("finalise-") !== true) return call;
  const { idempotencyKey: _run, ...rest } = call;
  return rest;
}
