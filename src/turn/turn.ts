/**
 * A turn: gather (asynchronous), plan (synchronous, pure), commit (asynchronous). See docs/decisions/0001-turns.md.
 *
 * - Every document that `gather` reads is expected unchanged by the commit, whether it is written or not.
 * - A conflict reruns the whole turn; after `turnRerunsMax` lost tries it is the fault `store.contended`.
 */
import { fault } from "../errors/rapport-error.ts";
import type { Outcome, Refusal } from "../errors/refusal.ts";
import { turnRerunsMax, turnRerunWaitMs } from "../limits.ts";
import type { Clock } from "../ports/clock.ts";
import type { Batch, CommitResult, Document, Expect, Query, Store, Stored } from "../ports/store.ts";

/** What `gather` may read. `get` is checked at the commit; `peek` and `find` are not, so no rule may rest on them. */
export interface Reads {
  get<D extends Document>(key: string): Promise<Stored<D> | undefined>;
  peek<D extends Document>(key: string): Promise<Stored<D> | undefined>;
  find<D extends Document>(query: Query): AsyncIterable<Stored<D>>;
}

/** What `plan` wants written. `expect` is only for documents that the turn did not read. */
export interface Plan<T> {
  readonly value: T;
  readonly puts?: readonly { readonly key: string; readonly document: Document; readonly expect?: Expect }[];
  readonly deletes?: readonly string[];
  readonly appends?: readonly { readonly stream: string; readonly document: Document; readonly expectNext?: number }[];
  readonly adds?: readonly { readonly counter: string; readonly by: number; readonly atMost?: number }[];
  /** The answer when this counter would pass its `atMost`. */
  readonly exhausted?: (counter: string) => Refusal | undefined;
}

/** The commit of a turn that went through; undefined when there was nothing to write. */
export type Committed = Extract<CommitResult, { ok: true }> | undefined;

/** One turn: what to read, and what follows from it. */
export interface Turn<F, T> {
  gather(reads: Reads): Promise<F>;
  plan(facts: F): Outcome<Plan<T>>;
}

/** Where turns happen. */
export interface Place {
  readonly store: Store;
  readonly clock: Clock;
}

/** Takes the turn and gives its value, or the refusal that `plan` returned, which wrote nothing. */
export async function takeTurn<F, T>(place: Place, turn: Turn<F, T>): Promise<Outcome<T> & { committed?: Committed }> {
  for (let tries = 0; tries <= turnRerunsMax; tries += 1) {
    if (tries > 1) await place.clock.sleep(turnRerunWaitMs * Math.min(tries, 10));
    const seen = new Map<string, Seen>();
    const facts = await turn.gather(readsOf(place.store, seen));
    const planned = turn.plan(facts);
    if (!planned.ok) return planned;
    const batch = batchOf(planned.value, seen);
    if (batch === undefined) return { ok: true, value: planned.value.value };
    const result = await place.store.commit(batch);
    if (result.ok) return { ok: true, value: planned.value.value, committed: result };
    if ("exhausted" in result) {
      const refusal = planned.value.exhausted?.(result.exhausted);
      if (refusal !== undefined) return { ok: false, refusal };
      throw fault("limit.reached", `The counter "${result.exhausted}" is at its limit.`);
    }
  }
  throw fault("store.contended", `The turn lost ${turnRerunsMax} times against other writers. Repeat the command.`);
}

interface Seen {
  readonly stored: Stored | undefined;
  readonly expect: Expect;
  isWritten: boolean;
}

function readsOf(store: Store, seen: Map<string, Seen>): Reads {
  return {
    async get<D extends Document>(key: string) {
      const known = seen.get(key);
      if (known !== undefined) return known.stored as Stored<D> | undefined;
      const stored = await store.get<D>(key);
      // Read twice at the same time: the answer that came first holds for both, since the commit checks one version.
      const meanwhile = seen.get(key);
      if (meanwhile !== undefined) return meanwhile.stored as Stored<D> | undefined;
      seen.set(key, { stored, expect: stored === undefined ? "absent" : stored.version, isWritten: false });
      return stored;
    },
    peek: store.get,
    find: store.find,
  };
}

function batchOf(plan: Plan<unknown>, seen: Map<string, Seen>): Batch | undefined {
  const { puts = [], deletes = [], appends = [], adds = [] } = plan;
  if (puts.length === 0 && deletes.length === 0 && appends.length === 0 && adds.length === 0) return undefined;
  const expectedPuts = puts.map((put) => {
    const expect = written(seen, put.key) ?? put.expect;
    return expect === undefined ? put : { key: put.key, document: put.document, expect };
  });
  const expectedDeletes = deletes.map((key) => {
    const expect = written(seen, key);
    return expect === undefined ? { key } : { key, expect };
  });
  const checks: { key: string; expect: Expect }[] = [];
  for (const [key, { expect, isWritten }] of seen) if (!isWritten) checks.push({ key, expect });
  return { puts: expectedPuts, deletes: expectedDeletes, checks, appends, adds };
}

// What the turn saw under a key that it writes; what it saw elsewhere is checked.
function written(seen: Map<string, Seen>, key: string): Expect | undefined {
  const known = seen.get(key);
  if (known === undefined) return undefined;
  known.isWritten = true;
  return known.expect;
}
