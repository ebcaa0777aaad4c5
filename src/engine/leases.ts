/**
 * What only one of the processes on a store may do at a time (docs/decisions/0012-deliveries-and-leases.md).
 *
 * L3. A lease names its holder and lasts as long as that process lives. Where there can be no other process there is none.
 */
import { keyOf } from "../model/keys.ts";
import type { Document, Expect, Stored } from "../ports/store.ts";
import type { Account } from "./context.ts";
import { turnOfOthersLookMs, turnOfOthersMs } from "./limits.ts";
import type { Ended } from "./presence.ts";

/** The lease of who delivers an account's events. */
export const outboxLease = "outbox";

type Lease = { readonly holder: string };

/** Whether this process holds the lease, which it takes if nobody alive does; it keeps it until it ends. */
export async function holdsLease(account: Account, what: string): Promise<boolean> {
  const { presence, memory } = account;
  if (presence === undefined) return true;
  const era = await presence.assure();
  if (memory.leases.get(what) === era) return true;
  if (!(await takeLease(account, what))) return false;
  memory.leases.set(what, era);
  return true;
}

/** Runs something that only one process may be at. */
export type Taking = (account: Account, what: string, work: () => Promise<void>) => Promise<void>;

/** Runs what is done once at a time, in all processes; what another one is at is waited for. Does not run it after too long. */
export const exclusively: Taking = (account, what, work) => taking(account, { what, patienceMs: turnOfOthersMs }, work);

/** The same, but what another process is at is left to it. */
export const unlessTaken: Taking = (account, what, work) => taking(account, { what, patienceMs: 0 }, work);

type Wanted = { readonly what: string; readonly patienceMs: number };

function taking(account: Account, wanted: Wanted, work: () => Promise<void>): Promise<void> {
  const { lanes, presence } = account;
  return lanes.run(wanted.what, () => (presence === undefined ? work() : underLease(account, wanted, work)));
}

async function underLease(account: Account, { what, patienceMs }: Wanted, work: () => Promise<void>): Promise<void> {
  const { presence, clock, store } = account;
  for (let waitedMs = 0; ; waitedMs += turnOfOthersLookMs) {
    await presence?.assure();
    if (await takeLease(account, what)) break;
    if (waitedMs >= patienceMs) return;
    await clock.sleep(turnOfOthersLookMs);
  }
  try {
    await work();
  } finally {
    const key = leaseKey(account, what);
    const stored = await store.get<Lease>(key);
    if (stored !== undefined && stored.document.holder === presence?.id)
      await store.commit({ deletes: [{ key, expect: stored.version }] });
  }
}

/** Makes this process the holder of what a document says is held, if nobody alive holds it; false when somebody does. */
export async function takeOver<D extends Document & { readonly holder?: string }>(
  { presence, store }: Account,
  { key, version, document }: Stored<D>,
): Promise<boolean> {
  if (presence === undefined || document.holder === presence.id) return true;
  await presence.assure();
  const end = document.holder === undefined ? undefined : await presence.ended(document.holder);
  if (document.holder !== undefined && end === undefined) return false;
  const taken = await store.commit({
    puts: [{ key, document: { ...document, holder: presence.id }, expect: version }],
    checks: checksOf(end),
  });
  return taken.ok;
}

async function takeLease(account: Account, what: string): Promise<boolean> {
  const { presence, store } = account;
  if (presence === undefined) return true;
  const key = leaseKey(account, what);
  const stored = await store.get<Lease>(key);
  if (stored !== undefined) return takeOver(account, stored);
  const taken = await store.commit({ puts: [{ key, document: { holder: presence.id }, expect: "absent" }] });
  return taken.ok;
}

const checksOf = (end: Ended | undefined): { key: string; expect: Expect }[] => (end === undefined ? [] : [end]);

const leaseKey = ({ id }: Account, what: string): string => keyOf(id, "leases", what);
