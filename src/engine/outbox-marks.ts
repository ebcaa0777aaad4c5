// What becomes of an outbox entry: each step is a turn, since other targets note theirs on the same entry.
import { allow } from "../errors/refusal.ts";
import { extended } from "../model/extended.ts";
import { instantOf } from "../model/instant.ts";
import { keyOf } from "../model/keys.ts";
import type { DeadLetterRecord } from "../model/records.ts";
import { type Plan, takeTurn } from "../turn/turn.ts";
import type { Account } from "./context.ts";
import type { OutboxEntry, Target } from "./outbox-entries.ts";

/** A try that failed. */
export interface Failure {
  readonly target: Target;
  readonly key: string;
  /** The event's. */
  readonly id: string;
  readonly attempt: number;
  readonly problem: unknown;
  readonly isLast: boolean;
  readonly nextAt: string;
}

/** The target took it: the entry goes with its last target, and the dead letter that it came from goes with it. */
export async function noteTaken(account: Account, key: string, target: string): Promise<void> {
  await entryTurn(account, key, (entry) => {
    const left = leftOut(key, entry, target);
    if (entry.letter === undefined) return left;
    return { ...left, deletes: [...(left.deletes ?? []), keyOf(account.id, "deadletters", entry.letter)] };
  });
}

/** The target will never take it. */
export async function leaveOut(account: Account, key: string, target: string): Promise<void> {
  await entryTurn(account, key, (entry) => leftOut(key, entry, target));
}

/** Notes a failed try, and after the last one a dead letter; false when the entry was erased meanwhile. */
export async function noteFailed(account: Account, failure: Failure): Promise<boolean> {
  const { key, target, attempt, isLast, nextAt } = failure;
  const at = instantOf(account.clock.now());
  return entryTurn(account, key, (entry) => {
    if (isLast) {
      const document = letterOf(entry, failure, at);
      const left = leftOut(key, entry, target.key);
      return {
        ...left,
        puts: [...(left.puts ?? []), { key: keyOf(account.id, "deadletters", document.id), document }],
      };
    }
    const tried = { ...entry.tried, [target.key]: { count: attempt, nextAt } };
    return { value: true, puts: [{ key, document: extended(entry, { tried }) }] };
  });
}

async function entryTurn(account: Account, key: string, plan: (entry: OutboxEntry) => Plan<boolean>): Promise<boolean> {
  const outcome = await takeTurn<OutboxEntry | undefined, boolean>(account, {
    gather: async (reads) => (await reads.get<OutboxEntry>(key))?.document,
    plan: (entry) => allow(entry === undefined ? { value: false } : plan(entry)),
  });
  return outcome.ok && outcome.value;
}

function leftOut(key: string, entry: OutboxEntry, target: string): Plan<boolean> {
  const to = entry.to.filter((one) => one !== target);
  if (to.length === 0) return { value: true, deletes: [key] };
  const { [target]: _gone, ...tried } = entry.tried ?? {};
  return { value: true, puts: [{ key, document: extended(entry, { to, tried }) }] };
}

function letterOf(entry: OutboxEntry, { target, id, attempt, problem }: Failure, at: string): DeadLetterRecord {
  const { publisher, subscriber } = target;
  const { name, entity, correlationId } = entry;
  const names = subscriber === publisher.name ? [publisher.name] : [publisher.name, subscriber];
  const index = id.slice(id.lastIndexOf("-") + 1);
  return {
    id: entry.letter ?? `outbox-${names.map(encodeURIComponent).join("-")}-${index}`,
    at,
    what: `event ${name} for ${names.join(": ")}`,
    code: "limit.reached",
    message: `The publisher refused it ${attempt} times: ${String(problem)}`,
    payload: entry.data,
    delivery: {
      publisher: publisher.name,
      subscriber,
      target: target.key,
      event: id,
      name,
      at: entry.at,
      entity,
      attempts: attempt,
      ...(correlationId === undefined ? {} : { correlationId }),
    },
  };
}
