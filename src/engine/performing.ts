/**
 * Carrying out intents (design.md 2.4).
 *
 * P1. In one process an intent is performed once at a time; a second call joins the first. On a store that several processes
 *     may have open only its holder performs it, and what was found is taken over from one that has ended.
 * P2. A relay that keeps the idempotency key of a call is simply asked again. One that keeps none, or may have forgotten it,
 *     is looked at before a call that may have reached it is sent again, and once more before its refusal is believed.
 * P3. Which relay it is says the intent, or the latest answer; as long as nobody knows, it is looked at.
 */
import { fault, hasCode, type RapportError } from "../errors/rapport-error.ts";
import { allow, type Outcome } from "../errors/refusal.ts";
import { intentTriesPerCommand, intentWaitMaxMs, intentWaitMs, keysTrustedMs } from "../limits.ts";
import { utf8 } from "../model/bytes.ts";
import { extended } from "../model/extended.ts";
import type { UploadRecord } from "../model/file-record.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import type { IntentRecord } from "../model/records.ts";
import type { Answer, Call } from "../ports/transport.ts";
import { isOperationName } from "../wire/operations.ts";
import { waitOf } from "./back-off.ts";
import { accountTurn } from "./change.ts";
import type { Account } from "./context.ts";
import { closeRefused, type IntentKind, inProgress, listIntents, stillOpen } from "./intents.ts";
import { takeOver } from "./leases.ts";
import { isPassing } from "./relay-refusals.ts";

/** Where an intent comes from. Of one that was found nobody knows whether it ever left; "synced" is found after a sync. */
type Origin = "drafted" | "found" | "synced";

/**
 * Sends the intent until there is an answer, and applies it. Throws `relay.unreachable` after a few tries. Somebody who
 * finds the intent while it is performed gets the same outcome.
 */
export function perform<T>(account: Account, intent: IntentRecord, origin: Origin = "drafted"): Promise<Outcome<T>> {
  const { performing } = account.memory;
  const running =
    performing.get(intent.id) ?? performOnce(account, intent, origin).finally(() => performing.delete(intent.id));
  performing.set(intent.id, running);
  return running as Promise<Outcome<T>>;
}

async function performOnce(account: Account, intent: IntentRecord, origin: Origin): Promise<Outcome<unknown>> {
  if (origin !== "drafted" && !(await isOurs(account, intent))) return inProgress(intent.entity);
  const kind = account.intentKinds[intent.kind];
  if (kind === undefined) throw ofNewerVersion(intent, `is of the kind "${intent.kind}"`);
  const heard = await untilHeard(account, { intent, kind, origin });
  if ("done" in heard) return kind.applied(account, intent, heard.done);
  const { answer } = heard;
  if (answer.ok) return kind.applied(account, intent, answer.result as JsonObject);
  const refused = kind.refused ?? closeRefused;
  return refused(account, intent, answer);
}

async function isOurs(account: Account, { id, entity }: IntentRecord): Promise<boolean> {
  if (account.presence === undefined) return true;
  const stored = await account.store.get<IntentRecord>(keyOf(account.id, "intents", entity));
  return stored?.document.id === id && takeOver(account, stored);
}

interface Work {
  readonly intent: IntentRecord;
  readonly kind: IntentKind;
  readonly origin: Origin;
}

type Heard = { readonly answer: Answer } | { readonly done: JsonObject };

