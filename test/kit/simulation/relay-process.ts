// The relay as a process: it can die at any call to its store, and starts again on its disk.
import { Bug, fault, type StorePort } from "rapport/core";
import { type Caller, createRelay, type Relay } from "rapport/relay";
import { type CrashPoint, type CrashPoints, createCrashPoints } from "../crash-points.ts";
import { createSimulatedDisk, type SimulatedDisk } from "./disk.ts";
import type { Ground } from "./ground.ts";
import type { Holdings } from "./holdings.ts";
import { createDiskBlobs, createJournalStore } from "./journal-store.ts";
import { encodeAnswer } from "./wire-answer.ts";
import { decodeCall } from "./wire-request.ts";

/** The relay of a simulation. */
export interface RelayProcess {
  readonly disk: SimulatedDisk;
  readonly isDown: boolean;
  /**
   * Takes the bytes of a call and gives those of an answer. `admitted` was let in before and waited since. Fault:
   * `relay.unreachable` when the relay is down or dies.
   */
  handle(bytes: Uint8Array, admitted?: Caller): Promise<Uint8Array>;
  /** Who makes this call, as far as its token says now. */
  admit(bytes: Uint8Array): Promise<Caller | undefined>;
  /** What goes wrong at its ports from here on; nothing when there is no point. */
  plan(point: CrashPoint | undefined): void;
  /** Dies. Of what nobody acknowledged, this share is left. */
  kill(share: number): void;
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Makes it; nothing runs before `start`. */
export function createRelayProcess(ground: Ground, holdings: Holdings): RelayProcess {
  const disk = createSimulatedDisk();
  let points: CrashPoints = createCrashPoints();
  let relay: Relay | undefined;
  const carryOut = async (bytes: Uint8Array, admitted: Caller | undefined): Promise<Uint8Array> => {
    const mine = relay;
    const hers = points;
    if (mine === undefined) throw down();
    const { call, token } = decodeCall(bytes);
    const login = token === undefined || admitted !== undefined ? undefined : await mine.callerOf(token);
    const answer =
      login?.ok === false
        ? ({ ok: false, status: 401, error: { code: "error.platform.unauthorized", message: "No." }, rapport: true } as const)
        : await mine.call(call, admitted ?? login?.value);
    if (hers.isDead) throw down();
    return encodeAnswer(call.operation, answer);
  };
  const process: RelayProcess = {
    disk,
    get isDown() {
      return relay === undefined || points.isDead;
    },
    handle: async (bytes, admitted) => {
      ground.stir();
      if (process.isDown) throw down();
      try {
        return await carryOut(bytes, admitted);
      } catch (problem) {
        if (problem instanceof Bug) ground.findings.push(`The relay met a mistake of its own: ${problem.message}`);
        throw down();
      }
    },
    admit: async (bytes) => {
      const { token } = decodeCall(bytes);
      const login = token === undefined || process.isDown ? undefined : await relay?.callerOf(token);
      return login?.ok === true ? login.value : undefined;
    },
    plan: (point) => points.watch(point),
    kill: (share) => {
      relay = undefined;
      disk.owner = undefined;
      disk.tear(share);
    },
    start: async () => {
      points = createCrashPoints();
      const store = acknowledging(points.store(createJournalStore(disk, holdings)), { disk, points });
      const { clock, entropy, relayCrypto: crypto, log } = ground;
      const next = createRelay({ store, blobs: points.blobs(createDiskBlobs(disk)), clock, entropy, crypto, log });
      await next.open();
      relay = next;
    },
    close: async () => {
      await relay?.[Symbol.asyncDispose]();
      relay = undefined;
    },
  };
  return process;
}

function down() {
  return fault("relay.unreachable", "The relay is down.", { details: { sent: true } });
}

/** What a store has told its process is durable. */
export function acknowledging(
  store: StorePort,
  { disk, points }: { readonly disk: SimulatedDisk; readonly points: CrashPoints },
): StorePort {
  return {
    ...store,
    commit: async (batch) => {
      try {
        return await store.commit(batch);
      } finally {
        if (!points.isDead) disk.acknowledge();
      }
    },
  };
}
