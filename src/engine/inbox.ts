/**
 * External events of the relay, applied once each (design.md 7).
 *
 * B1. What an event leads to and its inbox mark are one commit; an event whose mark is there is done.
 * B2. Events of one Relationship are applied in index order; several of them are one look at the relay. Relationships with
 *     one peer come one after the other.
 * B3. An event that cannot be applied goes to the dead letters and is reported as done.
 */
import { RapportError } from "../errors/rapport-error.ts";
import { allow, type Outcome, type Refusal } from "../errors/refusal.ts";
import { syncParallelMax } from "../limits.ts";
import { instantOf } from "../model/instant.ts";
import { keyOf } from "../model/keys.ts";
import type { WireExternalEvent } from "../wire/shapes.ts";
import { accountTurn } from "./change.ts";
import type { Account, Brought } from "./context.ts";
import { mark } from "./inbox-marks.ts";
import { applyMessage, fetchMessage } from "./inbox-message.ts";
import { applyOther } from "./inbox-other.ts";
import { applyRelationship, type Fetched, fetchRelationships } from "./inbox-relationship.ts";
import { carriersOfRequests, settleCarriers } from "./performing.ts";

/** Applies the events of one run. Throws only what should stop the sync: the relay or the store failed. */
export async function applyEvents(
  account: Account,
  events: readonly WireExternalEvent[],
  brought: Brought,
): Promise<void> {
  const fresh = await unmarked(account, events);
  const byRelationship = new Map<string, WireExternalEvent[]>();
  const messages: WireExternalEvent[] = [];
  const others: WireExternalEvent[] = [];
  for (const event of fresh) {
    const id = event.payload["relationshipId"];
    if (id !== undefined) byRelationship.set(id, [...(byRelationship.get(id) ?? []), event]);
    else if (event.type === "MessageReceived") messages.push(event);
    else others.push(event);
  }
  const fetched = await fetchRelationships(account, [...byRelationship.keys()]);
  const rows = rowsByPeer(account, [...byRelationship.keys()], fetched);
  await inParallel(rows, async (row) => {
    for (const id of row) {
      const group = byRelationship.get(id) ?? [];
      const record = await letterOf(account, group, () =>
        applyRelationship(account, { id, fetched: fetched.get(id), events: group }),
      );
      if (record !== undefined && !brought.relationships.has(id)) brought.relationships.set(id, record);
    }
  });
  const carriers = messages.length > 0 ? await carriersOfRequests(account) : [];
  for (const event of messages) {
    const wire = await letterOf(account, [event], () => fetchMessage(account, event.payload["id"] ?? ""));
    if (wire === undefined) continue;
    await settleCarriers(account, carriers, wire.createdBy);
    const message = await letterOf(account, [event], () => applyMessage(account, wire, [event]));
    if (message !== undefined && !brought.messages.has(message.id)) brought.messages.set(message.id, message);
  }
  for (const event of others) await letterOf(account, [event], () => applyOther(account, event));
}

/** Applies one event that had become a dead letter; its mark must be gone. Throws what should be tried again later. */
export function applyAgain(account: Account, event: WireExternalEvent): Promise<Outcome<unknown>> {
  return refusing<unknown>(async () => {
    const { relationshipId, id = "" } = event.payload;
    if (relationshipId !== undefined) {
      const fetched = (await fetchRelationships(account, [relationshipId])).get(relationshipId);
      return applyRelationship(account, { id: relationshipId, fetched, events: [event] });
    }
    if (event.type !== "MessageReceived") return applyOther(account, event);
    const wire = await fetchMessage(account, id);
    return wire.ok ? applyMessage(account, wire.value, [event]) : wire;
  });
}

async function unmarked(account: Account, events: readonly WireExternalEvent[]): Promise<WireExternalEvent[]> {
  const fresh: WireExternalEvent[] = [];
  for (const event of events) {
    if ((await account.store.get(keyOf(account.id, "inbox", event.id))) === undefined) fresh.push(event);
  }
  return fresh.sort((one, other) => one.index - other.index);
}

// One Relationship with a peer ends before the next one begins (R1): those of one peer are applied one after the other.
function rowsByPeer(account: Account, ids: readonly string[], fetched: ReadonlyMap<string, Fetched>): string[][] {
  const rows = new Map<string, string[]>();
  for (const id of ids) {
    const copy = fetched.get(id);
    const { from, to } = copy?.ok === true ? copy.value : { from: id, to: id };
    const peer = from === account.self ? to : from;
    rows.set(peer, [...(rows.get(peer) ?? []), id]);
  }
  return [...rows.values()];
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(syncParallelMax, items.length) }, worker));
}

// The result, or undefined after the events became a dead letter.
async function letterOf<T>(
  account: Account,
  events: readonly WireExternalEvent[],
  work: () => Promise<Outcome<T>>,
): Promise<T | undefined> {
  const outcome = await refusing(work);
  if (outcome.ok) return outcome.value;
  await bury(account, events, outcome.refusal);
  return undefined;
}

/** What work throws, as a refusal. What can be tried again stops the sync, and so does the end of the account. */
export async function refusing<T>(work: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await work();
  } catch (problem) {
    if (problem instanceof RapportError && (problem.retry || /^(store|account)\./.test(problem.code))) throw problem;
    const code = problem instanceof RapportError ? problem.code : "error.runtime.unknown";
    return { ok: false, refusal: { code, message: problem instanceof Error ? problem.message : String(problem) } };
  }
}

async function bury(account: Account, events: readonly WireExternalEvent[], refusal: Refusal): Promise<void> {
  await accountTurn(account, {
    gather: async () => instantOf(account.clock.now()),
    plan(at, change) {
      mark(change, events);
      for (const { id, index, type, createdAt, payload } of events) {
        change.put("deadletters", id, {
          id,
          at,
          what: `external event ${type}`,
          code: refusal.code,
          message: refusal.message,
          payload,
          external: { index, type, createdAt },
        });
      }
      return allow(undefined);
    },
  });
  account.log.write("warn", "An external event could not be applied and is kept as a dead letter.", {
    events: events.map(({ id }) => id),
    code: refusal.code,
  });
}
