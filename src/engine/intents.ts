/**
 * Calls to the relay that must not get lost (design.md 2.4).
 *
 * I1. An intent is committed before its first byte leaves, with the exact bytes; every try sends those bytes under one
 *     idempotency key; nothing is encrypted again.
 * I2. One open intent per entity: its key is the entity.
 * I3. The answer is applied to the documents as they are then, in the commit that closes the intent.
 * I4. A refusal closes it; no answer leaves it open. How it is sent is in performing.ts.
 */

import { allow, type Outcome } from "../errors/refusal.ts";
import { extended } from "../model/extended.ts";
import { newId } from "../model/ids.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf, pathOf } from "../model/keys.ts";
import type { IntentRecord } from "../model/records.ts";
import type { Document } from "../ports/store.ts";
import type { Answer } from "../ports/transport.ts";
import type { Reads } from "../turn/turn.ts";
import type { OperationName } from "../wire/operations.ts";
import { accountTurn, type Change, no } from "./change.ts";
import type { Account } from "./context.ts";
import { refusalOf } from "./relay-refusals.ts";
import { putSecret, readSecret } from "./vault.ts";

/** What a kind of intent does with the relay's answer, in turn 2. It closes the intent in its own commit. */
export interface IntentKind {
  applied(account: Account, intent: IntentRecord, result: JsonObject): Promise<Outcome<unknown>>;
  /** When the relay refused; without it the intent is closed and nothing else happens. */
  refused?(account: Account, intent: IntentRecord, answer: Extract<Answer, { ok: false }>): Promise<Outcome<unknown>>;
  /**
   * Looks at the relay whether it has carried out the call before, for relays that keep no key of it. Without it the call is
   * simply repeated. `isSynced` says that everything peers did until now has been applied.
   */
  look?(account: Account, intent: IntentRecord, isSynced: boolean): Promise<Sighting>;
}

/** What a look at the relay showed: `done` stands for the answer that was lost; `open` means that nobody can tell yet. */
export type Sighting = { readonly done: JsonObject } | "undone" | "open";

/** Every kind by its name, so that an intent found after a restart can be finished. */
export type IntentKinds = { readonly [kind: string]: IntentKind };

/** What opening an intent needs; `secret` is sealed beside it and removed with it. */
export interface NewIntent {
  readonly entity: string;
  readonly kind: string;
  readonly operation: OperationName;
  readonly params?: { readonly [name: string]: string };
  readonly body: JsonObject;
  /** `openIntent` is given the bytes. */
  readonly hasBytes?: true;
  readonly facts?: JsonObject;
  readonly secret?: JsonObject;
  readonly undo?: IntentRecord["undo"];
  readonly peer?: string;
  readonly commandId?: string | undefined;
}

/** Makes the record of an intent; its id and idempotency key are drawn here, before the turn is planned. */
export function draftIntent(account: Account, draft: NewIntent): IntentRecord {
  const { entity, kind, operation, params, facts = {}, undo, peer, commandId } = draft;
  const call = {
    operation,
    body: JSON.stringify(draft.body),
    idempotencyKey: newId("IDK", account.entropy),
    ...(draft.hasBytes === undefined ? {} : { hasBytes: draft.hasBytes }),
  };
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
    ...(account.memory.keepsKeys === true ? { keyed: true as const } : {}),
    ...(account.correlationId === undefined ? {} : { correlationId: account.correlationId }),
    ...(account.presence === undefined ? {} : { holder: account.presence.id }),
  };
}

/** True when the entity has an open intent; the reader's turn then conflicts with whoever closes it. */
export async function hasOpenIntent(account: Account, reads: Reads, entity: string): Promise<boolean> {
  return (await reads.get(keyOf(account.id, "intents", entity))) !== undefined;
}

/** An intent with what is committed beside it; `bytes` are the UTF-8 of a text. */
export interface OpenedIntent {
  readonly intent: IntentRecord;
  readonly secret?: JsonObject | undefined;
  readonly bytes?: string;
}

/**
 * Puts the intent and its secret into the change of turn 1. Bytes are a document of their own in the same commit: listing
 * intents does not read them, and unlike a blob they cannot be left behind or missed, however the process ends.
 */
export function openIntent(account: Account, change: Change, { intent, secret, bytes }: OpenedIntent): void {
  change.put("intents", intent.entity, intent);
  if (bytes !== undefined) change.put("uploads", intent.entity, { text: bytes });
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

/** Removes the intent, its secret and its bytes in the change of turn 2. */
export function closeIntent(change: Change, intent: IntentRecord): void {
  change.remove("intents", intent.entity);
  change.remove("secrets", `intent-${intent.entity}`);
  if (intent.call.hasBytes === true) change.remove("uploads", intent.entity);
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
