/**
 * What a plan of an account wants: documents, deadlines and events, committed together (design.md 2.3).
 *
 * O1. Events leave after the commit that asked for them; those for publishers are in that very commit.
 */
import { fault } from "../errors/rapport-error.ts";
import type { Outcome, Refusal } from "../errors/refusal.ts";
import { allow } from "../errors/refusal.ts";
import { type Kind, keyOf, pathOf } from "../model/keys.ts";
import type { Document } from "../ports/store.ts";
import { type Plan, type Reads, takeTurn } from "../turn/turn.ts";
import type { Account } from "./context.ts";
import type { PendingEvent } from "./events.ts";
import { deliverCommitted } from "./outbox.ts";
import { entriesOf, type OutboxEntry, streamOf } from "./outbox-entries.ts";

/** Collects what one plan wants. Later puts of a key replace earlier ones. */
export interface Change {
  put(kind: Kind, id: string, document: Document): void;
  remove(kind: Kind, id: string): void;
  /** Sets the deadline of an entity, or takes it away. */
  deadline(entity: string, dueAt: string | undefined): void;
  /** Adds to a counter, which never conflicts. */
  add(kind: Kind, id: string, by: number): void;
  event(name: string, data: () => unknown): void;
  readonly contents: ChangeContents;
}

interface ChangeContents {
  readonly puts: Map<string, { readonly key: string; readonly document: Document }>;
  readonly deletes: Set<string>;
  readonly adds: { readonly counter: string; readonly by: number }[];
  readonly events: PendingEvent[];
  readonly dueAts: string[];
}

/** An empty change for an account. */
export function createChange(account: string): Change {
  const contents: ChangeContents = { puts: new Map(), deletes: new Set(), adds: [], events: [], dueAts: [] };
  const put: Change["put"] = (kind, id, document) => {
    const key = keyOf(account, kind, id);
    contents.deletes.delete(key);
    contents.puts.set(key, { key, document });
  };
  const remove: Change["remove"] = (kind, id) => {
    const key = keyOf(account, kind, id);
    contents.puts.delete(key);
    contents.deletes.add(key);
  };
  return {
    put,
    remove,
    deadline(entity, dueAt) {
      if (dueAt === undefined) return remove("timers", entity);
      put("timers", entity, { entity, dueAt });
      contents.dueAts.push(dueAt);
    },
    add: (kind, id, by) => contents.adds.push({ counter: keyOf(account, kind, id), by }),
    event: (name, data) => contents.events.push({ name, data }),
    contents,
  };
}

/** A turn of an account: `plan` fills a change and gives the value, or refuses. */
export interface AccountTurn<F, T> {
  gather(reads: Reads): Promise<F>;
  plan(facts: F, change: Change): Outcome<T>;
}

/** Takes the turn, then publishes its events. */
export async function accountTurn<F, T>(account: Account, turn: AccountTurn<F, T>): Promise<Outcome<T>> {
  let last: Planned | undefined;
  const outcome = await takeTurn<F, T>(account, {
    gather: (reads) => turn.gather(reads),
    plan: (facts) => {
      if (account.memory.isErased) throw fault("account.notFound", `The account "${account.record.name}" was erased.`);
      const change = createChange(account.id);
      const planned = turn.plan(facts, change);
      if (!planned.ok) return planned;
      const entries = entriesOf(account, change.contents.events);
      last = { contents: change.contents, entries };
      return allow(planOf(account, last, planned.value));
    },
  });
  if (!outcome.ok) return outcome;
  if (last !== undefined) afterwards(account, last, outcome.committed?.indexes ?? []);
  return outcome;
}

interface Planned {
  readonly contents: ChangeContents;
  readonly entries: readonly OutboxEntry[];
}

function planOf<T>(account: Account, { contents, entries }: Planned, value: T): Plan<T> {
  const puts = [...contents.puts.values()];
  return {
    value,
    puts,
    deletes: [...contents.deletes],
    adds: contents.adds,
    appends: entries.map((document) => ({ stream: streamOf(account), document })),
  };
}

function afterwards(account: Account, { contents, entries }: Planned, indexes: readonly number[]): void {
  noteBrought(account, contents);
  for (const dueAt of contents.dueAts) {
    account.memory.nextDueAt = Math.min(account.memory.nextDueAt, Date.parse(dueAt));
  }
  if (contents.events.length === 0) return;
  account.events.publish(contents.events, account.correlationId);
  if (entries.length > 0) deliverCommitted(account, entries, indexes);
}

/** S4 of sync.ts. */
function noteBrought({ id: account, memory: { brought } }: Account, { puts, deletes }: ChangeContents): void {
  if (brought === undefined) return;
  for (const kind of ["relationships", "messages"] as const) {
    const path = `${pathOf(account, kind)}/`;
    const list: Map<string, Document> = brought[kind];
    for (const { key, document } of puts.values()) if (key.startsWith(path)) list.set(key.slice(path.length), document);
    for (const key of deletes) if (key.startsWith(path)) list.delete(key.slice(path.length));
  }
}

/** The same refusal, whatever the expected value type. */
export function no<T>(refusal: Refusal): Outcome<T> {
  return { ok: false, refusal };
}
