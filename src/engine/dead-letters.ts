/**
 * What could not be delivered or processed, and is kept for a person to look at.
 *
 * D3. A replayed event has its old id, goes to the one subscriber that did not take it, after what is queued for its entity.
 *     Its letter goes in the commit that notes it as taken, and stays with a new message when it fails again.
 * D4. A replayed external event is fetched anew and applied like any other; its letter goes once that is committed.
 */
import { allow, type Outcome, type Refusal, refuse } from "../errors/refusal.ts";
import { extended } from "../model/extended.ts";
import { instantOf } from "../model/instant.ts";
import { keyOf, pathOf } from "../model/keys.ts";
import type { DeadLetterRecord } from "../model/records.ts";
import { takeTurn } from "../turn/turn.ts";
import { externalEventTypes, type WireExternalEvent } from "../wire/shapes.ts";
import { accountTurn, no } from "./change.ts";
import type { Account } from "./context.ts";
import { applyAgain } from "./inbox.ts";
import { judgeAll } from "./judging.ts";
import { deliverCommitted } from "./outbox.ts";
import { type OutboxEntry, streamOf, targetOf } from "./outbox-entries.ts";

/** Every letter, the oldest first. */
export async function listLetters(account: Account): Promise<DeadLetterRecord[]> {
  const letters: DeadLetterRecord[] = [];
  for await (const { document } of account.store.find<DeadLetterRecord>({ under: pathOf(account.id, "deadletters") })) {
    letters.push(document);
  }
  return letters;
}

/** One letter. Refuses `deadLetter.notFound`. */
export async function letterById(account: Account, id: string): Promise<Outcome<DeadLetterRecord>> {
  const stored = await account.store.get<DeadLetterRecord>(letterKey(account, id));
  return stored === undefined ? notFound(id) : allow(stored.document);
}

/** Does again what the letter is about. Refuses `deadLetter.notFound`, `deadLetter.notReplayable`, and what it meets. */
export async function replayLetter(account: Account, id: string): Promise<Outcome<undefined>> {
  const found = await letterById(account, id);
  if (!found.ok) return found;
  const letter = found.value;
  if (letter.delivery !== undefined) return deliverAgain(account, id);
  const event = eventIn(letter);
  if (event !== undefined) return processAgain(account, letter, event);
  return refuse(
    "deadLetter.notReplayable",
    `The dead letter ${id} (${letter.what}) cannot be done again; read it and discard it.`,
  );
}

/** Throws the letter away, and the replay that has not been taken with it. Refuses `deadLetter.notFound`. */
export async function discardLetter(account: Account, id: string): Promise<Outcome<undefined>> {
  const waiting = await replaysOf(account, id);
  return accountTurn(account, {
    gather: (reads) => reads.get<DeadLetterRecord>(letterKey(account, id)),
    plan(stored, change): Outcome<undefined> {
      if (stored === undefined) return notFound(id);
      change.remove("deadletters", id);
      for (const key of waiting) change.remove("outbox", key.slice(pathOf(account.id, "outbox").length + 1));
      return allow(undefined);
    },
  });
}

async function replaysOf(account: Account, letter: string): Promise<string[]> {
  const keys: string[] = [];
  const where = { letter: [{ anyOf: [letter] }] };
  for await (const { key } of account.store.find<OutboxEntry>({ under: streamOf(account), where })) keys.push(key);
  return keys;
}

async function deliverAgain(account: Account, id: string): Promise<Outcome<undefined>> {
  const key = letterKey(account, id);
  const isOnItsWay = (await replaysOf(account, id)).length > 0;
  const outcome = await takeTurn<DeadLetterRecord | undefined, OutboxEntry | undefined>(account, {
    gather: async (reads) => (await reads.get<DeadLetterRecord>(key))?.document,
    plan(letter) {
      if (letter?.delivery === undefined) return notFound(id);
      if (isOnItsWay && letter.replayedAt !== undefined) return allow({ value: undefined });
      if (targetOf(account, letter.delivery.target) === undefined) return withoutPublisher(letter.delivery.publisher);
      const replayedAt = instantOf(account.clock.now());
      const value = entryOf(letter, letter.delivery);
      return allow({
        value,
        puts: [{ key, document: extended(letter, { replayedAt }) }],
        appends: [{ stream: streamOf(account), document: value }],
      });
    },
  });
  if (!outcome.ok) return outcome;
  const { value: entry, committed } = outcome;
  if (entry !== undefined) deliverCommitted(account, [entry], committed?.indexes ?? []);
  return allow(undefined);
}

function entryOf({ id, payload }: DeadLetterRecord, delivery: NonNullable<DeadLetterRecord["delivery"]>): OutboxEntry {
  const { name, at, entity, target, event, correlationId } = delivery;
  const mark = correlationId === undefined ? {} : { correlationId };
  return { name, at, data: payload, entity, to: [target], id: event, letter: id, ...mark };
}

async function processAgain(
  account: Account,
  letter: DeadLetterRecord,
  event: WireExternalEvent,
): Promise<Outcome<undefined>> {
  // Its mark says that it was seen to, and an event that is marked is not applied.
  await account.store.commit({ deletes: [{ key: keyOf(account.id, "inbox", event.id) }] });
  const applied = await applyAgain(account, event);
  if (!applied.ok) {
    await noteRefusal(account, letter.id, applied.refusal);
    return applied;
  }
  await account.store.commit({ deletes: [{ key: letterKey(account, letter.id) }] });
  await judgeAll(account);
  return allow(undefined);
}

async function noteRefusal(account: Account, id: string, { code, message }: Refusal): Promise<void> {
  await accountTurn(account, {
    gather: (reads) => reads.get<DeadLetterRecord>(letterKey(account, id)),
    plan(stored, change) {
      const at = instantOf(account.clock.now());
      if (stored !== undefined) change.put("deadletters", id, extended(stored.document, { at, code, message }));
      return allow(undefined);
    },
  });
}

function eventIn({ id, external, payload }: DeadLetterRecord): WireExternalEvent | undefined {
  const type = externalEventTypes.find((known) => known === external?.type);
  if (external === undefined || type === undefined) return undefined;
  const texts = Object.entries(payload).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : []));
  return { id, ...external, type, syncErrorCount: 0, payload: Object.fromEntries(texts) };
}

function withoutPublisher(name: string): Outcome<never> {
  const message = `This engine has no publisher "${name}", for which the event was. Start it with that one, or discard the letter.`;
  return refuse("deadLetter.notReplayable", message);
}

function notFound(id: string): Outcome<never> {
  return no({ code: "deadLetter.notFound", message: `There is no dead letter ${id}. List those that are there.` });
}

const letterKey = ({ id }: Account, letter: string): string => keyOf(id, "deadletters", letter);
