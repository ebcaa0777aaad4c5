// What must hold after every step of a history, read from the raw stores of both sides and the relay (design.md 4).
import type { Document, PublishedEvent } from "rapport/core";
import { statusOf } from "./lifecycle.ts";
import { type Model, peerIn, type Side, seenBy } from "./model.ts";
import type { Citizen, Real } from "./real.ts";

type Audit = {
  readonly createdAt: string;
  readonly createdBy: string;
  readonly reason: string;
  readonly oldStatus?: string | null;
  readonly newStatus: string;
};
type Relationship = { readonly id: string; readonly status: string; readonly peer: string; readonly auditLog: Audit[] };
type Change = { readonly oldStatus: string; readonly newStatus: string };
type Request = {
  readonly id: string;
  readonly isOwn: boolean;
  readonly status: string;
  readonly statusLog: readonly Change[];
  readonly response?: { readonly content: Document };
};
type Message = { readonly id: string; readonly isOwn: boolean };
type AtRelay = { readonly id: string; readonly auditLog: Audit[]; readonly from: string; readonly to: string };

/** Remembers what was seen, to notice what changes and must not. */
export interface Memory {
  readonly logs: Map<string, string>;
  readonly responses: Map<string, string>;
}

/** An empty memory. */
export const createMemory = (): Memory => ({ logs: new Map(), responses: new Map() });

/** Every promise that is broken now, one sentence each. */
export async function broken(model: Model, real: Real, memory: Memory): Promise<string[]> {
  const complaints = [...real.complaints];
  const same = (what: string, found: unknown, wanted: unknown) => {
    const [is, should] = [JSON.stringify(found), JSON.stringify(wanted)];
    if (is !== should) complaints.push(`${what}: found ${is}, expected ${should}.`);
  };
  if (real.nonces.repeats.length > 0) complaints.push(`C2: nonces used twice: ${real.nonces.repeats.join(", ")}.`);
  await atRelay(model, real, { same, complaints });
  for (const side of model.sides) {
    const citizen = real.citizen(side.name);
    await citizen.drained();
    const about = { side, citizen, same, complaints, memory };
    await relationships(about);
    await requests(about);
    await leftovers(about);
  }
  return complaints;
}

interface About {
  readonly side: Side;
  readonly citizen: Citizen;
  readonly complaints: string[];
  readonly memory: Memory;
  same(what: string, found: unknown, wanted: unknown): void;
}

type Judge = Pick<About, "same" | "complaints">;

// R1 and O1: the relay has exactly what the commands asked for, each once.
async function atRelay(model: Model, real: Real, { same, complaints }: Judge): Promise<void> {
  const found = await real.relayDocuments<AtRelay>("relay/relationship");
  const brief = (log: readonly { reason: string }[]) => log.map(({ reason }) => reason);
  const summary = found.map(({ id, auditLog }) => [id, ...brief(auditLog)]);
  same(
    "O1, Relationships at the relay",
    summary,
    model.bonds.map(({ id, log }) => [id, ...brief(log)]),
  );
  for (const { id, auditLog } of found) chained(`relay, ${id}`, auditLog, complaints);
  const pairs = found
    .filter(({ auditLog }) => existingStatuses.includes(auditLog.at(-1)?.newStatus ?? ""))
    .map(({ from, to }) => [from, to].sort().join());
  if (new Set(pairs).size < pairs.length) complaints.push("R1: two Relationships of a pair exist at the relay.");
}

const existingStatuses = ["Pending", "Active", "Terminated", "DeletionProposed"];

