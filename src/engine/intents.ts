/**
 * Calls to the relay that must not get lost (design.md 2.4).
 *
 * I1. An intent is committed before its first byte leaves, with the exact bytes; every try sends those bytes under one
 *     idempotency key; nothing is encrypted again.
 * I2. One open intent per entity: its key is the entity.
 * I3. The answer is applied to the documents as they are then, in the commit that closes the intent.
 * I4. A refusal closes it; no answer leaves it open.
 * I5. In one process an intent is performed once at a time; a second call joins the first.
 */

import { fault, hasCode, type RapportError } from "../errors/rapport-error.ts";
import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import { intentTriesPerCommand, intentWaitMaxMs, intentWaitMs } from "../limits.ts";
import { extended } from "../model/extended.ts";
import { newId } from "../model/ids.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf, pathOf } from "../model/keys.ts";
import type { IntentRecord } from "../model/records.ts";
import type { Document } from "../ports/store.ts";
import type { Answer, Call } from "../ports/transport.ts";
import type { Reads } from "../turn/turn.ts";
import { isOperationName, type OperationName } from "../wire/operations.ts";
import { waitOf } from "./back-off.ts";
import { accountTurn, type Change, no } from "./change.ts";
import type { Account } from "./context.ts";
import { refusalOf } from "./relay-refusals.ts";
import { putSecret, readSecret } from "./vault.ts";

/** What a kind of intent does with the relay's answer, in turn 2. It closes the intent in its own commit. */
export interface IntentKind {
  applied(account: Account, intent: IntentRecord, result: JsonObject): Promise<Outcome<unknown>>;
  /** When the relay refused; without it the intent is closed and nothing else happens. */
  refused?(account: Account, intent: IntentRecord, answer: Extract<Answer, { ok: false }>): Promise<Outcome<unknown>>;
}

/** Every kind by its name, so that an intent found after a restart can be finished. */
export type IntentKinds = { readonly [kind: string]: IntentKind };

/** What opening an intent needs; `secret` is sealed beside it and removed with it. */
export interface NewIntent {
  readonly entity: string;
  readonly kind: string;
  readonly operation: OperationName;
  readonly params?: { readonly [name: string]: string };
  readonly body: JsonObject;
  readonly facts?: JsonObject;
  readonly secret?: JsonObject;
  readonly undo?: IntentRecord["undo"];
  readonly peer?: string;
  readonly commandId?: string | undefined;
}

/** Makes the record of an intent; its id and idempotency key are drawn here, before the turn is planned. */
export function draftIntent(account: Account, draft: NewIntent): IntentRecord {
  const { entity, kind, operation, params, facts = {}, undo, peer, commandId } = draft;
  const call = { operation, body: JSON.stringify(draft.body), idempotencyKey: newId("IDK", account.entropy) };
  return {
    id: newId("INT", account.entropy),
    entity,
    kind,
    createdAt: new Date(account.clock.now()).toISOString(),
    attempts: 0,
    call: params === undefined ? call : extended(call, { params }),
    facts,
    ...(undo === undefined ? {} : { undo }),
    ...(peer === undefined ? {} : { peer }),
    ...(commandId === undefined ? {} : { commandId }),
  };
}

/** True when the entity has an open intent; the reader's turn then conflicts with whoever closes it. */
export async function hasOpenIntent(account: Account, reads: Reads, entity: string): Promise<boolean> {
  return (await reads.get(keyOf(account.id, "intents", entity))) !== undefined;
}

/** Puts the intent and its secret into the change of turn 1. */
export function openIntent(
  account: Account,
  change: Change,
  { intent, secret }: { readonly intent: IntentRecord; readonly secret?: JsonObject | undefined },
): void {
  change.put("intents", intent.entity, intent);
  if (secret !== undefined) {
    putSecret(account, change, { id: `intent-${intent.entity}`, secret });
    account.memory.secretByIntent.set(intent, secret);
  }
  if (intent.commandId !== undefined) {
    const input = typeof intent.facts["commandInput"] === "string" ? intent.facts["commandInput"] : "";
    change.put("commands", intent.commandId, { input, at: intent.createdAt, intent: intent.entity });
  }
}

