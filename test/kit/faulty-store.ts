import type { StorePort } from "rapport/core";

/** When to fail: at the call with this number (1 is the first), before or after the store has done it. */
export interface FaultPlan {
  readonly failAt: number;
  readonly when: "before" | "after";
  /** Counts every get, find and commit, across stores that share it. */
  readonly counter: { calls: number };
}

/** What a planned fault throws. It is no fault of the catalogue: it stands for a process that dies. */
export class PlannedCrash extends Error {
  override readonly name = "PlannedCrash";
}

/**
 * The store, dying at one planned call and staying dead: every later call fails too, as it would in a killed process.
 * "after" means that the store did the work and nobody heard of it.
 */
export function faultyStore(store: StorePort, plan: FaultPlan): StorePort {
  let isDead = false;
  const die = (): never => {
    isDead = true;
    throw new PlannedCrash(`Call ${plan.counter.calls} fails ${plan.when} the store has done it, as planned.`);
  };
  const begin = (): boolean => {
    if (isDead) die();
    plan.counter.calls += 1;
    const isPlanned = plan.counter.calls === plan.failAt;
    if (isPlanned && plan.when === "before") die();
    return isPlanned;
  };
  const around = async <T>(work: () => Promise<T>): Promise<T> => {
    const isPlanned = begin();
    const result = await work();
    return isPlanned ? die() : result;
  };

  return {
    ...(store.isShared === undefined ? {} : { isShared: store.isShared }),
    open: (collections) => store.open(collections),
    get: (key) => around(() => store.get(key)),
    find: async function* (query) {
      const isPlanned = begin();
      yield* store.find(query);
      if (isPlanned) die();
    },
    commit: (batch) => around(() => store.commit(batch)),
    ...(store.sealKey === undefined ? {} : { sealKey: store.sealKey }),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}