// R3 and R4: what a side shows is what it has seen, its log is a chain, and it only ever grows.
async function relationships({ side, citizen, same, complaints, memory }: About): Promise<void> {
  const found = await citizen.documents<Relationship>("relationships");
  const wanted = [...side.views.keys()].map((bond) => {
    const log = seenBy(side, bond);
    return [bond.id, statusOf(log), ...log.map(({ by, reason }) => `${by === side.name ? "self" : "peer"} ${reason}`)];
  });
  const shown = found.map(({ id, status, peer, auditLog }) => [
    id,
    status,
    ...auditLog.map(({ createdBy, reason }) => `${createdBy === peer ? "peer" : "self"} ${reason}`),
  ]);
  same(`R2, Relationships of ${side.name}`, sorted(shown), sorted(wanted));
  for (const { id, status, auditLog } of found) {
    chained(`${side.name}, ${id}`, auditLog, complaints);
    if (auditLog.at(-1)?.newStatus !== status) complaints.push(`R4: ${id} of ${side.name} is not what its log says.`);
    const text = JSON.stringify(auditLog).slice(0, -1);
    const key = `${side.name} ${id}`;
    if (!text.startsWith(memory.logs.get(key) ?? "")) complaints.push(`R4: the log of ${id} at ${side.name} changed.`);
    memory.logs.set(key, text);
  }
  for (const { id, auditLog } of found) grewInEvents(`${side.name}, ${id}`, { id, auditLog, citizen }, complaints);
  const decided = new Set((await citizen.documents<{ entity: string }>("decisions")).map(({ entity }) => entity));
  for (const { id, peer, auditLog } of found) {
    const isMine = ({ createdBy, reason }: Audit) => createdBy !== peer && answers.includes(reason);
    const isForgotten = [...side.forgotten].some((bond) => bond.id === id);
    if (auditLog.some(isMine) && !decided.has(id) && !isForgotten)
      complaints.push(`Q3: nobody knows who decided ${id}.`);
  }
}

const answers = ["AcceptanceOfCreation", "RejectionOfCreation"];

function chained(what: string, log: readonly Audit[], complaints: string[]): void {
  let before: Audit | undefined;
  for (const entry of log) {
    const follows = before === undefined ? entry.oldStatus == null : entry.oldStatus === before.newStatus;
    const isLater = before === undefined || entry.createdAt > before.createdAt;
    if (!follows || !isLater) complaints.push(`R4: the log of ${what} is no chain at ${entry.reason}.`);
    before = entry;
  }
}

// O1: every growth of a log was told, none twice.
function grewInEvents(
  what: string,
  told: { id: string; auditLog: Audit[]; citizen: Citizen },
  complaints: string[],
): void {
  const lengths = told.citizen.published
    .filter(({ name, data }) => name === "transport.relationshipChanged" && data["id"] === told.id)
    .map(({ data }) => (data as unknown as Relationship).auditLog.length);
  const isGrowing = lengths.every((length, at) => at === 0 || length > (lengths[at - 1] ?? 0));
  if (!isGrowing || lengths.at(-1) !== told.auditLog.length) {
    complaints.push(`O1: ${what} has ${told.auditLog.length} entries, told were ${lengths.join()}.`);
  }
}

// Q1 and Q3.
async function requests({ side, citizen, same, complaints, memory }: About): Promise<void> {
  const found = await citizen.documents<Request>("requests");
  const brief = (log: readonly Change[]) => log.map(({ oldStatus, newStatus }) => `${oldStatus}>${newStatus}`);
  const shown = found.map(({ id, isOwn, status, statusLog }) => [id, isOwn, status, ...brief(statusLog)]);
  same(
    `Q1, LocalRequests of ${side.name}`,
    sorted(shown),
    sorted(side.asks.map(({ id, isOwn, status, log }) => [id, isOwn, status, ...log])),
  );
  const decided = new Set((await citizen.documents<{ entity: string }>("decisions")).map(({ entity }) => entity));
  for (const { id, isOwn, response, statusLog } of found) {
    const key = `${side.name} ${id}`;
    const text = response === undefined ? undefined : JSON.stringify(response.content);
    const before = memory.responses.get(key);
    if (before !== undefined && before !== text) complaints.push(`Q1: the Response to ${id} changed.`);
    if (text !== undefined) memory.responses.set(key, text);
    if (!isOwn && text !== undefined && !decided.has(id)) complaints.push(`Q3: nobody knows who decided ${id}.`);
    // One that arrives too late is told once, as received.
    const all = brief(statusLog).filter((change) => change !== "Open>Expired");
    const wanted = isOwn ? ownChanges(statusLog, citizen.published, id) : all;
    same(`O1, events about ${id} of ${side.name}`, changesTold(citizen.published, { id, isOwn }), wanted);
  }
}