/**
 * The document that turn 2 makes, if it is there: somebody else who sent the same bytes was faster, and the same answer
 * is not applied twice (I3).
 */
export async function knownAs<D extends Document>(reads: Reads, key: string): Promise<D | undefined> {
  return (await reads.get<D>(key))?.document;
}

/** The secret beside the intent: at hand for who has just opened it, else read from the store. */
export async function secretOfIntent<S extends JsonObject>(
  account: Account,
  reads: Reads,
  intent: IntentRecord,
): Promise<S | undefined> {
  const atHand = account.memory.secretByIntent.get(intent) as S | undefined;
  return atHand ?? readSecret<S>(account, reads.peek, `intent-${intent.entity}`);
}

/** Removes the intent and its secret in the change of turn 2. */
export function closeIntent(change: Change, intent: IntentRecord): void {
  change.remove("intents", intent.entity);
  change.remove("secrets", `intent-${intent.entity}`);
}

/** The same for one that does not come about. A command that did not happen is not remembered: its id can be used again. */
export function abandonIntent(change: Change, intent: IntentRecord): void {
  closeIntent(change, intent);
  if (intent.commandId !== undefined) change.remove("commands", intent.commandId);
  for (const { kind, id } of intent.undo ?? []) change.remove(kind, id);
}

/** The refusal for a second command on an entity whose intent is open. */
export function inProgress<T>(entity: string): Outcome<T> {
  return no({
    code: "command.inProgress",
    message: `Another command on ${entity} has not finished. Repeat this one later, or look at the open intents.`,
    details: { entity },
  });
}

/**
 * Sends the intent until there is an answer, and applies it. Throws `relay.unreachable` after a few tries. Somebody who
 * finds the intent while it is performed gets the same outcome. Of a "found" one nobody knows whether it ever left.
 */
export function perform<T>(account: Account, intent: IntentRecord, origin: Origin = "drafted"): Promise<Outcome<T>> {
  const { performing } = account.memory;
  const running =
    performing.get(intent.id) ?? performOnce(account, intent, origin).finally(() => performing.delete(intent.id));
  performing.set(intent.id, running);
  return running as Promise<Outcome<T>>;
}

type Origin = "drafted" | "found";

async function performOnce(account: Account, intent: IntentRecord, origin: Origin): Promise<Outcome<unknown>> {
  const kind = account.intentKinds[intent.kind];
  if (kind === undefined) throw ofNewerVersion(intent, `is of the kind "${intent.kind}"`);
  const answer = await send(account, intent, origin);
  if (answer.ok) return kind.applied(account, intent, answer.result as JsonObject);
  const refused = kind.refused ?? closeRefused;
  return refused(account, intent, answer);
}

async function send(account: Account, intent: IntentRecord, origin: Origin): Promise<Answer> {
  const call = callOf(intent);
  if (intent.unsent === true) await noteTries(account, intent, { attempts: 0, unsent: false });
  let unsent = origin === "drafted" || intent.unsent === true;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await account.transport.call(call, account.session);
      if (answer.ok || answer.status < 500) return answer;
      unsent = false;
    } catch (problem) {
      if (!hasCode(problem, "relay.unreachable")) throw problem;
      unsent &&= problem.details["sent"] === false;
    }
    if (attempt >= intentTriesPerCommand) {
      await noteTries(account, intent, { attempts: attempt, unsent });
      throw unreachable(intent);
    }
    await account.clock.sleep(waitOf(account.entropy, attempt, { firstMs: intentWaitMs, mostMs: intentWaitMaxMs }));
  }
}

// The very bytes that were stored; an operation that this version does not know was stored by a newer one.
function callOf(intent: IntentRecord): Call {
  const { call } = intent;
  const { operation } = call;
  if (isOperationName(operation)) return { ...call, operation };
  throw ofNewerVersion(intent, `calls "${operation}"`);
}

function ofNewerVersion({ id }: IntentRecord, what: string): RapportError {
  return fault("store.newerVersion", `The intent ${id} ${what}, which this version does not know. Upgrade Rapport.`);
}

