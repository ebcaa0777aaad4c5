/**
 * Synchronising with the relay (design.md 7).
 *
 * S1. Calls in one process join the running sync; across processes the relay's run is the lock.
 * S2. A run is finalised after the commit of its last event; a run that a crash left open is taken up again.
 * S3. Every sync finishes open intents first, and those in doubt once it knows what peers did; it reads again what is Pending,
 *     processes the Notifications that came, and has everything judged that waits for it.
 * S4. What a sync gives is all that was written about Relationships and Messages while it ran, also by intents and rules.
 */
import { fault, hasCode, type RapportError } from "../errors/rapport-error.ts";
import { syncNotedEveryMs, syncRoundsMax, syncRunSeconds } from "../limits.ts";
import { instantOf } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf, pathOf } from "../model/keys.ts";
import type { RelationshipRecord } from "../model/records.ts";
import type { Answer, Call } from "../ports/transport.ts";
import type { WireExternalEvent, WireSyncFinalized, WireSyncRunStart } from "../wire/shapes.ts";
import { assertLiving } from "./account-end.ts";
import type { Account, Brought } from "./context.ts";
import { adoptDeletions } from "./identity-deletion.ts";
import { applyEvents } from "./inbox.ts";
import { applyRelationship, fetchRelationships } from "./inbox-relationship.ts";
import { judgeAll } from "./judging.ts";
import { takeOver } from "./leases.ts";
import { turnOfOthersLookMs } from "./limits.ts";
import { processOpen } from "./notifications.ts";
import { resumeDoubtful, resumeIntents } from "./performing.ts";
import { isPassing } from "./relay-refusals.ts";
import { assertStored } from "./watched-store.ts";

/** Runs a sync, or joins the one that runs. */
export async function synchronise(account: Account): Promise<Brought> {
  assertLiving(account);
  const running = account.memory.syncing as Promise<Brought> | undefined;
  if (running !== undefined) return running;
  const brought: Brought = { relationships: new Map(), messages: new Map() };
  account.memory.brought = brought;
  const mine = run(account, brought).finally(() => {
    account.memory.syncing = undefined;
    account.memory.brought = undefined;
  });
  account.memory.syncing = mine;
  return mine;
}

async function run(account: Account, brought: Brought): Promise<Brought> {
  await assertStored(account);
  await resumeIntents(account).catch(unlessSilent);
  for (let round = 0; round < syncRoundsMax; round += 1) {
    await account.presence?.assure();
    const runId = (await openRun(account)) ?? (await startRun(account));
    if (runId === undefined) break;
    const events = await eventsOf(account, runId);
    if (events === undefined) continue;
    await applyEvents(account, events, brought);
    if (!(await finalise(account, runId, events))) break;
  }
  await resumeDoubtful(account).catch(unlessSilent);
  await rereadPending(account, brought);
  await processOpen(account);
  await judgeAll(account);
  await noteEnd(account);
  return brought;
}

type SyncInfo = { readonly completedAt: string };

/** When the last sync came to its end: exactly for this process, to the minute for others and for those before it. */
export async function lastSyncRun(account: Account): Promise<SyncInfo | undefined> {
  const { syncedAt } = account.memory;
  if (syncedAt !== undefined) return { completedAt: syncedAt };
  return (await account.store.get<SyncInfo>(infoKey(account)))?.document;
}

// A sync that brought nothing costs no commit of its own unless the last one is a while ago.
async function noteEnd(account: Account): Promise<void> {
  const { memory, clock, store } = account;
  const completedAt = nowOf(account);
  memory.syncedAt = completedAt;
  if (clock.now() - memory.syncNotedAt < syncNotedEveryMs) return;
  await store.commit({ puts: [{ key: infoKey(account), document: { completedAt } }] });
  memory.syncNotedAt = clock.now();
}

const infoKey = (account: Account) => keyOf(account.id, "sync", "info");

const nowOf = (account: Account) => instantOf(account.clock.now());

// One call that gets no answer does not keep the others waiting; a relay that is down says so again below.
function unlessSilent(problem: unknown): void {
  if (!hasCode(problem, "relay.unreachable")) throw problem;
}

const runKey = (account: Account) => keyOf(account.id, "sync", "run");

type Run = { readonly id: string; readonly holder?: string };

// The run that a crash left open. One that another process is at is waited for: ours begins after it.
async function openRun(account: Account): Promise<string | undefined> {
  for (let waitedMs = 0; waitedMs <= syncRunSeconds * 1000; waitedMs += turnOfOthersLookMs) {
    const stored = await account.store.get<Run>(runKey(account));
    if (stored === undefined) return undefined;
    if (await takeOver(account, stored)) return stored.document.id;
    await account.clock.sleep(turnOfOthersLookMs);
  }
  throw busy(account);
}

async function startRun(account: Account): Promise<string | undefined> {
  const body = JSON.stringify({ type: "ExternalEventSync", duration: syncRunSeconds });
  let answer = await startWhenFree(account, body);
  if (!answer.ok && answer.status === 404) {
    await createDatawallet(account);
    answer = await startWhenFree(account, body);
  }
  const start = resultOf<WireSyncRunStart>(answer);
  if (start.status === "NoNewEvents") {
    const deletes = await settledMarks(account);
    if (deletes.length > 0) await account.store.commit({ deletes });
    return undefined;
  }
  const holder = account.presence === undefined ? {} : { holder: account.presence.id };
  await account.store.commit({ puts: [{ key: runKey(account), document: { id: start.syncRun.id, ...holder } }] });
  return start.syncRun.id;
}