function changesTold(published: readonly PublishedEvent[], { id, isOwn }: { id: string; isOwn: boolean }): string[] {
  const name = `consumption.${isOwn ? "outgoing" : "incoming"}RequestStatusChanged`;
  return published
    .filter((event) => event.name === name)
    .map(({ data }) => data as unknown as Change & { readonly request: { readonly id: string } })
    .filter(({ request }) => request.id === id)
    .map(({ oldStatus, newStatus }) => `${oldStatus}>${newStatus}`);
}

// One that a template's Response made is told at once as a whole; one that was completed late is told as if from Open.
function ownChanges(log: readonly Change[], published: readonly PublishedEvent[], id: string): string[] {
  const isMade = ({ name, data }: PublishedEvent) =>
    name === "consumption.outgoingRequestCreatedAndCompleted" && data["id"] === id;
  if (published.filter(isMade).length === 1) return [];
  return log.map(({ oldStatus, newStatus }) => `${newStatus === "Completed" ? "Open" : oldStatus}>${newStatus}`);
}

// Messages, and nothing that is stuck.
async function leftovers({ side, citizen, same }: About): Promise<void> {
  const messages = await citizen.documents<Message>("messages");
  const wanted = side.posts.map(({ id, from }) => [id, from === side.name]);
  same(`O1, Messages of ${side.name}`, sorted(messages.map(({ id, isOwn }) => [id, isOwn])), sorted(wanted));
  const told = citizen.published
    .filter(({ name }) => /message(Sent|Received)$/i.test(name))
    .map(({ data }) => data["id"]);
  if (new Set(told).size < told.length) same(`O1, Messages told to ${side.name}`, told, [...new Set(told)]);
  const intents = await citizen.documents<{ kind: string }>("intents");
  same(
    `open calls of ${side.name}`,
    intents.map(({ kind }) => kind).sort(),
    [...side.wishes.values()].map(({ kind }) => kind).sort(),
  );
  const open = new Set((await citizen.ids("intents")).map((entity) => `intent-${entity}`));
  const spare = (await citizen.ids("secrets")).filter((id) => id.startsWith("intent-") && !open.has(id));
  same(`keys of ${side.name} that nothing needs`, spare, []);
  same(`dead letters of ${side.name}`, await citizen.documents("deadletters"), []);
  same(`inbox marks of ${side.name}`, await citizen.documents("inbox"), []);
  const { length } = (await citizen.documents("sync")).filter((document) => "id" in document);
  same(`open sync runs of ${side.name}`, length, 0);
}

/** R2: both sides show the very same log, once everything has arrived. */
export async function differing(model: Model, real: Real): Promise<string[]> {
  const complaints: string[] = [];
  for (const bond of model.bonds) {
    const logs: string[] = [];
    for (const side of model.sides) {
      if (!side.views.has(bond)) continue;
      const mine = (await real.citizen(side.name).documents<Relationship>("relationships")).find(
        ({ id }) => id === bond.id,
      );
      logs.push(JSON.stringify([mine?.status, mine?.auditLog]));
    }
    if (new Set(logs).size > 1)
      complaints.push(`R2: ${bond.from} and ${peerIn(bond, bond.from)} differ on ${bond.id}.`);
  }
  for (const { name, inbox, wishes } of model.sides) {
    if (inbox.length + wishes.size > 0) complaints.push(`${name} is not done.`);
    const { address } = real.citizen(name).person.account;
    if ((await real.relayDocuments(`relay/event/${address}`)).length > 0)
      complaints.push(`${name} has events waiting.`);
  }
  return complaints;
}

function sorted(rows: readonly unknown[]): unknown[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}