function unreachable(intent: IntentRecord): RapportError {
  const message = `The relay did not answer. Intent ${intent.id} stays open and is finished by the next sync or by itself.`;
  return fault("relay.unreachable", message, { details: { intent: intent.id, entity: intent.entity } });
}

// The mark that an intent never left is taken away before it is sent again, so that a crash cannot leave it wrongly there.
async function noteTries(account: Account, intent: IntentRecord, made: { attempts: number; unsent: boolean }) {
  await accountTurn(account, {
    gather: (reads) => stillOpen(account, reads, intent),
    plan(stored, change) {
      if (stored === undefined) return allow(undefined);
      const { unsent: _before, ...rest } = stored;
      const attempts = rest.attempts + made.attempts;
      change.put(
        "intents",
        intent.entity,
        extended(rest, { attempts, ...(made.unsent ? { unsent: true as const } : {}) }),
      );
      return allow(undefined);
    },
  });
}

/** The intent as it is stored, unless it was closed: the entity may have another one by now. */
export async function stillOpen(
  account: Account,
  reads: Reads,
  { id, entity }: IntentRecord,
): Promise<IntentRecord | undefined> {
  const stored = (await reads.get<IntentRecord>(keyOf(account.id, "intents", entity)))?.document;
  return stored?.id === id ? stored : undefined;
}

/** Closes the intent, takes back what turn 1 did for it, and gives the relay's refusal. */
export async function closeRefused(
  account: Account,
  intent: IntentRecord,
  answer: Extract<Answer, { ok: false }>,
): Promise<Outcome<never>> {
  await accountTurn(account, {
    gather: (reads) => stillOpen(account, reads, intent),
    plan(stored, change) {
      if (stored !== undefined) abandonIntent(change, stored);
      return allow(undefined);
    },
  });
  return no(refusalOf(answer, intent.call.operation));
}

/** Every open intent of the account. */
export async function listIntents(account: Account): Promise<IntentRecord[]> {
  const intents: IntentRecord[] = [];
  for await (const { document } of account.store.find<IntentRecord>({ under: pathOf(account.id, "intents") })) {
    intents.push(document);
  }
  return intents;
}

/** Finishes the intents that an earlier call or process left open. One that ends in a refusal, or in silence, stops no other. */
export async function resumeIntents(account: Account): Promise<void> {
  let silence: unknown;
  for (const intent of await listIntents(account)) {
    if (account.memory.performing.has(intent.id)) continue;
    await account.lanes
      .run(intent.entity, () => resume(account, intent))
      .catch((problem) => {
        if (!hasCode(problem, "relay.unreachable")) throw problem;
        silence = problem;
      });
  }
  if (silence !== undefined) throw silence;
}

async function resume(account: Account, intent: IntentRecord): Promise<void> {
  const still = await account.store.get<IntentRecord>(keyOf(account.id, "intents", intent.entity));
  if (still?.document.id !== intent.id) return;
  const outcome = await perform(account, still.document, "found");
  if (outcome.ok) return;
  account.log.write("warn", "The relay refused a call that was finished later.", {
    intent: intent.id,
    code: outcome.refusal.code,
  });
}

/** Takes back an intent of which the transport knows that no byte of it ever left; `also` adds to that commit. */
export async function cancelIntent(
  account: Account,
  id: string,
  also: (change: Change) => void,
): Promise<Outcome<undefined>> {
  const intent = (await listIntents(account)).find((one) => one.id === id);
  if (intent === undefined) throw fault("intent.notFound", `There is no open intent ${id}. List the open ones.`);
  return accountTurn(account, {
    gather: (reads) => stillOpen(account, reads, intent),
    plan(stored, change): Outcome<undefined> {
      if (stored === undefined || stored.unsent !== true || account.memory.performing.has(id)) {
        return refuse("intent.alreadySent", `The intent ${id} may have reached the relay. Let it be finished.`);
      }
      abandonIntent(change, stored);
      also(change);
      return allow(undefined);
    },
  });
}
