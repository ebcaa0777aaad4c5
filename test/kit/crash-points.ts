import {
  type Answer,
  type BlobsPort,
  type Call,
  type Document,
  fault,
  type Query,
  type StorePort,
  type TransportPort,
} from "rapport/core";
import { PlannedCrash } from "./faulty-store.ts";

/**
 * Which call of a process to its ports goes wrong, and how. "before" means that the port never heard of it, "after" that
 * it did the work and nobody heard of that.
 *
 * - `kill`: the process dies; nothing that it does later reaches anything.
 * - `fail`: this one call fails; what follows works again.
 * - `silence`: from this call to the relay on, nothing comes back from the relay; later calls do not even reach it.
 * - `wait`: nothing goes wrong, but this one call waits until `meanwhile` has happened.
 */
export interface CrashPoint {
  readonly at: number;
  readonly when: "before" | "after";
  readonly how: "kill" | "fail" | "silence" | "wait";
  /**
   * Counts only calls of this operation of the relay, or only the times that a store asks for a new key. That is no call
   * of its own but a step inside `sealKey`, and it cannot wait.
   */
  readonly operation?: Call["operation"] | "makeKey";
  readonly meanwhile?: () => Promise<unknown>;
}

/** What stands between a process and its store, blobs and transport. */
export interface CrashPoints {
  store(store: StorePort): StorePort;
  /** Calls to blobs count as calls to the store. */
  blobs(blobs: BlobsPort): BlobsPort;
  transport(transport: TransportPort): TransportPort;
  /** Counts calls from here on, and lets the planned one go wrong. */
  watch(point?: CrashPoint): void;
  /** Nothing goes wrong any more, unless the process is dead. */
  heal(): void;
  /** Calls since `watch`: those to the store, its opening among them, and to the relay, in one row. */
  readonly calls: number;
  /** Those of them that went to the relay, by their place in the row. */
  readonly relayCalls: readonly number[];
  readonly isDead: boolean;
  readonly hasStruck: boolean;
}

/** Makes the points of one process; a restarted process needs new ones. */
export function createCrashPoints(): CrashPoints {
  let point: CrashPoint | undefined;
  let calls = 0;
  let counted = 0;
  let relayCalls: number[] = [];
  let isDead = false;
  let isSilent = false;
  let hasStruck = false;

  const strike = (port: "store" | "relay", planned: CrashPoint): Error => {
    hasStruck = true;
    if (planned.how === "kill") isDead = true;
    if (planned.how === "silence") isSilent = true;
    if (isDead) return new PlannedCrash(`Call ${calls} killed the process ${planned.when} the ${port} did it.`);
    return port === "store" ? fault("store.unavailable", "The store failed, as planned.") : silence();
  };
  const plannedAt = (operation: string | undefined): CrashPoint | undefined => {
    if (point?.operation === undefined) return point?.at === calls ? point : undefined;
    if (point.operation !== operation) return undefined;
    counted += 1;
    return point.at === counted ? point : undefined;
  };
  const around = async <T>(port: "store" | "relay", work: () => Promise<T>, operation?: string): Promise<T> => {
    if (isDead) throw new PlannedCrash("The process is dead.");
    if (isSilent && port === "relay") throw silence();
    calls += 1;
    if (port === "relay") relayCalls.push(calls);
    const planned = plannedAt(operation);
    if (planned?.when === "before") await befall(port, planned);
    const result = await work();
    if (planned?.when === "after") await befall(port, planned);
    // What was under way when the process died comes back to nobody.
    if (isDead) throw new PlannedCrash("The process is dead.");
    return result;
  };
  const befall = async (port: "store" | "relay", planned: CrashPoint): Promise<void> => {
    if (planned.how !== "wait") throw strike(port, planned);
    hasStruck = true;
    await planned.meanwhile?.();
  };
  const makeKey = (make: () => Uint8Array): Uint8Array => {
    const planned = point?.operation === "makeKey" ? plannedAt("makeKey") : undefined;
    if (planned?.when === "before") throw strike("store", planned);
    const key = make();
    if (planned !== undefined) throw strike("store", planned);
    return key;
  };
  return {
    store: (store) => storeBehind(store, { around: (work) => around("store", work), makeKey, isDead: () => isDead }),
    blobs: (blobs) => ({
      open: () => around("store", () => blobs.open()),
      get: (name) => around("store", () => blobs.get(name)),
      put: (name, bytes) => around("store", () => blobs.put(name, bytes)),
      delete: (name) => around("store", () => blobs.delete(name)),
      [Symbol.asyncDispose]: async () => {
        if (!isDead) await blobs[Symbol.asyncDispose]();
      },
    }),
    transport: (transport) => ({
      ...transport,
      call: (call, session): Promise<Answer> => around("relay", () => transport.call(call, session), call.operation),
      [Symbol.asyncDispose]: async () => undefined,
    }),
    watch: (planned) => {
      point = planned;
      calls = 0;
      counted = 0;
      relayCalls = [];
      hasStruck = false;
    },
    heal: () => {
      point = undefined;
      isSilent = false;
    },
    get calls() {
      return calls;
    },
    get relayCalls() {
      return relayCalls;
    },
    get isDead() {
      return isDead;
    },
    get hasStruck() {
      return hasStruck;
    },
  };
}

interface StoreGate {
  around<T>(work: () => Promise<T>): Promise<T>;
  makeKey(make: () => Uint8Array): Uint8Array;
  isDead(): boolean;
}

function storeBehind(store: StorePort, { around, makeKey, isDead }: StoreGate): StorePort {
  const { sealKey } = store;
  return {
    open: (collections) => around(() => store.open(collections)),
    get: (key) => around(() => store.get(key)),
    find: async function* <D extends Document>(query: Query) {
      yield* await around(() => allOf(store.find<D>(query)));
    },
    commit: (batch) => around(() => store.commit(batch)),
    ...(sealKey && { sealKey: (make) => around(() => sealKey(() => makeKey(make))) }),
    // A dead process closes nothing.
    [Symbol.asyncDispose]: async () => {
      if (!isDead()) await store[Symbol.asyncDispose]();
    },
  };
}

async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

function silence() {
  return fault("relay.unreachable", "No answer came, as planned.");
}
