/**
 * Says on a shared store that this process lives, and looks whether others do (docs/decisions/0012-deliveries-and-leases.md).
 *
 * L1. A process is alive as long as its document says; who was late with its word begins a new era and holds nothing.
 * L2. Who rests on another one's end expects its document as it was seen, so that its coming back makes that commit conflict.
 */

import { newId } from "../model/ids.ts";
import { instantOf } from "../model/instant.ts";
import { processesPath } from "../model/keys.ts";
import type { Expect, Version } from "../ports/store.ts";
import type { Engine } from "./context.ts";
import { presenceMs, presenceRenewMs } from "./limits.ts";

/** A process that is not alive, as commits that rest on it expect it. */
export interface Ended {
  readonly key: string;
  readonly expect: Expect;
}

/** One process on a store that several may have open. */
export interface Presence {
  readonly id: string;
  /** Gives word when it is time; the era in which this process is now. */
  assure(): Promise<number>;
  /** What shows that the process has ended, or undefined while it lives. */
  ended(id: string): Promise<Ended | undefined>;
  /** Whether, since the last time that this was asked, somebody ended who was alive then. */
  someEnded(): Promise<boolean>;
  /** Gives up everything that this process holds. */
  leave(): Promise<void>;
}

type ProcessRecord = { readonly until: string };

/** A process that has not given word yet. */
export function createPresence({ store, clock, entropy }: Pick<Engine, "store" | "clock" | "entropy">): Presence {
  const id = newId("PRO", entropy);
  const key = `${processesPath}/${id}`;
  let era = 0;
  let version: Version | undefined;
  let untilMs = 0;
  let telling: Promise<void> | undefined;
  let alive = new Set<string>();

  const tell = async () => {
    const now = clock.now();
    const isLate = now >= untilMs;
    const document = { until: instantOf(now + presenceMs) };
    const told = await store.commit({ puts: [{ key, document, expect: version ?? "absent" }] });
    // Somebody swept it after it ran out: what follows is a new era.
    if (!told.ok) {
      version = (await store.get<ProcessRecord>(key))?.version;
      untilMs = 0;
      return tell();
    }
    if (isLate) era += 1;
    [version] = told.versions;
    untilMs = now + presenceMs;
    if (isLate) await sweep(store, now);
  };
  const isOver = (record: ProcessRecord) => isPast(record, clock.now());

  return {
    id,
    async assure() {
      while (clock.now() >= untilMs - presenceMs + presenceRenewMs) {
        telling ??= tell().finally(() => {
          telling = undefined;
        });
        await telling;
      }
      return era;
    },
    async ended(other) {
      if (other === id) return undefined;
      const otherKey = `${processesPath}/${other}`;
      const stored = await store.get<ProcessRecord>(otherKey);
      if (stored === undefined) return { key: otherKey, expect: "absent" };
      return isOver(stored.document) ? { key: otherKey, expect: stored.version } : undefined;
    },
    async someEnded() {
      const before = alive;
      alive = new Set();
      for await (const found of store.find<ProcessRecord>({ under: processesPath }))
        if (!isOver(found.document)) alive.add(found.key);
      return [...before].some((one) => !alive.has(one));
    },
    async leave() {
      await telling?.catch(() => undefined);
      if (version !== undefined) await store.commit({ deletes: [{ key, expect: version }] });
      version = undefined;
      untilMs = 0;
    },
  };
}

// Long gone processes: that nothing is there says the same.
async function sweep(store: Engine["store"], now: number): Promise<void> {
  const deletes: { key: string; expect: Version }[] = [];
  for await (const found of store.find<ProcessRecord>({ under: processesPath })) {
    if (isPast(found.document, now)) deletes.push({ key: found.key, expect: found.version });
  }
  for (const one of deletes) await store.commit({ deletes: [one] });
}

const isPast = ({ until }: ProcessRecord, now: number): boolean => Date.parse(until) <= now;