async function untilHeard(account: Account, work: Work): Promise<Heard> {
  const { intent, origin } = work;
  const call = await callOf(account, intent);
  if (intent.unsent === true) await noteTries(account, intent, { attempts: 0, unsent: false });
  let unsent = origin === "drafted" || intent.unsent === true;
  for (let attempt = 1; ; attempt += 1) {
    await account.presence?.assure();
    try {
      const heard = unsent ? await sent(account, call) : await sentAgain(account, call, work);
      if (heard === "open") break;
      if (heard !== undefined) return heard;
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
  await noteTries(account, intent, { attempts: 1, unsent: false, inDoubt: true });
  throw unreachable(intent);
}

// The answer, unless it says nothing about the call.
async function sent(account: Account, call: Call): Promise<{ answer: Answer } | undefined> {
  const answer = await account.transport.call(call, account.session);
  return isPassing(answer) ? undefined : { answer };
}

async function sentAgain(account: Account, call: Call, work: Work): Promise<Heard | "open" | undefined> {
  const before = await looked(account, work);
  if (before !== "undone") return before;
  const heard = await sent(account, call);
  if (heard === undefined || heard.answer.ok) return heard;
  // A session that is not let in now may well have been let in then.
  if (heard.answer.status === 401) return undefined;
  const after = await looked(account, work);
  return after === "undone" ? heard : after;
}

async function looked(
  account: Account,
  { intent, kind, origin }: Work,
): Promise<"undone" | "open" | { done: JsonObject }> {
  if (kind.look === undefined || isKeyKept(account, intent)) return "undone";
  const seen = await kind.look(account, intent, origin === "synced");
  // The look itself may have told which relay it is.
  return seen === "open" && isKeyKept(account, intent) ? "undone" : seen;
}

function isKeyKept({ memory, clock }: Account, { keyed, createdAt }: IntentRecord): boolean {
  return (memory.keepsKeys ?? keyed) === true && clock.now() - Date.parse(createdAt) < keysTrustedMs;
}

// The very bytes that were stored; an operation that this version does not know was stored by a newer one.
async function callOf(account: Account, intent: IntentRecord): Promise<Call> {
  const { operation, params, body, idempotencyKey, hasBytes } = intent.call;
  if (!isOperationName(operation)) throw ofNewerVersion(intent, `calls "${operation}"`);
  const call = { operation, body, idempotencyKey, ...(params === undefined ? {} : { params }) };
  if (hasBytes === undefined) return call;
  const upload = await account.store.get<UploadRecord>(keyOf(account.id, "uploads", intent.entity));
  // They go with their intent, which another process has closed then.
  if (upload === undefined) throw unreachable(intent);
  return { ...call, bytes: utf8(upload.document.text) };
}

function ofNewerVersion({ id }: IntentRecord, what: string): RapportError {
  return fault("store.newerVersion", `The intent ${id} ${what}, which this version does not know. Upgrade Rapport.`);
}

function unreachable(intent: IntentRecord): RapportError {
  const message = `The relay did not answer. Intent ${intent.id} stays open and is finished by the next sync or by itself.`;
  return fault("relay.unreachable", message, { details: { intent: intent.id, entity: intent.entity } });
}

interface Tries {
  readonly attempts: number;
  readonly unsent: boolean;
  readonly inDoubt?: true;
}

// The mark that an intent never left is taken away before it is sent again, so that a crash cannot leave it wrongly there.
async function noteTries(account: Account, intent: IntentRecord, made: Tries): Promise<void> {
  await accountTurn(account, {
    gather: (reads) => stillOpen(account, reads, intent),
    plan(stored, change) {
      if (stored === undefined) return allow(undefined);
      const { unsent: _before, ...rest } = stored;
      const attempts = rest.attempts + made.attempts;
      const marks = {
        ...(made.unsent ? { unsent: true as const } : {}),
        ...(made.inDoubt === true ? { inDoubt: true as const } : {}),
      };
      change.put("intents", intent.entity, extended(rest, { attempts, ...marks }));
      return allow(undefined);
    },
  });
}

/** Finishes the intents that an earlier call or process left open. One that ends in a refusal, or in silence, stops no other. */
export function resumeIntents(account: Account): Promise<void> {
  return resumeAll(account, "found", () => true);
}

/** Finishes, after a sync, those of which only what peers did can tell whether the relay has carried them out. */
export function resumeDoubtful(account: Account): Promise<void> {
  return resumeAll(account, "synced", ({ inDoubt }) => inDoubt === true);
}

async function resumeAll(account: Account, origin: Origin, isMeant: (intent: IntentRecord) => boolean): Promise<void> {
  let silence: unknown;
  for (const intent of (await listIntents(account)).filter(isMeant)) {
    if (account.memory.performing.has(intent.id)) continue;
    await account.lanes
      .run(intent.entity, () => resume(account, intent, origin))
      .catch((problem) => {
        if (!hasCode(problem, "relay.unreachable")) throw problem;
        silence = problem;
      });
  }
  if (silence !== undefined) throw silence;
}

/** Intents that carry a Request to a peer and may have left. */
export async function carriersOfRequests(account: Account): Promise<readonly IntentRecord[]> {
  return (await listIntents(account)).filter(
    ({ kind, facts, unsent }) => kind === "sendMessage" && facts["carries"] !== undefined && unsent !== true,
  );
}

/**
 * Finishes those to this peer before something of the peer is applied: it may be the Response to a Request of which we have not
 * heard that it was sent, and would be ignored. Throws `relay.unreachable` while nobody can tell.
 */
export async function settleCarriers(account: Account, carriers: readonly IntentRecord[], peer: string): Promise<void> {
  for (const intent of carriers) {
    if (intent.peer !== undefined && intent.peer !== peer) continue;
    const running = account.memory.performing.get(intent.id);
    await (running ?? account.lanes.run(intent.entity, () => resume(account, intent, "found")));
    const still = await account.store.get<IntentRecord>(keyOf(account.id, "intents", intent.entity));
    if (still?.document.id === intent.id) throw unreachable(intent);
  }
}

async function resume(account: Account, intent: IntentRecord, origin: Origin): Promise<void> {
  const still = await account.store.get<IntentRecord>(keyOf(account.id, "intents", intent.entity));
  if (still?.document.id !== intent.id) return;
  const { correlationId } = still.document;
  const caller = correlationId === undefined ? account : extended(account, { correlationId });
  const outcome = await perform(caller, still.document, origin);
  // What another process is at is not ours to finish.
  if (outcome.ok || outcome.refusal.code === "command.inProgress") return;
  account.log.write("warn", "The relay refused a call that was finished later.", {
    intent: intent.id,
    code: outcome.refusal.code,
  });
}