// Perhaps it was another device that began the deletion.
async function leaving(account: Account): Promise<RapportError> {
  await adoptDeletions(account);
  const message = "The identity is about to be deleted, and nothing is synchronised. Cancel its deletion to go on.";
  return fault("account.toBeDeleted", message);
}

// A run that this store knows nothing of: another process has it, or a crash came before it was noted. It expires.
async function startWhenFree(account: Account, body: string): Promise<Answer> {
  const stepMs = 5_000;
  for (let waitedMs = 0; waitedMs <= syncRunSeconds * 1000; waitedMs += stepMs) {
    if (waitedMs > 0) await account.clock.sleep(stepMs);
    const answer = await call(account, { operation: "startSyncRun", body });
    if (answer.ok) return answer;
    const { code } = answer.error;
    if (code.endsWith("cannotStartSyncRunWhileIdentityIsToBeDeleted")) throw await leaving(account);
    if (!code.endsWith("cannotStartSyncRunWhenAnotherSyncRunIsRunning")) return answer;
  }
  throw busy(account);
}

function busy({ record }: Account): RapportError {
  return fault("sync.inProgress", `Another process is synchronising ${record.name}. Repeat later.`);
}

// External events can only be synchronised once there is a datawallet (spec/backbone-protocol.md 7).
async function createDatawallet(account: Account): Promise<void> {
  const body = JSON.stringify({ type: "DatawalletVersionUpgrade" });
  const start = resultOf<WireSyncRunStart>(await startWhenFree(account, body));
  if (start.status !== "Created") return;
  const upgrade = { newDatawalletVersion: 1, datawalletModifications: [] };
  const params = { id: start.syncRun.id };
  resultOf(
    await call(account, { operation: "finalizeDatawalletVersionUpgrade", params, body: JSON.stringify(upgrade) }),
  );
}

// The events of the run, or undefined when the relay does not know the run any more.
async function eventsOf(account: Account, id: string): Promise<WireExternalEvent[] | undefined> {
  const events: WireExternalEvent[] = [];
  for (let page = 1, pages = 1; page <= pages; page += 1) {
    const query = page === 1 ? {} : { pageNumber: String(page) };
    const answer = await call(account, { operation: "listExternalEvents", params: { id }, query });
    if (!answer.ok && !isPassing(answer)) {
      await account.store.commit({ deletes: [{ key: runKey(account) }] });
      return undefined;
    }
    events.push(...resultOf<WireExternalEvent[]>(answer));
    pages = answer.ok ? (answer.pagination?.totalPages ?? 1) : 1;
  }
  return events;
}

// Whether there is more to fetch. Marks go with the run: the relay offers its events no more.
async function finalise(account: Account, id: string, events: readonly WireExternalEvent[]): Promise<boolean> {
  const externalEventResults = events.map((event) => ({ externalEventId: event.id }));
  const body = JSON.stringify({ externalEventResults, datawalletModifications: [] });
  const answer = await call(account, {
    operation: "finalizeExternalEventSync",
    params: { id },
    body,
    idempotencyKey: `finalise-${id}`,
  });
  const isOver = answer.ok || answer.error.code.endsWith("syncRunAlreadyFinalized") || answer.status === 404;
  if (!isOver) resultOf(answer);
  const deletes = answer.ok ? events.map((event) => ({ key: keyOf(account.id, "inbox", event.id) })) : [];
  const puts = [{ key: infoKey(account), document: { completedAt: nowOf(account) } }];
  await account.store.commit({ puts, deletes: [...deletes, { key: runKey(account) }] });
  account.memory.syncNotedAt = account.clock.now();
  return answer.ok ? (answer.result as unknown as WireSyncFinalized).newUnsyncedExternalEventsExist : true;
}

// Marks that a crash after a finalise left behind: once the relay has no events to offer, it offers none of them again.
async function settledMarks(account: Account): Promise<{ key: string }[]> {
  const settled: { key: string }[] = [];
  for await (const { key } of account.store.find({ under: pathOf(account.id, "inbox") })) settled.push({ key });
  return settled;
}

// A missed event leaves nothing Pending for ever.
async function rereadPending(account: Account, brought: Brought): Promise<void> {
  const ids: string[] = [];
  const where = { status: [{ anyOf: ["Pending"] }] };
  for await (const { document } of account.store.find<RelationshipRecord>({
    under: pathOf(account.id, "relationships"),
    where,
  })) {
    if (!brought.relationships.has(document.id)) ids.push(document.id);
  }
  const fetched = await fetchRelationships(account, ids);
  for (const id of ids) {
    const copy = fetched.get(id);
    if (copy?.ok !== true || copy.value.auditLog.length === 1) continue;
    const applied = await applyRelationship(account, { id, fetched: copy, events: [] });
    if (applied.ok && applied.value !== undefined) brought.relationships.set(id, applied.value);
  }
}

function call(account: Account, one: Call): Promise<Answer> {
  return account.transport.call(one, account.session);
}

function resultOf<T>(answer: Answer): T {
  if (answer.ok) return answer.result as unknown as T;
  const { code, message } = answer.error;
  throw fault(
    isPassing(answer) ? "relay.unreachable" : "relay.refused",
    `The relay refused to synchronise: ${message}`,
    {
      details: { relayCode: code, status: answer.status } satisfies JsonObject,
    },
  );
}
